import { InvariantError } from '../../kernel/index.ts';
import { type ReadBatch, type ReadingEnd, StatementRefused } from '../../providers/statements/index.ts';
import { compareBalances } from './compare-balances.ts';
import { discardStatement } from './discard-statement.ts';
import { markRepeats, tellEqualsApart } from './mark-repeats.ts';
import { MOST_FAULTS, stageLines } from './stage-lines.ts';
import { type Statement, StatementSchema } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';
import { beginStatement, LeaseLost, renewLease } from './statement-lease.ts';
import type { StatementSource } from './statement-source.ts';

export type ImportResult =
  /**
   * It counts. `repeated`: lines that counted already by another statement. `apart`: where its balances do not meet those of the
   * statement before or after it, a sentence each.
   */
  | { kind: 'complete'; statement: Statement; repeated: number; apart: string[] }
  /** Nothing of it counts; `problem` names the place. Its row and its faults are kept unless the file was seen before, as `earlier`. */
  | { kind: 'refused'; statementId: string | undefined; problem: string; earlier?: Statement }
  /** Another statement of the party is being read; this one can be given again. */
  | { kind: 'busy'; problem: string };

export interface ImportOptions {
  /** Called with the lines read so far, after each batch. */
  onProgress?: (lines: number) => void;
  /** Ends the import between two batches, with nothing accepted. */
  signal?: AbortSignal;
}

/**
 * Reads a statement into the staging tables, some lines at a time, and lets it count in one commit once it is proven whole.
 * Until then, and if it is refused, nothing has changed. A reader that dies leaves what the next one of the party cleans up.
 * Throws when the store fails or on a bug; then too nothing counts.
 */
export async function importStatement(
  deps: StatementDeps,
  source: StatementSource,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const begun = await beginStatement(deps, source);
  if (begun.kind === 'seen-before') {
    const when = new Date(begun.earlier.finishedAtMs ?? 0).toISOString();
    const problem = `This file was read before, as ${begun.earlier.fileName} at ${when}: the same bytes count once.`;
    return { kind: 'refused', statementId: undefined, problem, earlier: begun.earlier };
  }
  if (begun.kind === 'busy') {
    const other = begun.other.fileName ?? `a statement by ${begun.other.source}`;
    return { kind: 'busy', problem: `${source.party}: ${other} is being read at this moment.` };
  }
  const { id } = begun.statement;
  try {
    const read = await readAll(deps, id, source, options);
    // A table that has just doubled looks empty to a server that plans by old counts.
    await deps.database.refreshStatistics('statement_line');
    await tellEqualsApart(deps, begun.statement);
    const repeated = await markRepeats(deps, id);
    const { statement, apart } = await accept(deps, begun.statement, read, source.timeZone);
    deps.log.info({ statementId: id, party: source.party, lines: read.lines, repeated }, 'a statement was accepted');
    if (apart.length > 0) deps.log.warn({ statementId: id, apart }, 'lines are missing between two statements');
    return { kind: 'complete', statement, repeated, apart };
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'busy', problem: `${source.party}: ${error.message}.` };
    const problem = error instanceof Error ? error.message : String(error);
    await discardStatement(deps, id, problem);
    if (!isRefusal(error)) throw error;
    deps.log.warn({ statementId: id, party: source.party, problem }, 'a statement was refused');
    return { kind: 'refused', statementId: id, problem };
  }
}

/** Thrown by the reading itself, not by the store beneath or a bug: the statement, or the interface that gives it, is at fault. */
class ReadingFailed extends Error {
  override readonly name = 'ReadingFailed';
}

function isRefusal(error: unknown): boolean {
  return error instanceof StatementRefused || error instanceof ReadingFailed;
}

type Totals = Pick<Statement, 'lines' | 'faults' | 'inMinor' | 'outMinor'>;

async function readAll(
  deps: StatementDeps,
  id: string,
  source: StatementSource,
  { onProgress, signal }: ImportOptions,
): Promise<Totals & ReadingEnd> {
  const totals: Totals = { lines: 0, faults: 0, inMinor: 0n, outMinor: 0n };
  const reading = source.read();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await reading.next().catch(refuse);
      if (next.done) return { ...totals, ...next.value };
      await stageLines(deps, id, source, next.value, totals.lines);
      count(totals, next.value);
      onProgress?.(totals.lines);
    }
  } finally {
    // Files and requests of a reading that was not read to its end are closed.
    await reading.return({ proof: 'none' });
  }
}

function refuse(error: unknown): never {
  if (error instanceof StatementRefused || error instanceof InvariantError || error instanceof TypeError) throw error;
  throw new ReadingFailed(error instanceof Error ? error.message : String(error), { cause: error });
}

function count(totals: Totals, { lines, faults }: ReadBatch): void {
  totals.lines += lines.length;
  totals.faults += faults.length;
  for (const { amountMinor } of lines) {
    if (amountMinor >= 0n) totals.inMinor += amountMinor;
    else totals.outMinor -= amountMinor;
  }
  if (totals.faults > MOST_FAULTS) throw new StatementRefused(`more than ${MOST_FAULTS} rows cannot be read`);
}

async function accept(
  deps: StatementDeps,
  statement: Statement,
  read: Totals & ReadingEnd,
  timeZone: string,
): Promise<{ statement: Statement; apart: string[] }> {
  const { proof, fromMs = null, toMs = null, closingMinor = null, lines, faults, inMinor, outMinor } = read;
  const totals = { proof, fromMs, toMs, closingMinor, lines, faults, inMinor, outMinor };
  const free = { readingKey: null, leaseUntilMs: null };
  const patch = { ...totals, ...free, state: 'complete' as const, finishedAtMs: deps.runtime.clock.now() };
  const accepted: Statement = { ...statement, ...patch };
  const apart = await deps.database.transaction(async (tx) => {
    await renewLease(deps, tx, statement.id);
    await tx.update(StatementSchema, { id: statement.id, state: 'reading' }, patch);
    return compareBalances(deps, tx, accepted, timeZone);
  });
  return { statement: accepted, apart };
}
