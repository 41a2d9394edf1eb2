import { invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import { isWorkingTime, nextWorkingTime, type WorkingTime } from '../working-time/index.ts';
import type { PayingHours } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { nextDue, type ScheduleRule } from './schedule-rule.ts';

/** When people work where the organisation is. */
export function workingTimeOf(
  { payoutRules }: Pick<PayoutBatchDeps, 'payoutRules'>,
  { country }: Pick<Organisation, 'country'>,
): WorkingTime {
  const working = payoutRules.workingTimes.get(country);
  invariant(working, `the working time of ${country} is known`);
  return working;
}

/** Whether people work where the organisation is. */
export function isPayingTime(
  { payoutRules, payoutSettings }: PayoutBatchDeps,
  { country }: Pick<Organisation, 'country'>,
  atMs: number,
): boolean {
  return isWorkingTime(workingTimeOf({ payoutRules }, { country }), atMs, payoutSettings.timeZone);
}

/** When a batch of these hours that is due at an instant is paid, as far as nothing else holds it: the next working hour, or at once. */
export function paidFrom(
  { payoutRules, payoutSettings }: PayoutBatchDeps,
  { country }: Pick<Organisation, 'country'>,
  { hours, atMs }: { hours: PayingHours; atMs: number },
): number {
  const working = workingTimeOf({ payoutRules }, { country });
  return hours === 'working-hours' ? nextWorkingTime(working, atMs, payoutSettings.timeZone) : atMs;
}

/** When a schedule of the organisation is due next. */
export async function dueAfter(
  deps: PayoutBatchDeps,
  tx: Tx,
  { organisationId, rule }: { organisationId: string; rule: ScheduleRule },
  afterMs: number,
): Promise<number | null> {
  const organisation = await tx.findOne(OrganisationSchema, { id: organisationId });
  invariant(organisation, 'a schedule has an organisation');
  const { timeZone } = deps.payoutSettings;
  return nextDue(rule, afterMs, { timeZone, working: workingTimeOf(deps, organisation) });
}
