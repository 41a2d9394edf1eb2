import { z } from 'zod';
import { nairobiDay, nairobiStamp, readNairobiTime } from '../../basis/index.ts';
import { decimal, type Transaction } from '../operator-books.ts';
import { type StatementRow, statementRows } from './statement-rows.ts';
import { writeWorkbook } from './write-workbook.ts';

const instant = z.string().transform((text, context) => {
  const atMs = readNairobiTime(text.length === 10 ? `${text} 00:00:00` : text);
  if (atMs !== undefined) return atMs;
  context.addIssue({ code: 'custom', message: 'not a time such as 2026-11-20 08:00:00' });
  return z.NEVER;
});

/** What may be asked of the portal. Times are Nairobi's; `to` is not part of the period. */
export const StatementQuery = z.strictObject({
  /** Somebody's own; left out, the gateway's. */
  shortCode: z.string().optional(),
  from: instant,
  to: instant,
  format: z.enum(['csv', 'xlsx']).default('csv'),
  /** Which row comes first. */
  order: z.enum(['oldest', 'newest']).default('newest'),
  dates: z.enum(['year-month-day', 'day-month-year']).default('year-month-day'),
  /** What the operator takes of a payment, in basis points: a row of its own for each. */
  chargeBps: z.coerce.number().int().min(0).max(1_000).default(0),
});
export type StatementQuery = z.infer<typeof StatementQuery>;

const NAMES = [
  ...['Receipt No.', 'Completion Time', 'Initiation Time', 'Details', 'Transaction Status', 'Paid In', 'Withdrawn'],
  ...['Balance', 'Balance Confirmed', 'Reason Type', 'Other Party Info', 'Linked Transaction ID', 'A/C No.'],
];

/** The organisation statement as the operator's portal exports it, from its own books. */
export async function exportStatement(
  transactions: readonly Transaction[],
  shortCode: string,
  query: StatementQuery,
): Promise<{ name: string; contentType: string; content: string | Buffer }> {
  const { openingMinor, closingMinor, rows } = statementRows(transactions, query);
  const date = (atMs: number) => writeTime(atMs, query.dates);
  const table = [
    ['Organization Name:', 'MALIPO'],
    ['Short Code:', shortCode],
    ['Account:', 'Utility Account'],
    ['Time Period:', `From ${date(query.from)} To ${date(query.to)}`],
    ['Operator:', 'simulator'],
    ['Opening Balance:', grouped(openingMinor)],
    ['Closing Balance:', grouped(closingMinor)],
    [],
    NAMES,
    ...rows.map((row) => cellsOf(row, date)),
  ];
  const name = `ORG_${shortCode}_${nairobiDay(query.from)}.${query.format}`;
  if (query.format === 'xlsx') {
    const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    return { name, contentType, content: await writeWorkbook(table) };
  }
  return { name, contentType: 'text/csv; charset=utf-8', content: table.map(csvLine).join('') };
}

function cellsOf(row: StatementRow, date: (atMs: number) => string): string[] {
  const { receipt, atMs, details, amountMinor, balanceMinor, reason, party, linkedReceipt, account } = row;
  const [paidIn, withdrawn] = amountMinor >= 0n ? [grouped(amountMinor), ''] : ['', grouped(amountMinor)];
  const money = [paidIn, withdrawn, grouped(balanceMinor), 'TRUE'];
  return [receipt, date(atMs), date(atMs), details, 'Completed', ...money, reason, party, linkedReceipt, account];
}

function writeTime(atMs: number, dates: StatementQuery['dates']): string {
  const [year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(nairobiStamp(atMs))?.slice(1) ?? [];
  const written = dates === 'year-month-day' ? `${year}-${month}-${day}` : `${day}-${month}-${year}`;
  return `${written} ${hour}:${minute}:${second}`;
}

/** `-1,250.00` */
function grouped(amountMinor: bigint): string {
  return decimal(amountMinor, 'KES').replace(/\B(?=(\d{3})+\.)/g, ',');
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
