import { In } from 'typeorm';
import { Refusal, startOfDay } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { transactMany, type UnitOfWork } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { assertMayPay, lockOrganisation, type Organisation } from '../organisations/index.ts';
import { type PayoutBatch, PayoutRowSchema } from './batch.ts';
import { leftOfDay, takeRetryOfDay } from './day-limit.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { actorText } from './make-batch.ts';
import { moveBatch, moveRow } from './move-batch.ts';
import { planRun, planTelling } from './plan-batch.ts';
import { balanceOf } from './reserve-batch.ts';
import { lockBatch } from './submit-batch.ts';

interface Retry {
  batchId: string;
  organisationId: string;
  rowNos: readonly number[] | 'all';
  reason: string;
}

const TOGETHER = 1_000;

/**
 * Pays rows whose failure is proven once more, unchanged: a new attempt each. Their money is set aside again, and is of this day's limit
 * unless their batch was. Refuses with `batch.not-found`, `batch.state`, `batch.stopped`, `batch.row` (none of them failed), `batch.float` (`{missing}`),
 * `batch.day-limit` (`{left}`) and as `assertMayPay` does; then none of them is paid again.
 */
export async function retryRows(deps: PayoutBatchDeps, actor: Actor, wanted: Retry): Promise<number> {
  let all = 0;
  for (;;) {
    const { looked, rows } = await retrySome(deps, actor, wanted, all === 0);
    all += rows;
    if (looked < TOGETHER) return all;
  }
}

function retrySome(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, rowNos, reason }: Retry,
  isFirst: boolean,
): Promise<{ looked: number; rows: number }> {
  return transactMany(deps.database, async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    await assertMayPay(tx, organisation);
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.state !== 'partly-paid' && batch.state !== 'paying') {
      throw new Refusal('batch.state', { state: batch.state });
    }
    if (batch.stopReason !== null) throw new Refusal('batch.stopped');
    const where = { batchId, state: 'failed' as const, ...(rowNos === 'all' ? {} : { rowNo: In([...rowNos]) }) };
    const found = await tx.manager.find(PayoutRowSchema, {
      ...{ select: { id: true }, where, order: { rowNo: 'ASC' as const }, take: TOGETHER },
    });
    const looked = found.length;
    if (looked === 0 && !isFirst) return { looked, rows: 0 };
    if (looked === 0) throw new Refusal('batch.row');
    // All that was asked for, before the first of many commits: whoever hears no must not find half of it done.
    const whole = BigInt((await tx.manager.sum(PayoutRowSchema, 'amountMinor' as never, where)) ?? 0);
    await refuseTooMuch(deps, tx, organisation, batch, whole);
    const taken = await takeAgain(deps, tx, batch, { rowIds: found.map(({ id }) => id), actor, reason });
    if (!isOfToday(deps, batch)) await takeRetryOfDay(deps, tx, organisation, taken.amountMinor);
    return { looked, rows: taken.rows };
  });
}

const isOfToday = ({ runtime, payoutSettings }: PayoutBatchDeps, { reservedAtMs }: PayoutBatch): boolean =>
  reservedAtMs !== null && reservedAtMs >= startOfDay(runtime.clock.now(), payoutSettings.timeZone);

async function refuseTooMuch(
  deps: PayoutBatchDeps,
  tx: UnitOfWork,
  organisation: Organisation,
  batch: PayoutBatch,
  amountMinor: bigint,
): Promise<void> {
  const { currency } = batch;
  const missing = amountMinor - (await balanceOf(tx, organisation));
  if (missing > 0n) throw new Refusal('batch.float', { missing: { amountMinor: missing, currency } });
  if (isOfToday(deps, batch)) return;
  const left = await leftOfDay(deps, tx, organisation);
  if (amountMinor > left) {
    throw new Refusal('batch.day-limit', { left: { amountMinor: left > 0n ? left : 0n, currency } });
  }
}

/** How many they are, and how much in all. */
async function takeAgain(
  deps: PayoutBatchDeps,
  tx: UnitOfWork,
  batch: PayoutBatch,
  { rowIds, actor, reason }: { rowIds: readonly string[]; actor: Actor; reason: string },
): Promise<{ rows: number; amountMinor: bigint }> {
  const { id: batchId, organisationId, operator, currency } = batch;
  const cause = { actor: actorText(actor), reason: `paid again: ${reason}` };
  await tx.lockAll(PayoutRowSchema, 'id', rowIds);
  let rows = 0;
  let amountMinor = 0n;
  for (const id of rowIds) {
    const row = await tx.lockOne(PayoutRowSchema, { id });
    // News of its payout takes a row without its batch.
    if (row?.state !== 'failed') continue;
    await moveRow(deps, tx, row, 'ready', cause);
    rows += 1;
    amountMinor += row.amountMinor;
  }
  if (rows === 0) throw new Refusal('batch.row');
  await postEntry(deps, tx, {
    ...{ kind: 'payouts-reserved-again', subjectId: deps.runtime.ids.next() },
    movements: [
      {
        debit: ledgerAccount.organisation(organisationId),
        credit: ledgerAccount.reserved(operator),
        amount: { amountMinor, currency },
      },
    ],
  });
  if (batch.state === 'partly-paid') await moveBatch(deps, tx, batch, 'paying', cause, { finishedAtMs: null });
  await planTelling(deps, tx, batchId);
  await planRun(deps, tx, batchId);
  await recordAct(deps, tx, {
    ...{ actor, act: 'batch.rows-again', subject: { kind: 'payout-batch', id: batchId }, reason },
    after: { rows, totalMinor: amountMinor },
  });
  return { rows, amountMinor };
}
