import { In } from 'typeorm';
import { type OwnAccount, payoutsOutOfReachSince, requestPayout, TransferSchema } from '../../money/transfers/index.ts';
import { type Tx, transactMany } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { PayoutPurpose as OperatorPurpose } from '../../providers/operators/index.ts';
import { type Organisation, OrganisationSchema, ownAccountOf } from '../organisations/index.ts';
import type { PayoutPurpose } from '../payout-lists/index.ts';
import { type PauseReason, type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from './batch.ts';
import { ROWS_UNDER_WAY } from './batch-states.ts';
import { batchEvent, type PayoutBatchDeps } from './deps.ts';
import { moveBatch, moveRow } from './move-batch.ts';
import { isPayingTime } from './paying-time.ts';
import { planTelling } from './plan-batch.ts';
import { dropReplacing, hasPaid, replacedBy } from './replaced-rows.ts';
import { leaveOut } from './stop-batch.ts';
import { tellPeople } from './tell-people.ts';
import { withdrawRows } from './withdraw-rows.ts';

/** How soon the run looks again: while rows are decided, at the latest while none of those on their way is, and at the latest when all that is left is unknown or paused. */
const SOON_MS = 250;
const PATIENT_MS = 8_000;
const LATER_MS = 30_000;

/** How soon the first row of a run is looked at again, twice as late each time. */
const AT_ONCE_MS = 50;

const NOT_PAUSED = { pauseReason: null, pauseDetail: null, pausedAtMs: null };

interface Run {
  batchId: string;
  /** Of its first row. asked: it goes out alone. told: the operator took it or refused it for its own sake, or would not say: the others follow. */
  first?: 'asked' | 'told';
  /** What the last look saw, and how long it waited then. */
  seen?: string;
  waitedMs?: number;
}

/**
 * Work of `payout-batch.run`: hands the next rows to the operator's queue, as many as fit into the window, each by a transfer of its
 * own, committed with the row. It comes again until no row is open, and ends the batch then. A pause, a halt of the organisation or
 * the end of the working hours stop it between two commits. After each of them, as in the beginning, one row goes first: a credential
 * that the operator refuses is tried once, where a window of rows would have locked it.
 */
export async function runBatch(deps: PayoutBatchDeps, run: Run): Promise<Outcome> {
  const { batchId } = run;
  const { reader } = deps.database;
  const batch = await reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  if (!batch || (batch.state !== 'funded' && batch.state !== 'paying')) return undefined;
  const organisation = await reader.findOneByOrFail(OrganisationSchema, { id: batch.organisationId });
  const stop = stopOf(deps, batch, organisation);
  const counts = await countOpen(deps, batchId);
  const underWay = sumOf(counts, ROWS_UNDER_WAY);
  const ready = counts.get('ready') ?? 0;
  if (ready === 0 && underWay === 0) return finishIfDone(deps, batchId);
  if (batch.stopReason !== null) {
    if ((await leaveOut(deps, batchId)) > 0) return { again: { inMs: 0 } };
    return lookAgain(run, `stopped ${ready} ${underWay}`, PATIENT_MS);
  }
  if (stop) {
    await notePause(deps, batchId, stop);
    if ((counts.get('queued') ?? 0) > 0 && (await withdrawRows(deps, batchId, stop.reason)) > 0) {
      return { again: { inMs: SOON_MS, payload: { batchId } } };
    }
    // A person's pause ends this run: who resumes it begins another.
    return stop.reason === 'by-person' && underWay === 0
      ? undefined
      : { again: { inMs: LATER_MS, payload: { batchId } } };
  }
  const lostAtMs = await payoutsOutOfReachSince(deps, batch.operator);
  if (lostAtMs !== undefined) {
    // Those on their way keep their references, and one of them is tried now and then.
    await notePause(deps, batchId, OUT_OF_REACH);
    return { again: { inMs: LATER_MS, payload: { batchId } } };
  }
  if (batch.pauseReason === OUT_OF_REACH.reason && batch.pauseDetail === OUT_OF_REACH.detail) await goOn(deps, batchId);
  const unknown = counts.get('unknown') ?? 0;
  const moving = underWay - unknown;
  const isTried = run.first === 'told' || (run.first === 'asked' && moving === 0);
  if (!isTried && moving > 0) return lookAgain({ ...run, first: 'asked' }, `first ${moving}`, PATIENT_MS, AT_ONCE_MS);
  // Unknown ones keep their place: an operator that has fallen silent gets no more than the window of a batch.
  const most = isTried ? deps.payoutSettings.chunk : 1;
  const room = Math.min(deps.payoutSettings.window - underWay, most, ready);
  const next: Run = { batchId, first: isTried ? 'told' : 'asked' };
  if (ready > 0 && unknown >= deps.payoutSettings.window) {
    await notePause(deps, batchId, { reason: 'operator', detail: 'silent' });
  }
  if (room <= 0) {
    return lookAgain({ ...run, ...next }, `${ready} ${moving} ${unknown}`, moving > 0 ? PATIENT_MS : LATER_MS);
  }
  await handOver(deps, organisation, batchId, room);
  if (!isTried) return { again: { inMs: AT_ONCE_MS, payload: { ...next } } };
  return { again: { inMs: ready > room ? 0 : SOON_MS, payload: { ...next } } };
}

const OUT_OF_REACH = { reason: 'operator', detail: 'out-of-reach' } as const;

async function goOn(deps: PayoutBatchDeps, id: string): Promise<void> {
  const { reason: pauseReason, detail: pauseDetail } = OUT_OF_REACH;
  await deps.database.transaction((tx) => tx.update(PayoutBatchSchema, { id, pauseReason, pauseDetail }, NOT_PAUSED));
}

/** A result that was lost is asked about after minutes: until then each look waits twice as long as the one before that saw the same. */
function lookAgain({ seen, waitedMs = 0, ...run }: Run, now: string, longestMs: number, firstMs = SOON_MS): Outcome {
  const inMs = seen === now ? Math.min(2 * waitedMs, longestMs) : firstMs;
  return { again: { inMs, payload: { ...run, seen: now, waitedMs: inMs } } };
}

function stopOf(
  deps: PayoutBatchDeps,
  { pauseReason, pauseDetail, hours }: PayoutBatch,
  organisation: Organisation,
): { reason: PauseReason; detail: string } | undefined {
  if (pauseReason === 'by-person') return { reason: pauseReason, detail: pauseDetail ?? '' };
  const { state, haltReason } = organisation;
  if (state !== 'active') return { reason: 'organisation', detail: 'organisation.not-active' };
  if (haltReason !== null) return { reason: 'organisation', detail: 'organisation.halted' };
  if (hours === 'working-hours' && !isPayingTime(deps, organisation, deps.runtime.clock.now())) {
    return { reason: 'hours', detail: 'working-hours' };
  }
  return undefined;
}

async function notePause(
  deps: PayoutBatchDeps,
  id: string,
  { reason, detail }: { reason: PauseReason; detail: string },
): Promise<void> {
  const pausedAtMs = deps.runtime.clock.now();
  await deps.database.transaction(async (tx) => {
    const batch = await tx.lockOne(PayoutBatchSchema, { id });
    if (!batch || batch.pauseReason !== null) return;
    await tx.update(PayoutBatchSchema, { id }, { pauseReason: reason, pauseDetail: detail, pausedAtMs });
  });
}

/**
 * How many rows are on their way, by state, and how many are ready, of these no more than matter: the cost of a look does not grow with
 * the rows that are paid, nor with those that wait. From the index alone.
 */
async function countOpen({ database, payoutSettings }: PayoutBatchDeps, batchId: string): Promise<Map<string, number>> {
  const rows: { state: string; n: unknown }[] = await database.reader.query(
    `SELECT state, COUNT(*) AS n FROM payout_row
       WHERE batch_id = ? AND state IN (${ROWS_UNDER_WAY.map(() => '?').join(', ')}) GROUP BY state
     UNION ALL
     SELECT 'ready', COUNT(*) FROM
       (SELECT id FROM payout_row WHERE batch_id = ? AND state = 'ready' LIMIT ${payoutSettings.chunk + 1}) some`,
    [batchId, ...ROWS_UNDER_WAY, batchId],
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

const sumOf = (counts: Map<string, number>, states: readonly string[]) =>
  states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);

async function handOver(
  deps: PayoutBatchDeps,
  organisation: Organisation,
  batchId: string,
  most: number,
): Promise<void> {
  await transactMany(deps.database, async (tx) => {
    const locked = await tx.lockOne(PayoutBatchSchema, { id: batchId });
    if (!locked || (locked.state !== 'funded' && locked.state !== 'paying') || locked.pauseReason === 'by-person')
      return;
    if (locked.stopReason !== null) return;
    const now = deps.runtime.clock.now();
    const cause = { actor: 'service', reason: 'the first rows go out' };
    const batch =
      locked.state === 'paying'
        ? locked
        : await moveBatch(deps, tx, locked, 'paying', cause, { startedAtMs: locked.startedAtMs ?? now });
    if (locked.state !== 'paying') await planTelling(deps, tx, batchId);
    if (batch.pauseReason !== null) {
      await tx.update(PayoutBatchSchema, { id: batchId }, NOT_PAUSED);
    }
    await tx.flush();
    const rows = await tx.manager.find(PayoutRowSchema, {
      ...{ select: { id: true }, where: { batchId, state: 'ready' }, order: { rowNo: 'ASC' }, take: most },
    });
    const rowIds = rows.map(({ id }) => id);
    await tx.lockAll(PayoutRowSchema, 'id', rowIds);
    await tx.lockAll(TransferSchema, 'purposeId', rowIds);
    const ownAccount = ownAccountOf(organisation);
    for (const rowId of rowIds) await handOverOne(deps, tx, { batch, rowId, ownAccount });
  });
}

/** As the operator knows them. */
const KINDS: Readonly<Record<PayoutPurpose, OperatorPurpose>> = {
  salary: 'salary',
  'sales-incentive': 'business',
  promotion: 'promotion',
  dividend: 'business',
  refund: 'business',
};

interface HandedRow {
  batch: PayoutBatch;
  rowId: string;
  /** From the organisation's own paybill, where it has one. */
  ownAccount: OwnAccount | undefined;
}

async function handOverOne(deps: PayoutBatchDeps, tx: Tx, { batch, rowId, ownAccount }: HandedRow): Promise<void> {
  const row = await tx.lockOne(PayoutRowSchema, { id: rowId });
  if (row?.state !== 'ready') return;
  const after = await replacedBy(tx, row);
  const transfer = await requestPayout(deps, tx, {
    ...{ operator: batch.operator, purposeId: row.id, recipient: row.msisdn, kind: KINDS[batch.purpose] },
    turn: batch.purpose === 'refund' ? 'first' : 'later',
    amount: { amountMinor: row.amountMinor, currency: row.currency },
    remarks: batch.number,
    ...{ after, ownAccount },
  });
  if (!transfer && (await hasPaid(tx, after))) return dropReplacing(deps, tx, batch, row);
  // An earlier attempt has paid after all, and the news is still on its way: it decides the row. The others of the chunk do not wait for it.
  if (!transfer) return;
  await moveRow(deps, tx, row, 'queued', { actor: 'service', reason: transfer.reference }, { transferId: transfer.id });
}

/** No row is open: paid, or partly. */
async function finishIfDone(deps: PayoutBatchDeps, batchId: string): Promise<Outcome> {
  return deps.database.transaction(async (tx) => {
    const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
    if (batch?.state !== 'paying') return undefined;
    const where = { batchId, state: In(['ready', ...ROWS_UNDER_WAY]) };
    // Looked at again behind the lock: a row may have come back to the queue meanwhile.
    if ((await tx.manager.countBy(PayoutRowSchema, where)) > 0) return { again: { inMs: SOON_MS } };
    const missed = await tx.manager.countBy(PayoutRowSchema, { batchId, state: In(['failed', 'reversed']) });
    const leftOut = batch.leftOutRows ?? 0;
    const to = missed > 0 || leftOut > 0 ? 'partly-paid' : 'paid';
    const fell = missed > 0 ? `${missed} rows were not paid` : 'every row was paid';
    const cause = { actor: 'service', reason: leftOut > 0 ? `stopped: ${batch.stopReason}` : fell };
    const finishedAtMs = deps.runtime.clock.now();
    await moveBatch(deps, tx, batch, to, cause, { finishedAtMs, ...NOT_PAUSED });
    if (missed > 0) await tellPeople(deps, tx, batch, 'failed', finishedAtMs);
    const key = `${batchId}:${finishedAtMs}`;
    await deps.outbox.emit(tx, { topic: batchEvent.finished, key, payload: { batchId } });
    return undefined;
  });
}
