import { formatDecimal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Cell, columnIndex, type WrittenTable, writeCsv, writeWorkbook } from '../../platform/tables/index.ts';
import { findListRows, type ListRowView } from './find-list-rows.ts';
import type { ListColumn } from './find-names.ts';
import type { Finding } from './finding.ts';
import { findingText, findingWords } from './finding-text.ts';
import { findingsOf, namesOf, type PayoutList } from './payout-list.ts';
import type { ListFile, ListWriterDeps } from './write-template.ts';

export type MendedDeps = ListWriterDeps & { database: Database };

const ROWS_TOGETHER = 1_000;

/**
 * The list as it was given, with one column more that says what is to be mended, and the cells that are meant in colour: rows are read
 * as they are taken. Its names stand in the first row, and the numbers in its words are those of its own rows. What concerns
 * the whole file is a sheet of its own, or stands above the names.
 */
export function writeMendedList(
  deps: MendedDeps,
  list: PayoutList,
  { format, language, timeZone }: ListFile,
): AsyncGenerator<Buffer | string> {
  const { texts, listWords } = deps;
  const { row: namesRow, columns } = namesOf(list) ?? { row: 1, columns: [] };
  const moved = namesRow - 1;
  const words = { texts, words: listWords };
  const placed = new Map<number, Finding[]>();
  const whole: string[] = [];
  for (const finding of findingsOf(list)) {
    const { row } = finding;
    if (row === null || row <= namesRow) whole.push(findingText(words, language, finding));
    else placed.set(row, [...(placed.get(row) ?? []), finding]);
  }
  const told = (finding: Finding) => {
    const { row } = finding.values;
    const values = typeof row === 'number' ? { ...finding.values, row: row - moved } : finding.values;
    const said = findingWords(words, language, { ...finding, values });
    return finding.title ? `${finding.title}: ${said}` : said;
  };
  const kept = columns.map((column, at) => ({ ...column, at })).filter(({ field }) => field !== 'mend');
  const mendTitle = listWords.titleOf('mend', language);
  const table: WrittenTable = {
    title: list.sheet ?? texts.formatForPrint(language, 'lists.mended.title'),
    columns: [
      ...kept.map(({ title, field }) => ({ title, width: Math.max(14, title.length + 2), isText: field === 'phone' })),
      { title: mendTitle, width: 80 },
    ],
    rows: mendedRows(deps, list, { kept, placed, told, namesRow }),
  };
  if (format === 'csv') return writeCsv(table, timeZone, whole);
  const above: WrittenTable[] =
    whole.length === 0
      ? []
      : [{ title: mendTitle, columns: [{ title: mendTitle, width: 120 }], rows: once(whole.map((line) => [line])) }];
  return writeWorkbook([table, ...above], { timeZone });
}

interface Mending {
  kept: readonly (ListColumn & { at: number })[];
  placed: ReadonlyMap<number, Finding[]>;
  told(finding: Finding): string;
  namesRow: number;
}

async function* mendedRows(deps: MendedDeps, list: PayoutList, mending: Mending): AsyncGenerator<Cell[][]> {
  let last = mending.namesRow;
  for (;;) {
    const rows = await findListRows(deps, list, { afterRow: last, most: ROWS_TOGETHER });
    if (rows.length === 0) return;
    const written: Cell[][] = [];
    for (const row of rows) {
      // Where the file had an empty row the copy has one, so that the numbers of rows stay true.
      for (; last + 1 < row.rowNo; last += 1) {
        written.push([]);
        if (written.length >= ROWS_TOGETHER) yield written.splice(0);
      }
      written.push(mendedRow(list, row, mending));
      last = row.rowNo;
    }
    yield written;
  }
}

function mendedRow(list: PayoutList, row: ListRowView, { kept, placed, told }: Mending): Cell[] {
  const findings = [...row.findings, ...(placed.get(row.rowNo) ?? [])];
  const cells = kept.map(({ at, field }): Cell => {
    const own = findings.filter((finding) => isOfColumn(finding, at));
    const text = row.cells[at] ?? '';
    if (own.length > 0) {
      return { text, mark: own.some(({ severity }) => severity === 'fault') ? 'fault' : 'warning' };
    }
    if (field === 'amount' && row.amountMinor !== null) {
      return { decimal: formatDecimal({ amountMinor: row.amountMinor, currency: list.currency }) };
    }
    return text === '' ? null : text;
  });
  if (findings.length === 0) return [...cells, null];
  const mark = findings.some(({ severity }) => severity === 'fault') ? 'fault' : 'warning';
  return [...cells, { text: findings.map(told).join(' '), mark }];
}

const isOfColumn = ({ column }: Finding, at: number) => column !== null && columnIndex(column) === at;

async function* once<T>(rows: T[]): AsyncGenerator<T[]> {
  yield rows;
}
