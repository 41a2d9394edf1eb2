import { In, IsNull } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { recordAct } from '../audit/index.ts';
import { assertMayPay, lockOrganisation, type Organisation } from '../organisations/index.ts';
import { needOf, type PauseReason, type PayoutBatch, PayoutBatchSchema } from './batch.ts';
import { contentHashOf, hashOfRows } from './check-batch.ts';
import { leftOfDay } from './day-limit.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { countIn } from './make-batch.ts';
import { moveBatch } from './move-batch.ts';
import { isPayingTime } from './paying-time.ts';
import { planFunding, planRun } from './plan-batch.ts';
import { balanceOf, reserve } from './reserve-batch.ts';
import { tellPeople, waitsForOf } from './tell-people.ts';

/** What keeps an approved batch from being paid now. */
interface Hindrance {
  reason: PauseReason;
  detail: string;
}

/**
 * Work of `payout-batch.fund`: sets the money of an approved batch aside, whole, when its time has come and there is enough, under the
 * lock of the organisation; else notes what is missing and leaves it approved. What was approved is compared with what is there first.
 */
export async function fundBatch(deps: PayoutBatchDeps, { batchId }: { batchId: string }): Promise<void> {
  const known = await deps.database.reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  // Whose content differs waits for a person: it is not hashed every minute for ever.
  if (known?.state !== 'approved' || known.pauseReason === 'content') return;
  // A list of a hundred thousand is not hashed every minute while it waits for its money.
  if (await isHindered(deps, known)) return;
  const rowsHash = await hashOfRows(deps.database, known);
  await deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, known.organisationId);
    const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
    if (batch?.state !== 'approved' || batch.pauseReason === 'by-person') return;
    const found = { hash: contentHashOf(rowsHash, batch), ...(await countIn(tx, batchId)) };
    if (!isAsApproved(batch, found)) return noteOtherContent(deps, tx, batch, found);
    const hindrance = await hindranceOf(deps, tx, organisation, batch);
    if (hindrance) return void (await noteHindrance(deps, tx, batch, hindrance));
    await reserve(deps, tx, batch);
    const now = deps.runtime.clock.now();
    const cause = { actor: 'service', reason: 'its money is set aside' };
    const free = { pauseReason: null, pauseDetail: null, pausedAtMs: null };
    const funded = await moveBatch(deps, tx, batch, 'funded', cause, { reservedAtMs: now, ...free });
    await planRun(deps, tx, funded.id);
  });
}

async function isHindered(deps: PayoutBatchDeps, { id, organisationId }: PayoutBatch): Promise<boolean> {
  return deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const batch = await tx.lockOne(PayoutBatchSchema, { id });
    if (batch?.state !== 'approved' || batch.pauseReason === 'by-person') return true;
    const hindrance = await hindranceOf(deps, tx, organisation, batch);
    if (hindrance) await noteHindrance(deps, tx, batch, hindrance);
    return hindrance !== undefined;
  });
}

async function hindranceOf(
  deps: PayoutBatchDeps,
  tx: Tx,
  organisation: Organisation,
  batch: PayoutBatch,
): Promise<Hindrance | undefined> {
  const { clock } = deps.runtime;
  const now = clock.now();
  if (batch.notBeforeMs !== null && batch.notBeforeMs > now) return { reason: 'hours', detail: 'not-before' };
  if (batch.hours === 'working-hours' && !isPayingTime(deps, organisation, now)) {
    return { reason: 'hours', detail: 'working-hours' };
  }
  try {
    await assertMayPay(tx, organisation);
  } catch (error) {
    if (error instanceof Refusal) return { reason: 'organisation', detail: error.code };
    throw error;
  }
  if (batch.totalMinor > (await leftOfDay(deps, tx, organisation))) {
    return { reason: 'organisation', detail: 'day-limit' };
  }
  const missing = needOf(batch) - (await balanceOf(tx, organisation));
  return missing > 0n ? { reason: 'float', detail: String(missing) } : undefined;
}

interface Found {
  hash: string;
  /** Counted in the rows, not read from the batch. */
  rows: number;
  totalMinor: bigint;
}

function isAsApproved({ contentHash, rows, totalMinor }: PayoutBatch, found: Found): boolean {
  return contentHash === found.hash && rows === found.rows && totalMinor === found.totalMinor;
}

/**
 * Somebody has changed rows or totals beside the service: nothing of it is paid, and people see it. It is looked at again when a person lets
 * it go on, or agreed to anew after it was taken back.
 */
async function noteOtherContent(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch, found: Found): Promise<void> {
  const { id, organisationId: scope, contentHash, rows, totalMinor } = batch;
  deps.log.error(
    { batchId: id, approved: contentHash, found: found.hash },
    'a batch is not what was approved: not paid',
  );
  await noteHindrance(deps, tx, batch, { reason: 'content', detail: 'not-as-approved' });
  await recordAct(deps, tx, {
    actor: { kind: 'service', id: 'payouts', address: '', scope },
    ...{ act: 'batch.not-as-approved', subject: { kind: 'payout-batch', id } },
    ...{ before: { hash: contentHash, rows, totalMinor }, after: { ...found } },
  });
}

async function noteHindrance(
  deps: PayoutBatchDeps,
  tx: Tx,
  { id, version, pauseReason, pauseDetail }: PayoutBatch,
  { reason, detail }: Hindrance,
): Promise<void> {
  if (pauseReason === reason && pauseDetail === detail) return;
  const pausedAtMs = deps.runtime.clock.now();
  await tx.update(PayoutBatchSchema, { id }, { pauseReason: reason, pauseDetail: detail, pausedAtMs });
  const waitsFor = waitsForOf(reason, detail);
  if (waitsFor) await tellPeople(deps, tx, { id }, waitsFor, version);
}

const MOST_WAITING = 500;

/** Money came, a halt ended, a minute passed: approved batches are looked at again, the longest approved first. A job, and an event. */
export async function lookAtWaiting(deps: PayoutBatchDeps, organisationId?: string): Promise<number> {
  const where = { state: 'approved' as const, ...(organisationId ? { organisationId } : {}) };
  const waiting = await deps.database.reader.find(PayoutBatchSchema, {
    ...{ select: { id: true, pauseReason: true }, where, order: { approvedAtMs: 'ASC' }, take: MOST_WAITING },
  });
  for (const { id, pauseReason } of waiting) {
    if (pauseReason === 'by-person') continue;
    await deps.database.transaction((tx) => planFunding(deps, tx, id));
  }
  return waiting.length;
}

/** What was halted or out of its hours goes on by itself: the work of a run looks again. */
export async function resumeRuns(deps: PayoutBatchDeps, organisationId: string): Promise<void> {
  const paused = await deps.database.reader.find(PayoutBatchSchema, {
    select: { id: true },
    where: { organisationId, state: In(['funded', 'paying']), pauseReason: In(['organisation', 'float', 'operator']) },
    take: MOST_WAITING,
  });
  for (const { id } of paused) {
    await deps.database.transaction(async (tx) => {
      const batch = await tx.lockOne(PayoutBatchSchema, { id, pausedBy: IsNull() });
      if (!batch) return;
      await tx.update(PayoutBatchSchema, { id }, { pauseReason: null, pauseDetail: null, pausedAtMs: null });
      await planRun(deps, tx, id);
    });
  }
}
