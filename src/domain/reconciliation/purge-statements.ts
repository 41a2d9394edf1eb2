import { LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { StatementSchema } from './statement.ts';

/** One instant twice: epoch ms, and the first business day that is kept. */
export interface KeptSince {
  atMs: number;
  day: string;
}

/**
 * Forgets lines and faults of statements that were read, and results of days that lie, before an instant: at most `limit` rows; returns
 * how many. The statements stay, as `forgotten`, and cover nothing any more, so that no line seems to be missing where it was only
 * forgotten. Versions of days and their sums stay too.
 */
export async function purgeStatements(
  { database }: { database: Database },
  { atMs, day }: KeptSince,
  limit: number,
): Promise<number> {
  const old = { state: 'complete' as const, finishedAtMs: LessThan(atMs) };
  await database.transaction((tx) => tx.manager.update(StatementSchema, old, { state: 'forgotten' }));
  let left = limit;
  for (const { table, owner, sql, hasDay } of PURGED) {
    while (left > 0) {
      const [found]: { id: string }[] = await database.reader.query(sql, hasDay ? [day] : []);
      if (!found) break;
      left -= await deleteSome(database, { table, owner, ownerId: found.id }, left);
    }
  }
  return limit - left;
}

const ofForgotten = (table: string) => ({
  table,
  owner: 'statement_id',
  sql: `SELECT s.id FROM statement s WHERE s.state = 'forgotten'
    AND EXISTS (SELECT 1 FROM ${table} x WHERE x.statement_id = s.id) LIMIT 1`,
  hasDay: false,
});

const PURGED = [
  ofForgotten('statement_line'),
  ofForgotten('statement_fault'),
  {
    table: 'recon_result',
    owner: 'recon_day_id',
    sql: `SELECT d.id FROM recon_day d WHERE d.day < ?
      AND EXISTS (SELECT 1 FROM recon_result x WHERE x.recon_day_id = d.id) LIMIT 1`,
    hasDay: true,
  },
] as const;

interface Owned {
  table: (typeof PURGED)[number]['table'];
  owner: (typeof PURGED)[number]['owner'];
  ownerId: string;
}

async function deleteSome(database: Database, { table, owner, ownerId }: Owned, most: number): Promise<number> {
  const rows: { id: string }[] = await database.reader.query(`SELECT id FROM ${table} WHERE ${owner} = ? LIMIT ?`, [
    ownerId,
    most,
  ]);
  const ids = rows.map(({ id }) => id);
  const marks = ids.map(() => '?').join(', ');
  await database.transaction((tx) =>
    tx.manager.query(`DELETE FROM ${table} WHERE ${owner} = ? AND id IN (${marks})`, [ownerId, ...ids]),
  );
  return ids.length;
}
