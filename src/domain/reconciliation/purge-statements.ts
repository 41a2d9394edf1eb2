import type { Database } from '../../platform/database/index.ts';

/** One instant twice: epoch ms, and the first business day that is kept. */
export interface KeptSince {
  atMs: number;
  day: string;
}

/**
 * Forgets lines and faults of statements that were read, and results of days that lie, before an instant: at most `limit` rows; returns
 * how many. The statements stay, as `forgotten`, and cover nothing any more, so that no line seems to be missing where it was only
 * forgotten. Versions of days and their sums stay too. What nobody has signed yet, or has an open break, is not touched. With
 * `count` nothing is: the number is what would go.
 */
export async function purgeStatements(
  { database }: { database: Database },
  kept: KeptSince,
  limit: number,
  mode: 'forget' | 'count' = 'forget',
): Promise<number> {
  if (mode === 'count') return countOld(database, kept);
  await database.transaction(async (tx) => {
    const old: { id: string }[] = await tx.manager.query(OLD_STATEMENTS, [kept.atMs]);
    if (old.length === 0) return;
    const marks = old.map(() => '?').join(', ');
    const ids = old.map(({ id }) => id);
    await tx.manager.query(`UPDATE statement SET state = 'forgotten' WHERE id IN (${marks})`, ids);
  });
  let left = limit;
  for (const { table, owner, sql, hasDay } of PURGED) {
    while (left > 0) {
      const [found]: { id: string }[] = await database.reader.query(sql, hasDay ? [kept.day] : []);
      if (!found) break;
      left -= await deleteSome(database, { table, owner, ownerId: found.id }, left);
    }
  }
  return limit - left;
}

/** A day of the party that may still change, or that has something unexplained. */
const OPEN_DAY = (party: string, side: string) => `(d.state IN ('matching', 'open') OR EXISTS (
  SELECT 1 FROM reconciliation_break b WHERE b.day = d.day AND b.party = d.party AND b.state <> 'resolved'
)) AND (d.party = ${party} OR d.side <> ${side})`;

/** Lines of an operator explain payments of every biller, and the other way round: any open day that it covers holds a statement. */
const OLD_STATEMENTS = `
  SELECT s.id FROM statement s
  WHERE s.state = 'complete' AND s.finished_at < ? AND NOT EXISTS (
    SELECT 1 FROM recon_day d
    WHERE d.from_at < COALESCE(s.to_at, s.finished_at) AND d.to_at > COALESCE(s.from_at, 0)
      AND ${OPEN_DAY('s.party', 's.side')}
  ) LIMIT 500`;

const ofForgotten = (table: string) => ({
  table,
  owner: 'statement_id',
  sql: `SELECT s.id FROM statement s WHERE s.state = 'forgotten'
    AND EXISTS (SELECT 1 FROM ${table} x WHERE x.statement_id = s.id) LIMIT 1`,
  hasDay: false,
});

const OLD_DAY = `d.day < ? AND d.state NOT IN ('matching', 'open') AND NOT EXISTS (
  SELECT 1 FROM reconciliation_break b WHERE b.day = d.day AND b.party = d.party AND b.state <> 'resolved')`;

const PURGED = [
  ofForgotten('statement_line'),
  ofForgotten('statement_fault'),
  {
    table: 'recon_result',
    owner: 'recon_day_id',
    sql: `SELECT d.id FROM recon_day d WHERE ${OLD_DAY}
      AND EXISTS (SELECT 1 FROM recon_result x WHERE x.recon_day_id = d.id) LIMIT 1`,
    hasDay: true,
  },
] as const;

async function countOld({ reader }: Database, { atMs, day }: KeptSince): Promise<number> {
  const old: { id: string }[] = await reader.query(OLD_STATEMENTS, [atMs]);
  const marks = old.map(() => '?').join(', ');
  const ids = old.map(({ id }) => id);
  let rows = 0;
  for (const table of ['statement_line', 'statement_fault']) {
    const isOld = `s.state = 'forgotten'${ids.length > 0 ? ` OR s.id IN (${marks})` : ''}`;
    const sql = `SELECT COUNT(*) AS n FROM statement s JOIN ${table} x ON x.statement_id = s.id WHERE ${isOld}`;
    rows += Number((await reader.query(sql, ids))[0].n);
  }
  const sql = `SELECT COUNT(*) AS n FROM recon_day d JOIN recon_result x ON x.recon_day_id = d.id WHERE ${OLD_DAY}`;
  return rows + Number((await reader.query(sql, [day]))[0].n);
}

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
