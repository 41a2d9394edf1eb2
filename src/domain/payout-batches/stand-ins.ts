import { type EntityManager, In, IsNull } from 'typeorm';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema, RowEventSchema } from './batch.ts';
import { AGREED } from './batch-states.ts';

/** Whom a row stands for when its batch is paid again: another row, or nobody, since its makers took it out before anybody agreed, or since its number is the wrong one. */
export type StandIn = PayoutRow | 'taken-out' | 'wrong-number';

type Known = Pick<PayoutRow, 'id' | 'state'>;

/**
 * Which rows of a batch do not stand for themselves when it is paid again, by id. A row that was taken over gives its place to the one
 * that took it, once others have agreed to that. What left the batch after it was agreed to, since it was stopped or not taken over to
 * the end, stays. A number from which the money came back is never paid again by itself.
 */
export function standIns(
  manager: EntityManager,
  { id, organisationId }: Pick<PayoutBatch, 'id' | 'organisationId'>,
  rows: readonly Known[],
): Promise<Map<string, StandIn>> {
  return look(manager, organisationId, [id], rows);
}

async function look(
  manager: EntityManager,
  organisationId: string,
  batchIds: readonly string[],
  rows: readonly Known[],
): Promise<Map<string, StandIn>> {
  const found = new Map<string, StandIn>();
  for (const { id, state } of rows) if (state === 'reversed') found.set(id, 'wrong-number');
  const excluded = rows.flatMap(({ id, state }) => (state === 'excluded' ? [id] : []));
  if (excluded.length === 0) return found;
  // Makers take a row out of a draft without an event of its own; whatever happens to it later has one.
  const events = await manager.find(RowEventSchema, {
    ...{ select: { rowId: true, fromState: true }, where: { rowId: In(excluded), toState: 'excluded' } },
  });
  const left = new Map(events.map(({ rowId, fromState }) => [rowId, fromState]));
  const inPlace = await takenOver(manager, organisationId, batchIds, [...left.keys()]);
  for (const id of excluded) {
    const other = inPlace.get(id);
    if (!left.has(id)) found.set(id, 'taken-out');
    else if (other !== undefined && other !== 'taken-out') found.set(id, other);
    else if (left.get(id) === 'reversed') found.set(id, 'wrong-number');
  }
  return found;
}

/** By the row whose place it took, at the end of the chain: one that took a place may have been taken over itself. */
async function takenOver(
  manager: EntityManager,
  organisationId: string,
  previousIds: readonly string[],
  rowIds: readonly string[],
): Promise<Map<string | null, StandIn>> {
  if (rowIds.length === 0) return new Map();
  const batches = await manager.find(PayoutBatchSchema, {
    select: { id: true },
    where: { organisationId, previousId: In([...previousIds]), scheduleId: IsNull(), state: In([...AGREED]) },
  });
  const batchIds = batches.map(({ id }) => id);
  if (batchIds.length === 0) return new Map();
  const rows = await manager.findBy(PayoutRowSchema, { batchId: In(batchIds), replacesRowId: In([...rowIds]) });
  const further = await look(manager, organisationId, batchIds, rows);
  return new Map(rows.map((row) => [row.replacesRowId, further.get(row.id) ?? row]));
}
