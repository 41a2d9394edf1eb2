import type { Database } from '../../platform/database/index.ts';
import { type RowEvent, RowEventSchema } from './batch.ts';
import { type PayoutClaim, PayoutClaimSchema } from './claim.ts';
import { listRows, type RowView } from './find-batches.ts';

/** All that is known of one row. */
export interface RowStory {
  row: RowView;
  /** Oldest first. */
  events: RowEvent[];
  claim: PayoutClaim | null;
}

/** A row has few: each attempt makes some. */
const MOST_EVENTS = 200;

/** Undefined where the batch has no such row. */
export async function findRow(
  deps: { database: Database },
  { batchId, rowNo }: { batchId: string; rowNo: number },
): Promise<RowStory | undefined> {
  const { rows } = await listRows(deps, { batchId, afterRow: rowNo - 1, limit: 1 });
  const [row] = rows;
  if (row?.rowNo !== rowNo) return undefined;
  const { reader } = deps.database;
  const [events, claim] = await Promise.all([
    reader.find(RowEventSchema, { where: { rowId: row.id }, order: { atMs: 'ASC', id: 'ASC' }, take: MOST_EVENTS }),
    reader.findOneBy(PayoutClaimSchema, { rowId: row.id }),
  ]);
  return { row, events, claim };
}
