import type { Table, TableRow } from '../../../../platform/tables/index.ts';
import {
  type DateOrder,
  findColumns,
  MOST_ROWS_BEFORE_NAMES,
  type ReadBatch,
  type ReadingEnd,
  type StatementReading,
  StatementRefused,
  yearPlace,
} from '../../../statements/index.ts';
import { nairobiInstant } from '../nairobi-time.ts';
import { makeBalanceChain } from './balance-chain.ts';
import { makeDateProof } from './date-order.ts';
import { type Preamble, periodOf, readPreamble, refuseOtherShortCode } from './preamble.ts';
import { COLUMNS, type Places, readRow } from './statement-row.ts';

const CURRENCY = 'KES';

export interface MpesaStatementFile {
  /** Of the account whose statement it must be; empty: whichever it is. */
  shortCode: string;
  nowMs: number;
  /** When the file was last written to, which is not before it was exported. */
  writtenAtMs?: number;
  /** Refused when it does not say of which short code it is: many accounts have statements here, and a mixed up one would decide of another's. */
  mustNameAccount?: boolean;
}

/**
 * The organisation statement that M-PESA's portal exports, as CSV or Excel: some lines about it, the names of the columns,
 * then the movements, oldest or newest first. It is whole when its balances are one chain and every row was read; otherwise
 * it is refused, since what is missing from it cannot be known. A file with the year last in its dates is read twice.
 */
export async function* readMpesaStatement(
  table: Table,
  { shortCode, nowMs, writtenAtMs = nowMs, mustNameAccount }: MpesaStatementFile,
): StatementReading {
  const order = await proveDateOrder(table, nowMs);
  const chain = makeBalanceChain();
  const seen = { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY };
  let preamble: Preamble | undefined;
  let firstFault: string | undefined;
  let faults = 0;
  for await (const { head, places, rows } of movements(table)) {
    preamble ??= readPreamble(head, CURRENCY);
    refuseOtherShortCode(preamble, shortCode, mustNameAccount);
    const batch: ReadBatch = { lines: [], faults: [] };
    for (const row of rows) {
      const read = readRow(row, places, order, CURRENCY);
      if (read.kind === 'line') {
        batch.lines.push(read.line);
        const { lineNo, atMs, amountMinor } = read.line;
        chain.add({ lineNo, atMs, amountMinor, balanceMinor: read.balanceMinor });
        seen.firstMs = Math.min(seen.firstMs, atMs);
        seen.lastMs = Math.max(seen.lastMs, atMs);
      } else if (read.kind === 'fault') {
        batch.faults.push({ lineNo: row.lineNo, column: read.column, reason: read.reason });
        firstFault ??= `line ${row.lineNo}, column "${read.column}": ${read.reason}`;
        faults += 1;
      }
    }
    yield batch;
  }
  const more = faults > 1 ? ` (and ${faults - 1} more rows that cannot be read)` : '';
  if (firstFault !== undefined) throw new StatementRefused(firstFault + more);
  if (!preamble)
    throw new StatementRefused(`there is no line with the names of the columns (${COLUMNS[0]}, ${COLUMNS[1]}, ...)`);
  return prove(chain, preamble, order, { ...seen, madeByMs: Math.min(nowMs, writtenAtMs) });
}

/**
 * What the chain proves, and what it covers: the period that the file names, if its balances are where the chain begins and ends, and no further
 * than to when it was made: who asks for all of today at noon gets both balances, and nothing of the afternoon.
 */
function prove(
  chain: ReturnType<typeof makeBalanceChain>,
  preamble: Preamble,
  order: DateOrder,
  seen: { firstMs: number; lastMs: number; madeByMs: number },
): ReadingEnd {
  const end = chain.end();
  if (end.kind === 'broken') {
    throw new StatementRefused(
      `line ${end.lineNo}, column "Balance": it does not follow from the rows around it; one is missing`,
    );
  }
  const { openingMinor, closingMinor } = preamble;
  const period = periodOf(preamble, order);
  const named = period && madeBy(seen, { fromMs: nairobiInstant(period.fromMs), toMs: nairobiInstant(period.toMs) });
  if (end.kind === 'empty') {
    const isEmpty = openingMinor !== undefined && openingMinor === closingMinor;
    return isEmpty ? { proof: 'balance-chain', ...named, closingMinor } : { proof: 'none' };
  }
  for (const [what, said, found] of [
    ['opening', openingMinor, end.openingMinor],
    ['closing', closingMinor, end.closingMinor],
  ] as const) {
    if (said === undefined || said === found) continue;
    throw new StatementRefused(`the ${what} balance of the file is not that of its rows: rows are missing at one end`);
  }
  const isAnchored = openingMinor !== undefined && closingMinor !== undefined;
  // Without both balances, rows before the first and after the last may have been cut off.
  const covered = isAnchored && named ? named : { fromMs: seen.firstMs, toMs: seen.lastMs };
  return { proof: 'balance-chain', ...covered, closingMinor: end.closingMinor };
}

/** A time of the file before its last row is none: then it covers up to that row. */
function madeBy(
  { lastMs, madeByMs }: { lastMs: number; madeByMs: number },
  { fromMs, toMs }: { fromMs: number; toMs: number },
): { fromMs: number; toMs: number } {
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, Math.max(madeByMs, lastMs))) };
}

interface Movements {
  head: readonly TableRow[];
  places: Places;
  rows: readonly TableRow[];
}

/** The rows below the names of the columns. The first one tells of the names even if no row follows. */
async function* movements(table: Table): AsyncGenerator<Movements> {
  const head: TableRow[] = [];
  let places: Places | undefined;
  for await (const rows of table.rows()) {
    let from = 0;
    while (!places && from < rows.length) {
      const row = rows[from] as TableRow;
      from += 1;
      places = findColumns(row, COLUMNS);
      if (!places && head.push(row) > MOST_ROWS_BEFORE_NAMES) return;
    }
    if (places) yield { head, places, rows: rows.slice(from) };
  }
}

async function proveDateOrder(table: Table, nowMs: number): Promise<DateOrder> {
  const proof = makeDateProof(nowMs);
  for await (const { places, rows } of movements(table)) {
    for (const { lineNo, cells } of rows) {
      const cell = (name: string) => cells[places[name] as number]?.trim() ?? '';
      proof.see({ lineNo, text: cell('Completion Time'), receipt: cell('Receipt No.') });
      // With the year first there is one order, and rows that are written otherwise are told one by one.
      if (yearPlace(cell('Completion Time')) === 'first') return 'year-month-day';
    }
  }
  return proof.decide();
}
