import { Refusal } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { transactMany, type UnitOfWork } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { actorText } from './make-batch.ts';
import { moveBatch, moveRow, recordBatchEvent } from './move-batch.ts';
import { planRun } from './plan-batch.ts';
import { lockBatch } from './submit-batch.ts';
import { withdrawRows } from './withdraw-rows.ts';

/**
 * Ends a batch that is being paid: from the commit on nothing more of it is handed over, and that is never taken back. Its run leaves out what
 * was not sent (`leaveOut`); what the operator may have ends as it ends. Refuses with `batch.not-found` and `batch.state`.
 */
export function stopBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, reason }: { batchId: string; organisationId: string; reason: string },
): Promise<void> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.state !== 'funded' && batch.state !== 'paying') throw new Refusal('batch.state', { state: batch.state });
    if (batch.stopReason !== null) return;
    const stopped = { stopReason: reason.slice(0, 255), ...{ pauseReason: null, pauseDetail: null } };
    const patch = { ...stopped, pausedBy: null, pausedAtMs: null };
    const cause = { actor: actorText(actor), reason: `stopped: ${reason}` };
    // Given up it can be no more: what is set aside for it goes back row by row.
    if (batch.state === 'funded') await moveBatch(deps, tx, batch, 'paying', cause, patch);
    else {
      await tx.update(PayoutBatchSchema, { id: batchId }, patch);
      await recordBatchEvent(deps, tx, batchId, batch.state, batch.state, cause);
    }
    await planRun(deps, tx, batchId);
    await recordAct(deps, tx, { actor, act: 'batch.stopped', subject: { kind: 'payout-batch', id: batchId }, reason });
  });
}

const LEFT_OUT_TOGETHER = 1_000;

/**
 * Of a batch that was stopped: takes back what is queued and has not gone out, takes as many rows out as one commit does, and gives their money
 * back in it. Returns how many rows it changed; the run comes again until that is none and nothing is under way.
 */
export async function leaveOut(deps: PayoutBatchDeps, batchId: string): Promise<number> {
  const withdrawn = await withdrawRows(deps, batchId, 'stopped');
  return withdrawn + (await transactMany(deps.database, (tx) => leaveSomeOut(deps, tx, batchId)));
}

async function leaveSomeOut(deps: PayoutBatchDeps, tx: UnitOfWork, batchId: string): Promise<number> {
  const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
  if (batch?.state !== 'paying' || batch.stopReason === null) return 0;
  const found = await tx.manager.find(PayoutRowSchema, {
    ...{ select: { id: true }, where: { batchId, state: 'ready' }, order: { rowNo: 'ASC' }, take: LEFT_OUT_TOGETHER },
  });
  const rowIds = found.map(({ id }) => id);
  await tx.lockAll(PayoutRowSchema, 'id', rowIds);
  const cause = { actor: 'service', reason: `stopped: ${batch.stopReason}` };
  let [rows, totalMinor] = [0, 0n];
  for (const id of rowIds) {
    const row = await tx.lockOne(PayoutRowSchema, { id });
    if (row?.state !== 'ready') continue;
    await moveRow(deps, tx, row, 'excluded', cause);
    rows += 1;
    totalMinor += row.amountMinor;
  }
  if (rows > 0) await giveBackLeftOut(deps, tx, batch, { rows, totalMinor });
  return rows;
}

async function giveBackLeftOut(
  deps: PayoutBatchDeps,
  tx: UnitOfWork,
  { id, organisationId, operator, currency, ...before }: PayoutBatch,
  { rows, totalMinor }: { rows: number; totalMinor: bigint },
): Promise<void> {
  await postEntry(deps, tx, {
    ...{ kind: 'payouts-stopped', subjectId: deps.runtime.ids.next() },
    movements: [
      {
        debit: ledgerAccount.reserved(operator),
        credit: ledgerAccount.organisation(organisationId),
        amount: { amountMinor: totalMinor, currency },
      },
    ],
  });
  await tx.update(
    PayoutBatchSchema,
    { id },
    {
      ...{ rows: before.rows - rows, totalMinor: before.totalMinor - totalMinor },
      leftOutRows: (before.leftOutRows ?? 0) + rows,
      leftOutMinor: (before.leftOutMinor ?? 0n) + totalMinor,
    },
  );
}
