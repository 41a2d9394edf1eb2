import {
  openSheets,
  PLAIN_CSV,
  type Sheet,
  type SheetFile,
  TABLE_LIMITS,
  type TableLimits,
  UnreadableTable,
} from '../../platform/tables/index.ts';
import { MOST_ROWS_ABOVE, type NamesRow, readNames } from './find-names.ts';
import { MOST_LIST_COLUMNS } from './list-rules.ts';
import type { ListWords } from './list-words.ts';

const MIB = 1024 ** 2;
/** Far more than a list has; a list of a hundred thousand rows is a tenth of it. */
const LIMITS: TableLimits = {
  ...TABLE_LIMITS,
  textBytes: 256 * MIB,
  workbookBytes: 256 * MIB,
  sharedTextBytes: 48 * MIB,
  rowBytes: 32 * 1024,
  columns: MOST_LIST_COLUMNS,
};
const DELIMITERS = [',', ';', '\t'] as const;

/** Opens a list: a workbook, or CSV with whatever stands between its values. Rejects with `UnreadableTable`. */
export async function openList(path: string, words: ListWords): Promise<SheetFile> {
  const plain = await openSheets(path, PLAIN_CSV, LIMITS);
  if (plain.format === 'xlsx') return plain;
  let problem: unknown;
  for (const delimiter of DELIMITERS) {
    const file = await openSheets(path, { ...PLAIN_CSV, delimiter }, LIMITS);
    try {
      if (await hasNames(file, words)) return file;
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined) throw problem;
  return plain;
}

async function hasNames(file: SheetFile, words: ListWords): Promise<boolean> {
  for await (const sheet of file.sheets()) return (await namesAtTop(sheet, words)).names !== undefined;
  return false;
}

/** The names of a sheet's columns, if it is a list: no more of it is read than that takes. Names that lack one count if no others follow. */
export async function namesAtTop(
  sheet: Sheet,
  words: ListWords,
): Promise<{ names: NamesRow | undefined; isEmpty: boolean }> {
  let names: NamesRow | undefined;
  let rows = 0;
  for await (const piece of sheet.pieces()) {
    for (const row of piece.rows) {
      const found = readNames(row, words);
      if (found && !found.missing) return { names: found, isEmpty: false };
      names ??= found;
      rows += 1;
      if (rows > MOST_ROWS_ABOVE) return { names, isEmpty: false };
    }
  }
  return { names, isEmpty: rows === 0 };
}
