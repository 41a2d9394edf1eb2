import { In } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { lockTransfer, payoutsOf } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { lockOrganisation } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';
import type { Maker, PayoutBatchDeps } from './deps.ts';
import { actorText, addRowsWithin, countIn, createBatchWithin, type NewRow, withMaker } from './make-batch.ts';
import { lockRows, moveRow, recordBatchEvent } from './move-batch.ts';
import { planFunding, planRun } from './plan-batch.ts';
import { lockBatch } from './submit-batch.ts';

interface Which {
  batchId: string;
  organisationId: string;
}

const HELD = ['approved', 'funded', 'paying'];

/** Nothing more is handed over, and what was and has not gone out is taken back; what the operator may have ends as it ends. Refuses with `batch.not-found`, `batch.state` and `batch.stopped`. */
export function pauseBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, reason }: Which & { reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (!HELD.includes(batch.state)) throw new Refusal('batch.state', { state: batch.state });
    if (batch.stopReason !== null) throw new Refusal('batch.stopped');
    if (batch.pauseReason === 'by-person') return batch;
    const paused = {
      ...{ pauseReason: 'by-person' as const, pauseDetail: reason.slice(0, 255), pausedBy: actor.id },
      pausedAtMs: deps.runtime.clock.now(),
    };
    await tx.update(PayoutBatchSchema, { id: batchId }, paused);
    if (batch.state === 'paying') await planRun(deps, tx, batchId);
    const cause = { actor: actorText(actor), reason: `paused: ${reason}` };
    await recordBatchEvent(deps, tx, batchId, batch.state, batch.state, cause);
    await recordAct(deps, tx, { actor, act: 'batch.paused', subject: { kind: 'payout-batch', id: batchId }, reason });
    return { ...batch, ...paused };
  });
}

/** Goes on. Refuses with `batch.not-found`, `batch.not-paused` and `batch.stopped`. */
export function resumeBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, reason }: Which & { reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.stopReason !== null && HELD.includes(batch.state)) throw new Refusal('batch.stopped');
    if (batch.pauseReason === null || !HELD.includes(batch.state)) throw new Refusal('batch.not-paused');
    const free = { pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null };
    await tx.update(PayoutBatchSchema, { id: batchId }, free);
    await (batch.state === 'approved' ? planFunding(deps, tx, batchId) : planRun(deps, tx, batchId));
    const cause = { actor: actorText(actor), reason: `resumed: ${reason}` };
    await recordBatchEvent(deps, tx, batchId, batch.state, batch.state, cause);
    await recordAct(deps, tx, { actor, act: 'batch.resumed', subject: { kind: 'payout-batch', id: batchId }, reason });
    return { ...batch, ...free };
  });
}

/**
 * Rows that were not paid, with another number, name or amount: they leave their batch and become a draft of their own, which is
 * checked and approved as any other, by people who did not change it. A row that was paid is among them only when its money is back.
 * Refuses with `batch.not-found`, `batch.state` and `batch.row`.
 */
export function replaceRows(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  {
    batchId,
    organisationId,
    changes,
    reason,
  }: Which & { changes: ReadonlyMap<number, Partial<NewRow>>; reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.state !== 'partly-paid' && batch.state !== 'closed') {
      throw new Refusal('batch.state', { state: batch.state });
    }
    const found = await tx.manager.find(PayoutRowSchema, {
      ...{ where: { batchId, rowNo: In([...changes.keys()]) }, order: { rowNo: 'ASC' } },
    });
    const rows = await lockRows(tx, found, ['failed', 'reversed']);
    for (const row of rows) if (row.state === 'failed') await refusePaid(tx, row);
    if (rows.length === 0 || rows.length !== changes.size) throw new Refusal('batch.row');
    const cause = { actor: actorText(actor), reason: `taken over: ${reason}` };
    for (const row of rows) await moveRow(deps, tx, row, 'excluded', cause);
    await tx.update(PayoutBatchSchema, { id: batchId }, await countIn(tx, batchId));
    const { name, purpose, hours } = batch;
    const next = await createBatchWithin(deps, tx, actor, organisation, maker, {
      ...{ name: `${name} (2)`.slice(0, 80), purpose, hours, previousId: batchId },
    });
    const changed = rows.map((row) => newRowOf(row, changes.get(row.rowNo) ?? {}));
    const patch = {
      ...(await addRowsWithin(deps, tx, next, changed)),
      titles: batch.titles,
      ...withMaker(next, maker),
    };
    await tx.update(PayoutBatchSchema, { id: next.id }, patch);
    await recordAct(deps, tx, {
      ...{ actor, act: 'batch.rows-replaced', subject: { kind: 'payout-batch', id: batchId }, reason },
      after: { rows: rows.map(({ rowNo }) => rowNo), batchId: next.id },
    });
    return { ...next, ...patch };
  });
}

/** Proof that it was paid after all may have been booked, and the news of it be on its way to the row. */
async function refusePaid(tx: Tx, { id }: PayoutRow): Promise<void> {
  for (const transfer of await payoutsOf(tx, id)) {
    const locked = await lockTransfer(tx, transfer);
    if (locked.state !== 'failed') throw new Refusal('batch.row');
  }
}

/** Of a row that failed proof may still come. One that was paid has its money back: that is over. */
function newRowOf(
  { id, state, msisdn, amountMinor, name, reference, extra }: PayoutRow,
  change: Partial<NewRow>,
): NewRow {
  const replacesRowId = state === 'failed' ? id : null;
  return { msisdn, amountMinor, name, reference, extra, ...change, replacesRowId };
}
