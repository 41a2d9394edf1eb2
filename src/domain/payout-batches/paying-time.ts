import { invariant } from '../../kernel/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { isWorkingTime, nextWorkingTime } from '../working-time/index.ts';
import type { PayingHours } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';

/** Whether people work where the organisation is. */
export function isPayingTime(
  { payoutRules, payoutSettings }: PayoutBatchDeps,
  { country }: Pick<Organisation, 'country'>,
  atMs: number,
): boolean {
  const working = payoutRules.workingTimes.get(country);
  invariant(working, `the working time of ${country} is known`);
  return isWorkingTime(working, atMs, payoutSettings.timeZone);
}

/** When a batch of these hours that is due at an instant is paid, as far as nothing else holds it: the next working hour, or at once. */
export function paidFrom(
  { payoutRules, payoutSettings }: PayoutBatchDeps,
  { country }: Pick<Organisation, 'country'>,
  { hours, atMs }: { hours: PayingHours; atMs: number },
): number {
  const working = payoutRules.workingTimes.get(country);
  invariant(working, `the working time of ${country} is known`);
  return hours === 'working-hours' ? nextWorkingTime(working, atMs, payoutSettings.timeZone) : atMs;
}
