import { stat } from 'node:fs/promises';
import { type FileKind, fileKind } from './file-kind.ts';
import { readText, readTextSheet } from './read-text.ts';
import { readSheets, readWorkbook, sheetBytes } from './read-workbook.ts';
import { PLAIN_CSV, type SheetFile, TABLE_LIMITS, type Table, type TableLimits, type TextFormat } from './table.ts';

/**
 * Opens a file that holds a table: CSV, CSV in gzip, or an Excel workbook. What it is, is told by its bytes and not by its name.
 * Nothing in it is evaluated. Rejects with `UnreadableTable`, and so do the rows.
 */
export async function openTable(
  path: string,
  format: TextFormat = PLAIN_CSV,
  limits: TableLimits = TABLE_LIMITS,
): Promise<Table> {
  const kind = await fileKind(path);
  if (kind === 'workbook') return { rows: () => readWorkbook(path, limits) };
  return { rows: () => readText(path, textFormat(format, kind), limits) };
}

/**
 * Opens a file that a person has made, to be told of everything in it: what a cell holds, what is hidden, what is merged. Rejects
 * with `UnreadableTable` when it is no file of sheets at all, and so do its sheets.
 */
export async function openSheets(
  path: string,
  format: TextFormat = PLAIN_CSV,
  limits: TableLimits = TABLE_LIMITS,
): Promise<SheetFile> {
  const kind = await fileKind(path);
  if (kind === 'workbook') {
    return { format: 'xlsx', totalBytes: await sheetBytes(path, limits), sheets: () => readSheets(path, limits) };
  }
  return {
    format: 'csv',
    totalBytes: (await stat(path)).size,
    async *sheets() {
      yield {
        name: undefined,
        isHidden: false,
        pieces: () => readTextSheet(path, textFormat(format, kind), limits),
      };
    },
  };
}

const textFormat = (format: TextFormat, kind: FileKind) => ({ ...format, gzip: kind === 'gzip' });
