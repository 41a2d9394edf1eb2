import type { EndedWorld } from '../world/world.ts';
import type { Check, Finding } from './check.ts';
import { claimChecks } from './claim-checks.ts';
import { type Facts, readFacts } from './facts.ts';
import { moneyChecks } from './money-checks.ts';
import { payoutChecks } from './payout-checks.ts';
import { peopleChecks } from './people-checks.ts';
import { refundChecks } from './refund-checks.ts';
import { scheduleChecks } from './schedule-checks.ts';
import { secretChecks } from './secret-checks.ts';
import { storyChecks } from './story-checks.ts';

/** In the order in which they are looked at: the first that breaks is named. */
export const CHECKS: readonly Check[] = [
  ...storyChecks,
  ...moneyChecks,
  ...refundChecks,
  ...claimChecks,
  ...scheduleChecks,
  ...payoutChecks,
  ...peopleChecks,
  ...secretChecks,
];

export interface Verdict {
  broken: { check: string; promise: string; findings: Finding[] }[];
  facts: Facts | undefined;
}

export async function judge(world: EndedWorld): Promise<Verdict> {
  if (!world.database) {
    const findings = [{ text: ['the process never came up again', ...world.bugs].join('\n'), about: [] }];
    return { broken: [{ check: 'alive', promise: 'the process starts again', findings }], facts: undefined };
  }
  const facts = await readFacts(world, world.database);
  const looked = CHECKS.map(({ name, promise, look }) => ({ check: name, promise, findings: look(facts) }));
  return { broken: looked.filter(({ findings }) => findings.length > 0), facts };
}
