import { businessDay, startOfDay } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import type { PayoutBatchDeps } from './deps.ts';

/** Of one that was given up nothing is paid; of one that was stopped for good, what failed or was left out never is. */
const TAKEN = `SELECT SUM(CASE WHEN b.stop_reason IS NULL THEN b.total_minor ELSE (
    SELECT COALESCE(SUM(r.amount_minor), 0) FROM payout_row r WHERE r.batch_id = b.id AND r.state NOT IN ('excluded', 'failed')
  ) END) AS total
  FROM payout_batch b WHERE b.organisation_id = ? AND b.reserved_at >= ? AND b.state <> 'cancelled'`;

/** How much of the day's limit is left, below zero when it was lowered since. The organisation is locked. */
export async function leftOfDay(deps: PayoutBatchDeps, tx: Tx, organisation: Organisation): Promise<bigint> {
  const fromMs = startOfDay(deps.runtime.clock.now(), deps.payoutSettings.timeZone);
  const [row] = await tx.manager.query(TAKEN, [organisation.id, fromMs]);
  return organisation.mostDayMinor - BigInt(String(row?.total ?? 0)) - retriedToday(deps, organisation);
}

/** What is paid again of a batch of an earlier day is of today; that of a batch of today was counted with it. */
export async function takeRetryOfDay(
  deps: PayoutBatchDeps,
  tx: Tx,
  organisation: Organisation,
  minor: bigint,
): Promise<void> {
  const retried = { retriedDay: today(deps), retriedMinor: retriedToday(deps, organisation) + minor };
  await tx.update(OrganisationSchema, { id: organisation.id }, retried);
}

function retriedToday(deps: PayoutBatchDeps, { retriedDay, retriedMinor }: Organisation): bigint {
  return retriedDay === today(deps) ? (retriedMinor ?? 0n) : 0n;
}

const today = ({ runtime, payoutSettings }: PayoutBatchDeps): string =>
  businessDay(runtime.clock.now(), payoutSettings.timeZone);
