import type { EntityManager } from 'typeorm';
import { firstIdAt } from '../../kernel/index.ts';
import type { RetentionKind } from './retention-kind.ts';

export interface WalkedRow {
  id: string;
  /** Something open needs it still. */
  isHeld: boolean;
  /** Where the next rows begin. */
  place: string;
}

interface Walk {
  beforeMs: number;
  limit: number;
}

/** The stores differ in how they give a count. */
type Found = { id: string; held: unknown; seen?: unknown };

/** Rows behind a place that are past their time, in order. By the table's own order, never more than are taken. */
export async function nextRows(
  reader: EntityManager,
  kind: RetentionKind,
  { place, beforeMs, limit }: Walk & { place: string },
): Promise<WalkedRow[]> {
  const { table } = kind;
  if (kind.order === 'made') {
    const found: Found[] = await reader.query(
      `SELECT id, ${heldColumn(kind, beforeMs)} FROM ${table} WHERE id > ? AND id < ? ORDER BY id LIMIT ${limit}`,
      [place, firstIdAt(beforeMs)],
    );
    return found.map(({ id, held }) => ({ id, isHeld: Number(held) === 1, place: id }));
  }
  const [seenMs, afterId = ''] = place.split(' ');
  const found: Found[] = await reader.query(
    `SELECT id, last_seen_at AS seen, ${heldColumn(kind, beforeMs)} FROM ${table}
     WHERE last_seen_at >= ? AND last_seen_at < ? AND (last_seen_at > ? OR id > ?) ORDER BY last_seen_at, id LIMIT ${limit}`,
    [Number(seenMs), beforeMs, Number(seenMs), afterId],
  );
  return found.map(({ id, held, seen }) => ({ id, isHeld: Number(held) === 1, place: `${seen} ${id}` }));
}

/** Of what was held before: rows that are there still. */
export async function heldRows(
  reader: EntityManager,
  kind: RetentionKind,
  { afterId, beforeMs, limit }: Walk & { afterId: string },
): Promise<WalkedRow[]> {
  const { name, table } = kind;
  const found: Found[] = await reader.query(
    `SELECT ${table}.id AS id, ${heldColumn(kind, beforeMs)} FROM retention_held h JOIN ${table} ON ${table}.id = h.row_id
     WHERE h.kind = ? AND h.row_id > ? AND h.row_id < ? ORDER BY h.row_id LIMIT ${limit}`,
    [name, afterId, firstIdAt(beforeMs)],
  );
  return found.map(({ id, held }) => ({ id, isHeld: Number(held) === 1, place: id }));
}

/** Ids that were held up to the last of these rows, and whose rows are gone by other ways. */
export async function rowsBehind(
  reader: EntityManager,
  { name, table }: RetentionKind,
  { afterId, rows, limit }: { afterId: string; rows: readonly WalkedRow[]; limit: number },
): Promise<string[]> {
  const found: { id: string }[] = await reader.query(
    `SELECT h.row_id AS id FROM retention_held h WHERE h.kind = ? AND h.row_id > ? AND h.row_id <= ?
     AND NOT EXISTS (SELECT 1 FROM ${table} x WHERE x.id = h.row_id) LIMIT ${limit}`,
    [name, afterId, rows.at(-1)?.id ?? '~'],
  );
  return found.map(({ id }) => id);
}

export async function countHeld(reader: EntityManager, kind: string): Promise<number> {
  const [found] = await reader.query('SELECT COUNT(*) AS held FROM retention_held WHERE kind = ?', [kind]);
  return Number(found?.held ?? 0);
}

const heldColumn = (kind: RetentionKind, beforeMs: number) =>
  `CASE WHEN ${kind.held(beforeMs)} THEN 1 ELSE 0 END AS held`;
