import { In, LessThan, MoreThan } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { PAYOUT_BATCH } from '../organisations/index.ts';
import {
  type BatchEvent,
  BatchEventSchema,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
} from './batch.ts';
import type { RowState } from './batch-states.ts';
import { scoreNames } from './score-names.ts';

interface ReadDeps {
  database: Database;
}

/** One batch of an organisation. Refuses with `batch.not-found`, also for another's. */
export async function getBatch({ database }: ReadDeps, id: string, organisationId: string): Promise<PayoutBatch> {
  const batch = await database.reader.findOne(PayoutBatchSchema, { where: { id, organisationId } });
  if (!batch) throw new Refusal('batch.not-found');
  return batch;
}

/** Its batches, the newest first. `next`: the id before which the next page begins. */
export async function listBatches(
  { database }: ReadDeps,
  { organisationId, beforeId, limit }: { organisationId: string; beforeId?: string | undefined; limit: number },
): Promise<{ batches: PayoutBatch[]; next: string | undefined }> {
  const rows = await database.reader.find(PayoutBatchSchema, {
    where: { organisationId, ...(beforeId === undefined ? {} : { id: LessThan(beforeId) }) },
    ...{ order: { id: 'DESC' }, take: limit + 1 },
  });
  const batches = rows.slice(0, limit);
  return { batches, next: rows.length > limit ? batches.at(-1)?.id : undefined };
}

/** A row as people see it: one that the operator may have by now is submitted. */
export type RowView = PayoutRow & {
  /** Our reference of the last transfer. */
  ours: string | null;
  attempts: number;
};

/** Rows of a batch in the order of its file, behind `afterRow`; those of one state alone when it is given. */
export async function listRows(
  { database }: ReadDeps,
  {
    batchId,
    state,
    afterRow = 0,
    limit,
  }: { batchId: string; state?: RowState | undefined; afterRow?: number; limit: number },
): Promise<{ rows: RowView[]; next: number | undefined }> {
  // Handed over and sent are told apart by the transfer.
  const kept = state === 'submitted' ? 'queued' : state;
  const found = await database.reader.find(PayoutRowSchema, {
    where: { batchId, rowNo: MoreThan(afterRow), ...(kept ? { state: kept } : {}) },
    ...{ order: { rowNo: 'ASC' }, take: limit + 1 },
  });
  const page = found.slice(0, limit);
  const transfers = await transfersOf(database, page);
  const rows = page.map((row) => viewOf(row, transfers.get(row.id) ?? []));
  const fitting = state === undefined ? rows : rows.filter((row) => row.state === state);
  return { rows: fitting, next: found.length > limit ? page.at(-1)?.rowNo : undefined };
}

async function transfersOf({ reader }: Database, rows: readonly PayoutRow[]): Promise<Map<string, Transfer[]>> {
  const byRow = new Map<string, Transfer[]>();
  const ids = rows.filter(({ transferId }) => transferId !== null).map(({ id }) => id);
  if (ids.length === 0) return byRow;
  const found = await reader
    .createQueryBuilder(TransferSchema, 't')
    .where(`t.purposeId IN (:...ids) AND t.route = 'payout'`, { ids })
    .orderBy('t.id', 'ASC')
    .getMany();
  for (const transfer of found) {
    const known = byRow.get(transfer.purposeId ?? '') ?? [];
    byRow.set(transfer.purposeId ?? '', [...known, transfer]);
  }
  return byRow;
}

function viewOf(row: PayoutRow, transfers: readonly Transfer[]): RowView {
  const last = transfers.find(({ id }) => id === row.transferId);
  const state = row.state === 'queued' && last?.state === 'submitted' ? 'submitted' : row.state;
  // Paid, the operator has told it anew.
  const nameScore = scoreOf(row, last) ?? row.nameScore;
  return { ...row, state, nameScore, ours: last?.reference ?? null, attempts: transfers.length };
}

const scoreOf = ({ name }: PayoutRow, transfer: Transfer | undefined): number | undefined =>
  name === null || !transfer?.payerName ? undefined : scoreNames(name, transfer.payerName);

/** Who changed it, when and why; oldest first. */
export function batchHistory({ database }: ReadDeps, batchId: string): Promise<BatchEvent[]> {
  return database.reader.find(BatchEventSchema, { where: { batchId }, order: { atMs: 'ASC', id: 'ASC' }, take: 1_000 });
}

/** What approvals are about, where it is a batch. */
export async function batchesOfApprovals(
  { database }: ReadDeps,
  approvals: readonly { kind: string; subjectId: string }[],
): Promise<PayoutBatch[]> {
  const ids = approvals.flatMap(({ kind, subjectId }) => (kind === PAYOUT_BATCH ? [subjectId] : []));
  return ids.length === 0 ? [] : database.reader.find(PayoutBatchSchema, { where: { id: In(ids) } });
}
