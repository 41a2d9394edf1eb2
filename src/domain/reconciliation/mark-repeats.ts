import { StatementRefused } from '../../providers/statements/index.ts';
import { keyHash } from './stage-lines.ts';
import type { Statement } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';
import { holdingLease, renewLease } from './statement-lease.ts';

const LOOKED_AT_TOGETHER = 10_000;
const MARKED_TOGETHER = 1_000;
/** More equal lines than this are no coincidence. */
const MOST_EQUAL = 10_000;

/**
 * Equal lines of one statement are told apart: the second becomes `the same line, the second time`, so that it meets the second
 * of another statement, and matching sees both.
 */
export async function tellEqualsApart(deps: StatementDeps, statement: Pick<Statement, 'id' | 'party'>): Promise<void> {
  const { database } = deps;
  // Over a million lines this takes longer than the lease of a slow machine.
  const equals: { line_key: string; times: unknown }[] = await holdingLease(deps, statement.id, () =>
    database.reader.query(
      `SELECT line_key, COUNT(*) AS times FROM statement_line WHERE statement_id = ? GROUP BY line_key HAVING COUNT(*) > 1 LIMIT ${MOST_EQUAL + 1}`,
      [statement.id],
    ),
  );
  const again = equals.reduce((sum, { times }) => sum + Number(times) - 1, 0);
  if (again > MOST_EQUAL) throw new StatementRefused('more than ten thousand lines stand there twice');
  for (let start = 0; start < equals.length; start += MARKED_TOGETHER) {
    const keys = equals.slice(start, start + MARKED_TOGETHER).map(({ line_key: lineKey }) => lineKey);
    await tellApart(deps, statement, keys);
  }
}

async function tellApart(deps: StatementDeps, { id, party }: Pick<Statement, 'id' | 'party'>, keys: readonly string[]) {
  // By party and key, which is an index: by the statement, each of them would be looked for among all its lines.
  const rows: { id: string; line_key: string; line_no: unknown }[] = await deps.database.reader.query(
    `SELECT id, line_key, line_no FROM statement_line
     WHERE party = ? AND line_key IN (${keys.map(() => '?').join(',')}) AND statement_id = ?`,
    [party, ...keys, id],
  );
  rows.sort((one, other) => Number(one.line_no) - Number(other.line_no));
  await deps.database.transaction(async (tx) => {
    await renewLease(deps, tx, id);
    const times = new Map<string, number>();
    for (const { id: lineId, line_key: lineKey } of rows) {
      const time = (times.get(lineKey) ?? 0) + 1;
      times.set(lineKey, time);
      if (time === 1) continue;
      const another = keyHash(`${lineKey}\n${time}`);
      await tx.manager.query('UPDATE statement_line SET line_key = ? WHERE id = ?', [another, lineId]);
    }
  });
}

/** Marks the lines that count already by another statement; how many they are. Nobody else of the party reads meanwhile. */
export async function markRepeats(deps: StatementDeps, statementId: string): Promise<number> {
  const { database } = deps;
  const [found] = await database.reader.query(
    'SELECT MIN(line_no) AS first_no, MAX(line_no) AS last_no FROM statement_line WHERE statement_id = ?',
    [statementId],
  );
  if (found.first_no === null) return 0;
  let total = 0;
  for (let from = Number(found.first_no); from <= Number(found.last_no); from += LOOKED_AT_TOGETHER) {
    const repeats: { id: string }[] = await database.reader.query(REPEATS, [
      statementId,
      from,
      from + LOOKED_AT_TOGETHER,
    ]);
    for (let start = 0; start < repeats.length; start += MARKED_TOGETHER) {
      await markSome(
        deps,
        statementId,
        repeats.slice(start, start + MARKED_TOGETHER).map(({ id }) => id),
      );
    }
    if (repeats.length === 0) await database.transaction((tx) => renewLease(deps, tx, statementId));
    total += repeats.length;
  }
  return total;
}

const REPEATS = `SELECT new_line.id FROM statement_line new_line
  JOIN statement_line old_line ON old_line.party = new_line.party AND old_line.line_key = new_line.line_key
    AND old_line.side = new_line.side AND old_line.line_state = 'accepted'
  JOIN statement ON statement.id = old_line.statement_id AND statement.state = 'complete'
  WHERE new_line.statement_id = ? AND new_line.line_no >= ? AND new_line.line_no < ?`;

async function markSome(deps: StatementDeps, statementId: string, ids: readonly string[]): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await renewLease(deps, tx, statementId);
    const marks = ids.map(() => '?').join(',');
    await tx.manager.query(`UPDATE statement_line SET line_state = 'repeated' WHERE id IN (${marks})`, [...ids]);
  });
}
