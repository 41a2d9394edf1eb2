import type { FindOptionsWhere } from 'typeorm';
import { type Statement, StatementSchema } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';

/** Gives up a statement that its own reader refuses. Nothing of it counted at any time. */
export async function discardStatement(deps: StatementDeps, id: string, problem: string): Promise<void> {
  await discard(deps, { id, state: 'reading' }, problem);
}

/** Cleans up after a reader whose lease ran out as it was seen: one that has renewed it since keeps its statement. */
export async function discardDead(deps: StatementDeps, seen: Statement): Promise<void> {
  const { id, state, leaseUntilMs } = seen;
  await discard(deps, { id, state, leaseUntilMs: leaseUntilMs as number }, 'It was broken off, and begun again.');
}

/**
 * First its state, so that whoever still writes to it is stopped; then its lines; then the right to read. A death in between
 * leaves the right taken, and the next reader does it again from the start.
 */
async function discard(deps: StatementDeps, where: FindOptionsWhere<Statement>, problem: string): Promise<void> {
  const { database, runtime } = deps;
  const id = where.id as string;
  const refused = { state: 'refused' as const, problem: problem.slice(0, 255), finishedAtMs: runtime.clock.now() };
  const ours = await database.transaction((tx) => tx.update(StatementSchema, where, refused));
  if (ours === 0) return;
  await deleteLines(deps, id);
  const free = { readingKey: null, leaseUntilMs: null };
  await database.transaction((tx) => tx.update(StatementSchema, { id, state: 'refused' }, free));
}

const DELETED_TOGETHER = 5_000;

/** In pieces, so that no lock is held for long. */
async function deleteLines({ database }: StatementDeps, statementId: string): Promise<void> {
  const [found] = await database.reader.query(
    'SELECT MIN(line_no) AS first_no, MAX(line_no) AS last_no FROM statement_line WHERE statement_id = ?',
    [statementId],
  );
  if (found.first_no === null) return;
  for (let from = Number(found.first_no); from <= Number(found.last_no); from += DELETED_TOGETHER) {
    await database.transaction((tx) =>
      tx.manager.query('DELETE FROM statement_line WHERE statement_id = ? AND line_no >= ? AND line_no < ?', [
        statementId,
        from,
        from + DELETED_TOGETHER,
      ]),
    );
  }
}
