import { type Msisdn, newReference, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { PayoutListSchema, type PayoutPurpose } from '../payout-lists/index.ts';
import {
  makersOfBatch,
  type PayingHours,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
} from './batch.ts';
import { type Maker, makerIds, type PayoutBatchDeps } from './deps.ts';
import { recordBatchEvent } from './move-batch.ts';

export interface NewBatch {
  /** Made beforehand by who must find it again: two under one id are one. */
  id?: string;
  name: string;
  purpose: PayoutPurpose;
  hours: PayingHours;
  notBeforeMs?: number | null;
  previousId?: string | null;
  scheduleId?: string | null;
}

/** An empty draft. Refuses with `batch.malformed-name` and `batch.purpose` (not of this organisation's). */
export function createBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  organisation: Organisation,
  maker: Maker,
  input: NewBatch,
): Promise<PayoutBatch> {
  return deps.database.transaction((tx) => createBatchWithin(deps, tx, actor, organisation, maker, input));
}

export async function createBatchWithin(
  deps: PayoutBatchDeps,
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  maker: Maker,
  { id, name: written, purpose, hours, notBeforeMs = null, previousId = null, scheduleId = null }: NewBatch,
): Promise<PayoutBatch> {
  const { ids, clock, chance } = deps.runtime;
  const name = written.trim().replace(/\s+/g, ' ');
  if (name.length < 2 || name.length > 80) throw new Refusal('batch.malformed-name');
  if (!organisation.purposes.split(' ').includes(purpose)) throw new Refusal('batch.purpose', { purpose });
  const blank = { titles: null, contentHash: null, hashForm: null, listId: null, approvalId: null, reservedAtMs: null };
  const paused = { pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null };
  const stopped = { stopReason: null, leftOutRows: null, leftOutMinor: null };
  const times = { submittedAtMs: null, approvedAtMs: null, startedAtMs: null, finishedAtMs: null, closedAtMs: null };
  const batch: PayoutBatch = {
    ...{ id: id ?? ids.next(), organisationId: organisation.id, number: `B${newReference(chance).slice(1)}`, name },
    ...{ purpose, currency: organisation.currency, operator: organisation.operator, state: 'draft', version: 1 },
    ...{ previousId, scheduleId, rows: 0, totalMinor: 0n, chargesMinor: 0n, feeMinor: 0n, taxMinor: 0n },
    ...{
      makers: JSON.stringify(makerIds(maker)),
      hours,
      notBeforeMs,
      createdAtMs: clock.now(),
      ...blank,
      ...paused,
      ...stopped,
      ...times,
    },
  };
  if (!(await tx.insertOnce(PayoutBatchSchema, batch))) {
    const known = await tx.findOne(PayoutBatchSchema, { id: batch.id });
    if (known?.organisationId !== organisation.id) throw new Error('no free number was drawn');
    return known;
  }
  await recordBatchEvent(deps, tx, batch.id, 'none', 'draft', { actor: actorText(actor), reason: name });
  await recordAct(deps, tx, {
    ...{ actor, act: 'batch.created', subject: { kind: 'payout-batch', id: batch.id } },
    after: { number: batch.number, name, purpose },
  });
  return batch;
}

/** The service itself has no name of its own: what it did, it did by itself. */
export const actorText = ({ kind, id }: Actor): string => (kind === 'service' ? kind : `${kind}:${id}`);

/** A draft of this organisation, locked. Refuses with `batch.not-found` and `batch.state`. */
export async function lockDraft(tx: Tx, id: string, organisationId: string): Promise<PayoutBatch> {
  const batch = await tx.lockOne(PayoutBatchSchema, { id });
  if (!batch || batch.organisationId !== organisationId) throw new Refusal('batch.not-found');
  if (batch.state !== 'draft') throw new Refusal('batch.state', { state: batch.state });
  return batch;
}

/** Whoever changes it is a maker from then on. */
export function withMaker(batch: PayoutBatch, maker: Maker, others: readonly string[] = []): { makers: string } {
  return { makers: JSON.stringify([...new Set([...makersOfBatch(batch), ...makerIds(maker), ...others])]) };
}

/**
 * Refuses with `batch.half-filled` while a list is being put into a draft, or after whoever did so has died: what of it is there must
 * not be paid as if it were all.
 */
export async function refuseHalfFilled(tx: Tx, { id: batchId, organisationId: ownerId, listId }: PayoutBatch) {
  const lists = await tx.manager.findBy(PayoutListSchema, { ownerId, batchId });
  if (lists.some(({ id }) => id !== listId)) throw new Refusal('batch.half-filled');
}

/** Of the rows that count. */
export async function countIn(tx: Tx, batchId: string): Promise<{ rows: number; totalMinor: bigint }> {
  const [row]: { n: unknown; total: unknown }[] = await tx.manager.query(
    "SELECT COUNT(*) AS n, SUM(amount_minor) AS total FROM payout_row WHERE batch_id = ? AND state <> 'excluded'",
    [batchId],
  );
  return { rows: Number(row?.n ?? 0), totalMinor: BigInt(String(row?.total ?? 0)) };
}

/** One person to be paid, as a row that was checked says. */
export interface NewRow {
  msisdn: Msisdn;
  amountMinor: bigint;
  name: string | null;
  reference: string | null;
  extra?: string | null;
  warnings?: string | null;
  replacesRowId?: string | null;
}

const MOST_ADDED = 10_000;

/**
 * Adds rows to a draft behind those that are there. `fromRowNo` is what the adder believes to be the next: a repeat of the same request
 * is refused with `batch.rows-moved`, and adds nothing twice. Refuses also with `batch.not-found`, `batch.state`, `batch.half-filled`,
 * `batch.too-many`.
 */
export function addRows(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  {
    batchId,
    organisationId,
    fromRowNo,
    rows,
  }: { batchId: string; organisationId: string; fromRowNo?: number; rows: readonly NewRow[] },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockDraft(tx, batchId, organisationId);
    await refuseHalfFilled(tx, batch);
    const patch = await addRowsWithin(deps, tx, batch, rows, fromRowNo);
    const change = { ...patch, ...withMaker(batch, maker) };
    await tx.update(PayoutBatchSchema, { id: batchId }, change);
    const reason = `${rows.length} rows were added`;
    await recordBatchEvent(deps, tx, batchId, 'draft', 'draft', { actor: actorText(actor), reason });
    return { ...batch, ...change };
  });
}

const INSERTED_TOGETHER = 500;

export async function addRowsWithin(
  { runtime }: PayoutBatchDeps,
  tx: Tx,
  batch: PayoutBatch,
  rows: readonly NewRow[],
  fromRowNo?: number,
): Promise<{ rows: number; totalMinor: bigint }> {
  if (rows.length > MOST_ADDED) throw new Refusal('batch.too-many', { most: MOST_ADDED });
  const [last] = await tx.manager.query('SELECT MAX(row_no) AS last FROM payout_row WHERE batch_id = ?', [batch.id]);
  const next = Number(last?.last ?? 0) + 1;
  if (fromRowNo !== undefined && fromRowNo !== next) throw new Refusal('batch.rows-moved', { next });
  const changedAtMs = runtime.clock.now();
  const all = rows.map(
    ({ extra = null, warnings = null, replacesRowId = null, ...row }, at): PayoutRow => ({
      ...{ id: runtime.ids.next(), batchId: batch.id, rowNo: next + at, state: 'ready', currency: batch.currency },
      ...{
        ...row,
        extra,
        warnings,
        replacesRowId,
        transferId: null,
        receipt: null,
        failureCause: null,
        paidAtMs: null,
        changedAtMs,
      },
      ...{ nameScore: null, askedAtMs: null, answer: null, answeredAtMs: null, untoldAtMs: null },
    }),
  );
  for (let at = 0; at < all.length; at += INSERTED_TOGETHER) {
    await tx.manager.insert(PayoutRowSchema, all.slice(at, at + INSERTED_TOGETHER));
  }
  const total = all.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return { rows: batch.rows + all.length, totalMinor: batch.totalMinor + total };
}
