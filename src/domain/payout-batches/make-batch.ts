import { type Msisdn, newReference, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { findingsOf, namesOf, type PayoutList, PayoutListSchema, type PayoutPurpose } from '../payout-lists/index.ts';
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
  const blank = { titles: null, contentHash: null, listId: null, approvalId: null, reservedAtMs: null };
  const paused = { pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null };
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
export function withMaker(batch: PayoutBatch, maker: Maker): { makers: string } {
  return { makers: JSON.stringify([...new Set([...makersOfBatch(batch), ...makerIds(maker)])]) };
}

const COPIED_TOGETHER = 5_000;

/**
 * Puts the rows of a list into a draft: all that have no fault. What was in it goes. It counts when it is whole: who dies in between
 * leaves a draft without its list, to be filled anew. A list is put into one batch, since its rows are paid once. Refuses with
 * `batch.not-found`, `batch.state`, `batch.list` (not read, or another's), `batch.list-faults` (of the whole file), `batch.list-used`.
 */
export async function fillFromList(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { batchId, organisationId, listId }: { batchId: string; organisationId: string; listId: string },
): Promise<PayoutBatch> {
  const list = await deps.database.reader.findOne(PayoutListSchema, { where: { id: listId, ownerId: organisationId } });
  if (list?.state !== 'read') throw new Refusal('batch.list');
  await emptyDraft(deps, batchId, organisationId);
  await deps.database.transaction((tx) => takeList(tx, list, { batchId, organisationId }));
  const now = deps.runtime.clock.now();
  const last = await lastRowNo(deps, listId);
  for (let from = 0; from <= last; from += COPIED_TOGETHER) {
    await deps.database.transaction(async (tx) => {
      await lockDraft(tx, batchId, organisationId);
      await tx.manager.query(COPY, [batchId, list.currency, now, listId, from, from + COPIED_TOGETHER]);
    });
  }
  return deps.database.transaction(async (tx) => {
    const batch = await lockDraft(tx, batchId, organisationId);
    const counted = await countIn(tx, batchId);
    const titles = JSON.stringify((namesOf(list)?.columns ?? []).map(({ title }) => title));
    const patch = { listId, titles, ...counted, ...withMaker(batch, maker) };
    await tx.update(PayoutBatchSchema, { id: batchId }, patch);
    const reason = `${counted.rows} rows of ${list.fileName}`;
    await recordBatchEvent(deps, tx, batchId, 'draft', 'draft', { actor: actorText(actor), reason });
    await recordAct(deps, tx, {
      ...{ actor, act: 'batch.filled', subject: { kind: 'payout-batch', id: batchId } },
      after: { listId, rows: counted.rows, totalMinor: counted.totalMinor },
    });
    return { ...batch, ...patch };
  });
}

async function takeList(
  tx: Tx,
  { id }: PayoutList,
  { batchId, organisationId }: { batchId: string; organisationId: string },
): Promise<void> {
  await lockDraft(tx, batchId, organisationId);
  const list = await tx.lockOne(PayoutListSchema, { id });
  if (list?.state !== 'read') throw new Refusal('batch.list');
  if (findingsOf(list).some(({ severity }) => severity === 'fault')) throw new Refusal('batch.list-faults');
  if (list.batchId !== null && list.batchId !== batchId) throw new Refusal('batch.list-used');
  // The list that it was filled from before is free again: the draft is empty.
  await tx.update(PayoutListSchema, { batchId }, { batchId: null });
  await tx.update(PayoutListSchema, { id }, { batchId });
}

/** A list's row becomes one payout's row, under the same id: what was read is what is paid. */
const COPY = `INSERT INTO payout_row (id, batch_id, row_no, state, msisdn, amount_minor, currency, name, reference, extra, warnings,
    transfer_id, receipt, failure_cause, paid_at, changed_at, answer, answered_at,
    untold_at)
  SELECT id, ?, row_no, 'ready', msisdn, amount_minor, ?, name, reference, cells,
    CASE standing WHEN 'warning' THEN 'list' ELSE NULL END, NULL, NULL, NULL, NULL, ?, NULL, NULL, NULL
  FROM payout_list_row WHERE list_id = ? AND row_no >= ? AND row_no < ? AND standing <> 'fault'`;

async function lastRowNo({ database }: PayoutBatchDeps, listId: string): Promise<number> {
  const [row] = await database.reader.query('SELECT MAX(row_no) AS last FROM payout_list_row WHERE list_id = ?', [
    listId,
  ]);
  return Number(row?.last ?? 0);
}

async function emptyDraft(deps: PayoutBatchDeps, batchId: string, organisationId: string): Promise<void> {
  for (;;) {
    const isEmpty = await deps.database.transaction(async (tx) => {
      await lockDraft(tx, batchId, organisationId);
      const rows = await tx.manager.find(PayoutRowSchema, {
        ...{ select: { rowNo: true }, where: { batchId }, order: { rowNo: 'ASC' }, take: 1 },
      });
      if (!rows[0]) return true;
      const from = rows[0].rowNo;
      await tx.update(PayoutBatchSchema, { id: batchId }, { listId: null, rows: 0, totalMinor: 0n });
      await tx.manager.query('DELETE FROM payout_row WHERE batch_id = ? AND row_no >= ? AND row_no < ?', [
        ...[batchId, from, from + COPIED_TOGETHER],
      ]);
      return false;
    });
    if (isEmpty) return;
  }
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
 * is refused with `batch.rows-moved`, and adds nothing twice. Refuses also with `batch.not-found`, `batch.state`, `batch.too-many`.
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
