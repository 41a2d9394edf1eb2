import { collectRows } from './collect-rows.ts';
import {
  ROWS_TOGETHER,
  type Sheet,
  type SheetPiece,
  type TableLimits,
  type TableRow,
  UnreadableTable,
} from './table.ts';
import { openArchive, type WorkbookArchive } from './workbook-archive.ts';
import { parseXml, readParts, readSheetList, type WorkbookParts } from './workbook-parts.ts';

/**
 * Rows of the one sheet of a workbook that has any. A cell with a date becomes `2026-11-20` or `2026-11-20 12:00:00`, a number
 * its shortest decimal. Formulas are refused: what they would say is for a spreadsheet to find out.
 */
export async function* readWorkbook(path: string, limits: TableLimits): AsyncGenerator<readonly TableRow[]> {
  let sheetWithRows: string | undefined;
  for await (const { name = '', pieces } of sheetsOf(path, limits, true)) {
    for await (const { rows } of pieces()) {
      if (rows.length === 0) continue;
      sheetWithRows ??= name;
      if (sheetWithRows !== name) {
        throw new UnreadableTable(`the sheets "${sheetWithRows}" and "${name}" both have rows: leave one in the file`, {
          fault: 'several-sheets',
        });
      }
      yield rows.map(({ lineNo, cells }) => ({ lineNo, cells }));
    }
  }
}

/** Every sheet of a workbook, with whatever was done to it. */
export function readSheets(path: string, limits: TableLimits): AsyncGenerator<Sheet> {
  return sheetsOf(path, limits, false);
}

/** The bytes of its sheets, as the archive says. */
export async function sheetBytes(path: string, limits: TableLimits): Promise<number> {
  const archive = await openArchive(path, limits);
  try {
    const { sheets } = await readSheetList(archive);
    return sheets.reduce((sum, { part }) => sum + archive.bytesOf(part), 0);
  } finally {
    archive.close();
  }
}

async function* sheetsOf(path: string, limits: TableLimits, hasValuesOnly: boolean): AsyncGenerator<Sheet> {
  const archive = await openArchive(path, limits);
  try {
    const parts = await readParts(archive, limits);
    for (const sheet of parts.sheets) {
      const { name, isHidden } = sheet;
      yield { name, isHidden, pieces: () => readSheet(archive, parts, sheet, limits, hasValuesOnly) };
    }
  } finally {
    archive.close();
  }
}

async function* readSheet(
  archive: WorkbookArchive,
  parts: WorkbookParts,
  { name, part }: WorkbookParts['sheets'][number],
  limits: TableLimits,
  hasValuesOnly: boolean,
): AsyncGenerator<SheetPiece> {
  const source = archive.read(part, limits.workbookBytes);
  // Charts and dialogs are sheets without rows.
  if (!source) return;
  const { ready, marks, events, grew } = collectRows(parts, name, limits, { hasValuesOnly });
  let bytes = 0;
  const piece = (most: number): SheetPiece => {
    const taken = { rows: ready.splice(0, most), marks: marks.splice(0), bytes };
    bytes = 0;
    return taken;
  };
  for await (const count of parseXml(part, source, events)) {
    grew(count);
    bytes += count;
    while (ready.length >= ROWS_TOGETHER) yield piece(ROWS_TOGETHER);
  }
  yield piece(ready.length);
}
