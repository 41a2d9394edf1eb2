import { stringify } from 'csv-stringify/sync';
import { type Cell, looksLikeFormula, type WrittenTable, wallClock } from './cell.ts';

/** Without it Excel reads UTF-8 as the code page of its country. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * A table as CSV (RFC 4180) in UTF-8, piece by piece; it is read as fast as it is taken. A text that a spreadsheet would compute
 * gets an apostrophe before it; numbers stay numbers, negative ones too. `above`: lines before the titles.
 */
export async function* writeCsv(
  { columns, rows }: WrittenTable,
  timeZone: string,
  above: readonly string[] = [],
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + lines([...above.map((line) => [line]), columns.map(({ title }) => title)].map(harmlessRow));
  for await (const some of rows) yield lines(some.map((row) => row.map((cell) => cellText(cell, timeZone))));
}

const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows' });

const harmlessRow = (row: readonly string[]) => row.map(harmless);

function harmless(text: string): string {
  return looksLikeFormula(text) ? `'${text}` : text;
}

function cellText(cell: Cell, timeZone: string): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return harmless(cell);
  if ('atMs' in cell) return wallClock(cell.atMs, timeZone);
  if ('text' in cell) return harmless(cell.text);
  return 'count' in cell ? String(cell.count) : cell.decimal;
}
