import { basename } from 'node:path';
import excel from 'exceljs';
import {
  type CheckedRow,
  type Finding,
  findingText,
  type ListRules,
  loadListWords,
  openList,
  readList,
  refusalOf,
} from '../../../src/domain/payout-lists/index.ts';
import { columnName } from '../../../src/platform/tables/index.ts';
import { loadTexts } from '../../../src/platform/texts/index.ts';

export const words = loadListWords('menus/payout-lists.yaml', ['en', 'fr', 'sw']);
export const texts = loadTexts('menus/texts', { defaultLanguage: 'en', timeZone: 'Africa/Nairobi' });

export const rules: ListRules = {
  country: 'KE',
  currency: 'KES',
  operators: [{ name: 'mpesa', country: 'KE', hasWholeAmountsOnly: true }],
  purposes: ['salary', 'sales-incentive', 'promotion', 'dividend'],
  leastMinor: 10_00n,
  mostMinor: 250_000_00n,
  mostTotalMinor: 100_000_000_00n,
  mostRows: 100_000,
};

export interface ReadWhole {
  rows: CheckedRow[];
  /** Of the file and of its rows, in words: `phone.missing 3B`, `file.seen-before`. */
  found: string[];
  findings: Finding[];
}

/** Reads a whole file; `refused` instead of rows when nothing of it is taken. */
export async function readFile(
  path: string,
  changes: Partial<ListRules> = {},
  fileName = basename(path),
): Promise<ReadWhole & { refused?: string; sentence?: string }> {
  const read: ReadWhole = { rows: [], found: [], findings: [] };
  try {
    const file = await openList(path, words);
    for await (const piece of readList(file, { fileName, rules: { ...rules, ...changes }, words })) {
      read.rows.push(...piece.rows);
      read.findings.push(...piece.findings);
    }
  } catch (error) {
    const finding = refusalOf(error);
    if (!finding) throw error;
    return { ...read, refused: placed(finding), sentence: findingText({ texts, words }, 'en', finding) };
  }
  read.found = [
    ...read.findings.map(placed),
    ...read.rows.flatMap(({ rowNo, findings }) =>
      findings.map(({ code, column }) => `${code} ${column === null ? '' : columnName(column)}${rowNo}`),
    ),
  ];
  return read;
}

const placed = ({ code, row, column }: Finding) =>
  row === null && column === null ? code : `${code} ${column ?? ''}${row ?? ''}`;

/** A workbook with one sheet, written by exceljs. */
export async function workbook(fill: (sheet: excel.Worksheet, book: excel.Workbook) => void): Promise<Buffer> {
  const book = new excel.Workbook();
  fill(book.addWorksheet('May'), book);
  return Buffer.from(await book.xlsx.writeBuffer());
}
