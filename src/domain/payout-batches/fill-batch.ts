import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { findingsOf, makersOfList, namesOf, type PayoutList, PayoutListSchema } from '../payout-lists/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from './batch.ts';
import type { Maker, PayoutBatchDeps } from './deps.ts';
import { actorText, countIn, lockDraft, withMaker } from './make-batch.ts';
import { recordBatchEvent } from './move-batch.ts';

const COPIED_TOGETHER = 5_000;

/**
 * Puts the rows of a list into a draft: all that have no fault. What was in it goes. It counts when it is whole: who dies in between
 * leaves a draft without its list, to be filled anew. A list is put into one batch, since its rows are paid once. Of two who fill one
 * draft at once it is the one who comes last that does; the other is refused with `batch.list-moved`. Refuses also with
 * `batch.not-found`, `batch.state`, `batch.list` (not read, or another's), `batch.list-faults` (of the whole file), `batch.list-used`,
 * `batch.list-purpose` (`{rows}` that say another than the batch has).
 */
export async function fillFromList(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { batchId, organisationId, listId }: { batchId: string; organisationId: string; listId: string },
): Promise<PayoutBatch> {
  const list = await deps.database.reader.findOne(PayoutListSchema, { where: { id: listId, ownerId: organisationId } });
  if (list?.state !== 'read') throw new Refusal('batch.list');
  let isTaken = false;
  for (let isFirst = true; !isTaken; isFirst = false) {
    isTaken = await deps.database.transaction((tx) =>
      takeOrEmpty(tx, maker, { batchId, organisationId, listId }, isFirst),
    );
  }
  const now = deps.runtime.clock.now();
  const last = await lastRowNo(deps, listId);
  for (let from = 0; from <= last; from += COPIED_TOGETHER) {
    await deps.database.transaction(async (tx) => {
      await lockTaken(tx, { batchId, organisationId, listId });
      await tx.manager.query(COPY, [batchId, list.currency, now, listId, from, from + COPIED_TOGETHER, batchId]);
    });
  }
  return deps.database.transaction(async (tx) => {
    const { batch, list: taken } = await lockTaken(tx, { batchId, organisationId, listId });
    // All of the list and nothing else: somebody who has put the same one in meanwhile may have taken rows out.
    const there = await tx.manager.countBy(PayoutRowSchema, { batchId });
    if (there !== taken.rowsRead - taken.faultRows) throw new Refusal('batch.list-moved');
    const counted = await countIn(tx, batchId);
    const titles = JSON.stringify((namesOf(list)?.columns ?? []).map(({ title }) => title));
    const patch = { listId, titles, ...counted };
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

interface Filled {
  batchId: string;
  organisationId: string;
  listId: string;
}

/** Takes some rows out of a draft, or the list for it when none is left: nobody puts a row in between. Returns whether the list is taken. */
async function takeOrEmpty(
  tx: Tx,
  maker: Maker,
  { batchId, organisationId, listId }: Filled,
  isFirst: boolean,
): Promise<boolean> {
  const batch = await lockDraft(tx, batchId, organisationId);
  const list = await tx.lockOne(PayoutListSchema, { id: listId });
  assertTakable(list, batchId);
  const [first] = await tx.manager.find(PayoutRowSchema, {
    ...{ select: { rowNo: true }, where: { batchId }, order: { rowNo: 'ASC' }, take: 1 },
  });
  // Before anything goes, and when the list can be mended no more.
  if (isFirst || !first) await refuseOtherPurposes(tx, batch, listId);
  // Makers from its first row on, with whoever wrote them: the process may die before the last.
  await tx.update(
    PayoutBatchSchema,
    { id: batchId },
    { listId: null, rows: 0, totalMinor: 0n, ...withMaker(batch, maker, makersOfList(list)) },
  );
  if (first) {
    const pieceEnd = first.rowNo + COPIED_TOGETHER;
    await tx.manager.query('DELETE FROM payout_row WHERE batch_id = ? AND row_no < ?', [batchId, pieceEnd]);
    return false;
  }
  // The list that it was filled from before is free again: the draft is empty.
  await tx.update(PayoutListSchema, { batchId }, { batchId: null });
  await tx.update(PayoutListSchema, { id: listId }, { batchId });
  return true;
}

function assertTakable(list: PayoutList | null, batchId: string): asserts list is PayoutList {
  if (list?.state !== 'read') throw new Refusal('batch.list');
  if (findingsOf(list).some(({ severity }) => severity === 'fault')) throw new Refusal('batch.list-faults');
  if (list.batchId !== null && list.batchId !== batchId) throw new Refusal('batch.list-used');
}

const MOST_NAMED = 10;

/** A batch is paid for one purpose: a row that says another would be paid as what it is not. */
async function refuseOtherPurposes(tx: Tx, { purpose }: PayoutBatch, listId: string): Promise<void> {
  const others: { row_no: unknown }[] = await tx.manager.query(
    `SELECT row_no FROM payout_list_row WHERE list_id = ? AND purpose IS NOT NULL AND purpose <> ? AND standing <> 'fault'
     ORDER BY row_no LIMIT ${MOST_NAMED + 1}`,
    [listId, purpose],
  );
  if (others.length === 0) return;
  const named = others.slice(0, MOST_NAMED).map(({ row_no }) => Number(row_no));
  throw new Refusal('batch.list-purpose', { rows: `${named.join(', ')}${others.length > MOST_NAMED ? ' ...' : ''}` });
}

/** Draft and list, locked, when the one is still filled from the other. */
async function lockTaken(
  tx: Tx,
  { batchId, organisationId, listId }: Filled,
): Promise<{ batch: PayoutBatch; list: PayoutList }> {
  const batch = await lockDraft(tx, batchId, organisationId);
  const list = await tx.lockOne(PayoutListSchema, { id: listId });
  if (list?.batchId !== batchId) throw new Refusal('batch.list-moved');
  return { batch, list };
}

/** A list's row becomes one payout's row, under the same id: what was read is what is paid. One that is there was put in by who fills it from the same list. */
const COPY = `INSERT INTO payout_row (id, batch_id, row_no, state, msisdn, amount_minor, currency, name, reference, extra, warnings,
    transfer_id, receipt, failure_cause, paid_at, changed_at, answer, answered_at,
    untold_at)
  SELECT id, ?, row_no, 'ready', msisdn, amount_minor, ?, name, reference, cells,
    CASE standing WHEN 'warning' THEN 'list' ELSE NULL END, NULL, NULL, NULL, NULL, ?, NULL, NULL, NULL
  FROM payout_list_row l WHERE list_id = ? AND row_no >= ? AND row_no < ? AND standing <> 'fault'
    AND NOT EXISTS (SELECT 1 FROM payout_row r WHERE r.id = l.id AND r.batch_id = ?)`;

async function lastRowNo({ database }: PayoutBatchDeps, listId: string): Promise<number> {
  const [row] = await database.reader.query('SELECT MAX(row_no) AS last FROM payout_list_row WHERE list_id = ?', [
    listId,
  ]);
  return Number(row?.last ?? 0);
}
