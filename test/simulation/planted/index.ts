import { MONEY_BUGS } from './money-bugs.ts';
import { PAYOUT_BUGS } from './payout-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { RECURRING_BUGS } from './recurring-bugs.ts';
import { REFUND_BUGS } from './refund-bugs.ts';
import { WORK_BUGS } from './work-bugs.ts';

export type { PlantedBug } from './planted-bug.ts';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...MONEY_BUGS,
  ...REFUND_BUGS,
  ...PAYOUT_BUGS,
  ...RECURRING_BUGS,
  ...WORK_BUGS,
];

export function plantedBug(name: string): PlantedBug {
  const bug = PLANTED_BUGS.find((one) => one.name === name);
  if (!bug) throw new Error(`no planted bug is called ${name}`);
  return bug;
}
