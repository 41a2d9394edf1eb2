import { basename } from 'node:path';
import { isDay, parseMoney } from '../../kernel/index.ts';
import { hashFile, openTable, PLAIN_CSV, TABLE_LIMITS, type TableRow } from '../../platform/tables/index.ts';
import { type BankLineFate, confirmFromStatement } from './confirm-from-statement.ts';
import type { Doer, FundingDeps } from './funding-deps.ts';

/** twice: the file has that reference on a line before, so money may have come twice. unreadable: no day, reference or amount. out: money that went. */
export type StatementFate = BankLineFate | 'twice' | 'unreadable' | 'out';

export interface StatementLine {
  /** Of the file, from 1. */
  lineNo: number;
  day: string;
  reference: string;
  /** As it was written. */
  amount: string;
}

export interface StatementReport {
  counts: Readonly<Partial<Record<StatementFate, number>>>;
  /** What became of each line, but those of money that went; the first so many. */
  shown: readonly (StatementLine & { fate: StatementFate })[];
}

/** The file has no first row that names `date`, `reference` and `amount`. */
export class NotABankStatement extends Error {
  override readonly name = 'NotABankStatement';
}

const COLUMNS = ['date', 'reference', 'amount'] as const;
type Places = Record<(typeof COLUMNS)[number] | 'width', number>;

const LIMITS = { ...TABLE_LIMITS, rows: 100_000, textBytes: 32 * 1024 ** 2, workbookBytes: 64 * 1024 ** 2 };
const MOST_SHOWN = 1_000;
const LONGEST_CELL = 64;
/** Others are no references of ours, and need no look at the store. */
const OURS = /^F[2-9A-HJ-NP-Z]{9}$/;

/**
 * Reads a list of the bank's lines: CSV or a workbook whose first row names `date` (2026-12-31), `reference` and `amount` (1250.00; money that
 * went out has a minus), in any order and among others. A line whose reference and amount are those of an announced funding, exactly, confirms that its money came;
 * all others are only reported. To read a file again changes nothing. Rejects with `UnreadableTable` and `NotABankStatement`, before anything is confirmed.
 */
export async function readBankStatement(
  deps: FundingDeps,
  reader: Doer,
  { path, currency }: { path: string; currency: string },
): Promise<StatementReport> {
  const file = `${basename(path).slice(0, LONGEST_CELL)} (${(await hashFile(path)).slice(0, 12)})`;
  const counts: Partial<Record<StatementFate, number>> = {};
  const shown: (StatementLine & { fate: StatementFate })[] = [];
  const seen = new Set<string>();
  for (const line of await readLines(path)) {
    const fate = await fateOf(deps, reader, line, { file, currency, seen });
    counts[fate] = (counts[fate] ?? 0) + 1;
    if (fate !== 'out' && shown.length < MOST_SHOWN) shown.push({ ...line, fate });
  }
  return { counts, shown };
}

/** All of them, before anything is done about one: a file that breaks off in its middle has confirmed nothing. */
async function readLines(path: string): Promise<StatementLine[]> {
  const table = await openTable(path, PLAIN_CSV, LIMITS);
  const lines: StatementLine[] = [];
  let places: Places | undefined;
  for await (const rows of table.rows()) {
    for (const row of rows) {
      if (places) lines.push(readLine(row, places));
      else places = placesOf(row);
    }
  }
  if (!places) throw new NotABankStatement('the file is empty');
  return lines;
}

function placesOf({ cells }: TableRow): Places {
  const titles = cells.map((cell) => cell.trim().toLowerCase());
  const [date, reference, amount] = COLUMNS.map((column) => {
    const at = titles.indexOf(column);
    if (at < 0) throw new NotABankStatement(`the first row names no column "${column}"`);
    if (titles.lastIndexOf(column) !== at) throw new NotABankStatement(`the first row names "${column}" twice`);
    return at;
  }) as [number, number, number];
  return { date, reference, amount, width: titles.length };
}

function readLine({ lineNo, cells }: TableRow, { date, reference, amount, width }: Places): StatementLine {
  // More cells than titles: a comma within an amount would make 50 of 50,000.
  const isTorn = cells.slice(width).some((cell) => cell.trim() !== '');
  const cell = (at: number) => (isTorn ? '' : (cells[at] ?? '').trim().slice(0, LONGEST_CELL));
  return { lineNo, day: cell(date), reference: cell(reference), amount: cell(amount) };
}

async function fateOf(
  deps: FundingDeps,
  reader: Doer,
  { lineNo, day, reference, amount: written }: StatementLine,
  { file, currency, seen }: { file: string; currency: string; seen: Set<string> },
): Promise<StatementFate> {
  if (/^-\d/.test(written)) return 'out';
  const amount = parseMoney(written, currency);
  if (!isDay(day) || !amount || reference === '') return 'unreadable';
  if (!OURS.test(reference)) return 'unknown';
  if (seen.has(reference)) return 'twice';
  seen.add(reference);
  return confirmFromStatement(deps, reader, { reference, amount, evidence: `bank, ${day}: ${file}, line ${lineNo}` });
}
