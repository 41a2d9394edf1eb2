import { hash } from 'node:crypto';
import { businessDay, startOfDay } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { ReadBatch, ReadFault, ReadLine } from '../../providers/statements/index.ts';
import type { StatementDeps } from './statement-deps.ts';
import { renewLease } from './statement-lease.ts';
import type { StatementSource } from './statement-source.ts';

const COLUMNS = [
  ...['id', 'statement_id', 'side', 'party', 'line_no', 'line_key', 'line_state', 'line_kind', 'day', 'at'],
  ...['receipt', 'reference', 'account', 'amount_minor', 'currency', 'payer', 'masked_payer', 'linked_receipt'],
  'detail',
] as const;
const ROW = `(${COLUMNS.map(() => '?').join(',')})`;
const INSERT = `INSERT INTO statement_line (${COLUMNS.join(', ')}) VALUES `;
/** The embedded store binds 32,766 values at most. */
const ROWS_TOGETHER = 1_000;

/** Rows of one statement must be few that cannot be read: past this it is not the file that its name says. */
export const MOST_FAULTS = 1_000;

/**
 * Writes lines and faults with plain SQL, many rows a statement: a line is read once and written once, and an entity for
 * each would cost more than the store does.
 */
export async function stageLines(
  deps: StatementDeps,
  statementId: string,
  source: StatementSource,
  { lines, faults }: ReadBatch,
  linesBefore: number,
): Promise<void> {
  const dayOf = makeDays(source.timeZone);
  for (let start = 0; start < lines.length || start === 0; start += ROWS_TOGETHER) {
    const piece = lines.slice(start, start + ROWS_TOGETHER);
    const values: unknown[] = [];
    for (const [index, line] of piece.entries()) {
      const id = lineId(statementId, linesBefore + start + index);
      addValues(values, id, statementId, source, line, dayOf(line.atMs));
    }
    await deps.database.transaction(async (tx) => {
      await renewLease(deps, tx, statementId);
      if (piece.length > 0) await tx.manager.query(INSERT + new Array(piece.length).fill(ROW).join(','), values);
      if (start === 0) await keepFaults(deps, tx, statementId, faults);
    });
  }
}

async function keepFaults(
  { runtime }: StatementDeps,
  tx: Tx,
  statementId: string,
  faults: readonly ReadFault[],
): Promise<void> {
  if (faults.length === 0) return;
  const values = faults.flatMap(({ lineNo, column, reason }) => {
    const said = [lineNo, column?.slice(0, 64) ?? null, reason.slice(0, 255)];
    return [runtime.ids.next(), statementId, ...said];
  });
  const rows = faults.map(() => '(?,?,?,?,?)').join(',');
  const insert = 'INSERT INTO statement_fault (id, statement_id, line_no, column_name, reason) VALUES ';
  await tx.manager.query(insert + rows, values);
}

/**
 * A statement's id with the number of a line in place of its last ten digits: as unique, in the order of the file, and cheap. The two
 * before them tell ids of one millisecond apart.
 */
function lineId(statementId: string, number: number): string {
  return statementId.slice(0, -10) + number.toString(16).padStart(10, '0');
}

function addValues(
  values: unknown[],
  id: string,
  statementId: string,
  { side, party }: StatementSource,
  line: ReadLine,
  day: string,
): void {
  const { lineNo, kind, atMs, receipt, reference, account, amountMinor, currency } = line;
  values.push(id, statementId, side, party, lineNo, keyOf(line, side), 'accepted', kind, day, atMs);
  values.push(receipt ?? null, reference ?? null, account ?? null, String(amountMinor), currency);
  values.push(line.payer ?? null, line.maskedPayer ?? null, line.linkedReceipt ?? null, line.detail);
}

/**
 * What makes two lines one. An operator's receipt is unique but for the charge beside its payment, and a file and a pull spell
 * all else differently. A biller's own reference is what the biller makes it, so the rest of the line belongs to it.
 */
function keyOf(line: ReadLine, side: StatementSource['side']): string {
  const { receipt, kind, amountMinor, currency, reference, account, atMs } = line;
  const told = [kind, receipt ?? '', String(amountMinor), currency];
  if (side === 'biller' || !receipt) told.push(reference ?? '', account ?? '');
  if (!receipt) told.push(String(atMs));
  return keyHash(told.join('\n'));
}

export function keyHash(text: string): string {
  return hash('sha256', text, 'hex');
}

/** The day of an instant; neighbours are mostly of the same one, and asking for it anew costs as much as the rest. */
function makeDays(timeZone: string): (atMs: number) => string {
  const longestDayMs = 23 * 3_600_000;
  let [day, fromMs, toMs] = ['', 0, 0];
  return (atMs) => {
    if (atMs < fromMs || atMs >= toMs) {
      day = businessDay(atMs, timeZone);
      fromMs = startOfDay(atMs, timeZone);
      toMs = fromMs + longestDayMs;
      // The last hour of a day may be cut or repeated by a change of the clock: it is asked for each time.
      if (atMs >= toMs) [fromMs, toMs] = [atMs, atMs + 1];
    }
    return day;
  };
}
