import { In, IsNull } from 'typeorm';
import { addDays, businessDay } from '../../kernel/index.ts';
import type { ReconDeps } from './recon-deps.ts';
import { unitsOf } from './recon-units.ts';
import { type Statement, StatementSchema } from './statement.ts';

/** An old statement that was read late is looked at, but not one of another year. */
export const OLDEST_DAYS = 40;

/** A statement that counts and of which no night has been through every day yet. */
export type NewStatement = Pick<Statement, 'id' | 'side' | 'party' | 'fromMs' | 'toMs'>;

/**
 * Those that no night has compared. It is kept with each and not told from times: the night that died, and the statement that was
 * accepted while one ran, leave no gap behind which days are forgotten.
 */
export function newStatements({ database }: ReconDeps): Promise<NewStatement[]> {
  return database.reader.find(StatementSchema, {
    where: { state: 'complete', comparedAtMs: IsNull() },
    select: { id: true, side: true, party: true, fromMs: true, toMs: true },
  });
}

/**
 * The calendar days of which it can have lines, in the time zone of whoever it is about, up to `last` and no older than what a night
 * looks back to; none of an account that only pays, which has a pass of its own.
 */
export function daysOfStatement(deps: ReconDeps, statement: NewStatement, last: string): string[] {
  const { side, party, fromMs, toMs } = statement;
  if (fromMs === null || toMs === null || (side === 'operator' && !deps.operators.has(party))) return [];
  const zones = zonesOf(deps, last);
  const days = (atMs: number) => zones.map((zone) => businessDay(atMs, zone)).sort();
  const [first = last, oldest] = [days(fromMs)[0], addDays(last, -OLDEST_DAYS)];
  const end = days(toMs - 1).at(-1) ?? last;
  const found: string[] = [];
  for (let day = first < oldest ? oldest : first; day <= end && day <= last; day = addDays(day, 1)) found.push(day);
  return found;
}

const zonesOf = (deps: ReconDeps, day: string) => [...new Set(unitsOf(deps, day).map(({ timeZone }) => timeZone))];

/**
 * Ends their being new, once a night as of `asOf` has been through all their days but the `unsure`. One that reaches past that night, or for
 * an account that only pays past the days whose lines have had their time to come, is the next night's too.
 */
export async function markCompared(
  deps: ReconDeps,
  statements: readonly NewStatement[],
  { asOf, unsure }: { asOf: string; unsure: ReadonlySet<string> },
): Promise<void> {
  const { operators, runtime, database, reconSettings } = deps;
  const zones = zonesOf(deps, asOf);
  const isDone = (statement: NewStatement) => {
    const { side, party, toMs } = statement;
    const isPaying = side === 'operator' && !operators.has(party);
    const last = isPaying ? addDays(asOf, -reconSettings.waitDays) : asOf;
    const isOver = toMs === null || zones.every((zone) => businessDay(toMs - 1, zone) <= last);
    return isOver && !daysOfStatement(deps, statement, asOf).some((day) => unsure.has(day));
  };
  const ids = statements.filter(isDone).map(({ id }) => id);
  for (let at = 0; at < ids.length; at += TOGETHER) {
    const where = { id: In(ids.slice(at, at + TOGETHER)) };
    await database.transaction((tx) => tx.update(StatementSchema, where, { comparedAtMs: runtime.clock.now() }));
  }
}

const TOGETHER = 500;
