import { businessDay, startOfDay } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import type { PayoutBatchDeps } from './deps.ts';

/** How much of the day's limit is left, below zero when it was lowered since. The organisation is locked. */
export async function leftOfDay(deps: PayoutBatchDeps, tx: Tx, organisation: Organisation): Promise<bigint> {
  const fromMs = startOfDay(deps.runtime.clock.now(), deps.payoutSettings.timeZone);
  const [row] = await tx.manager.query(
    'SELECT SUM(total_minor) AS total FROM payout_batch WHERE organisation_id = ? AND reserved_at >= ?',
    [organisation.id, fromMs],
  );
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
