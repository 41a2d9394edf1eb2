import { IsNull, LessThan, MoreThanOrEqual, Or } from 'typeorm';
import { ledgerAccount, type NewEntry, postEntries } from '../../money/ledger/index.ts';
import { type Statement, StatementSchema } from '../reconciliation/index.ts';
import type { SettlementDeps } from './deps.ts';
import { entryKind } from './entry-kinds.ts';

const LINES_TOGETHER = 500;

const unbooked = (among: string) => `SELECT l.id, l.amount_minor, l.currency FROM statement_line l
JOIN statement s ON s.id = l.statement_id AND s.state = 'complete'
LEFT JOIN ledger_entry e ON e.subject_id = l.id AND e.kind = '${entryKind.charge}'
WHERE ${among} AND l.line_state = 'accepted' AND l.side = 'operator'
  AND l.line_kind = 'charge' AND l.amount_minor <> 0 AND e.id IS NULL
ORDER BY l.id LIMIT ${LINES_TOGETHER}`;

const OF_RECENT_DAYS = unbooked('l.party = ? AND l.day >= ?');
const OF_ONE_STATEMENT = unbooked('l.statement_id = ?');

interface WhoseCharges {
  operator: string;
  /** Lines of days from this one on are looked through. */
  sinceDay: string;
  /** The same instant; what was read since, of whatever days, is looked through as well. */
  sinceMs: number;
  signal?: AbortSignal | undefined;
}

/** Books what an operator took for its service, line by line, once: debit charges, credit float. How many were booked. */
export async function bookCharges(deps: SettlementDeps, whose: WhoseCharges): Promise<number> {
  const { operator, sinceDay, signal } = whose;
  let booked = await bookLines(deps, operator, { sql: OF_RECENT_DAYS, values: [operator, sinceDay] }, signal);
  for (const { id } of await lateStatements(deps, whose)) {
    booked += await bookLines(deps, operator, { sql: OF_ONE_STATEMENT, values: [id] }, signal);
  }
  return booked;
}

/** Files that come months late, as the first of an operator often does. */
function lateStatements(
  { database }: SettlementDeps,
  { operator, sinceMs }: WhoseCharges,
): Promise<Pick<Statement, 'id'>[]> {
  return database.reader.find(StatementSchema, {
    select: { id: true },
    where: {
      ...{ side: 'operator', party: operator, state: 'complete' },
      ...{ startedAtMs: MoreThanOrEqual(sinceMs), fromMs: Or(LessThan(sinceMs), IsNull()) },
    },
  });
}

interface Lines {
  sql: string;
  values: string[];
}

async function bookLines(
  deps: SettlementDeps,
  operator: string,
  { sql, values }: Lines,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let booked = 0; ; ) {
    signal?.throwIfAborted();
    const count = await deps.database.transaction(async (tx) => {
      const lines: { id: string; amount_minor: unknown; currency: string }[] = await tx.manager.query(sql, values);
      await postEntries(
        deps,
        tx,
        lines.map((line) => chargeEntry(operator, line.id, BigInt(String(line.amount_minor)), line.currency)),
      );
      return lines.length;
    });
    booked += count;
    if (count < LINES_TOGETHER) return booked;
  }
}

/** A charge is below zero on the statement; one above zero is given back. */
function chargeEntry(operator: string, lineId: string, signedMinor: bigint, currency: string): NewEntry {
  const [charges, float] = [ledgerAccount.charges(operator), ledgerAccount.float(operator)];
  const amount = { amountMinor: signedMinor < 0n ? -signedMinor : signedMinor, currency };
  const movement =
    signedMinor < 0n ? { debit: charges, credit: float, amount } : { debit: float, credit: charges, amount };
  return { kind: entryKind.charge, subjectId: lineId, movements: [movement] };
}
