import { ROWS_TOGETHER, type TableLimits, type TableRow, UnreadableTable } from './table.ts';
import { openArchive, type WorkbookArchive } from './workbook-archive.ts';
import { parseXml, readParts, type WorkbookParts, type XmlEvents } from './workbook-parts.ts';

/**
 * Rows of the one sheet of a workbook that has any. A cell with a date becomes `2026-11-20` or `2026-11-20 12:00:00`, a number
 * its shortest decimal. Formulas are refused: what they would say is for a spreadsheet to find out.
 */
export async function* readWorkbook(path: string, limits: TableLimits): AsyncGenerator<readonly TableRow[]> {
  const archive = await openArchive(path, limits);
  try {
    const parts = await readParts(archive);
    let sheetWithRows: string | undefined;
    for (const { name, part } of parts.sheets) {
      for await (const batch of readSheet(archive, parts, { name, part }, limits)) {
        sheetWithRows ??= name;
        if (sheetWithRows !== name) {
          throw new UnreadableTable(
            `the sheets "${sheetWithRows}" and "${name}" both have rows: leave one in the file`,
          );
        }
        yield batch;
      }
    }
  } finally {
    archive.close();
  }
}

type Sheet = WorkbookParts['sheets'][number];

async function* readSheet(
  archive: WorkbookArchive,
  parts: WorkbookParts,
  sheet: Sheet,
  limits: TableLimits,
): AsyncGenerator<readonly TableRow[]> {
  const bytes = archive.read(sheet.part, limits.workbookBytes);
  // Charts and dialogs are sheets without rows.
  if (!bytes) return;
  const rows = collectRows(parts, sheet, limits);
  for await (const count of parseXml(sheet.part, bytes, rows.events)) {
    rows.grew(count);
    while (rows.ready.length >= ROWS_TOGETHER) yield rows.ready.splice(0, ROWS_TOGETHER);
  }
  if (rows.ready.length > 0) yield rows.ready;
}

interface CellSeen {
  column: number;
  type: string;
  style: number;
  text: string;
}

interface RowCollector {
  events: XmlEvents;
  ready: TableRow[];
  grew(bytes: number): void;
}

function collectRows(parts: WorkbookParts, sheet: Sheet, limits: TableLimits): RowCollector {
  const ready: TableRow[] = [];
  let [total, bytesOfRow, lineNo] = [0, 0, 0];
  let cells: string[] = [];
  let cell: CellSeen | undefined;
  let isValue = false;
  const place = (column: number) => `sheet "${sheet.name}", row ${lineNo}, column ${columnName(column)}`;
  const openCell = (attributes: Readonly<Record<string, string>>) => {
    const letters = /^([A-Z]{1,3})\d+$/.exec(attributes.r ?? '')?.[1];
    const column = letters === undefined ? cells.length : columnIndex(letters);
    if (column >= limits.columns) throw new UnreadableTable(`${place(column)}: more than ${limits.columns} columns`);
    cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), text: '' };
  };
  const closeCell = () => {
    if (!cell) return;
    while (cells.length < cell.column) cells.push('');
    cells[cell.column] = textOf(cell, parts, place(cell.column));
    cell = undefined;
  };
  const closeRow = () => {
    bytesOfRow = 0;
    if (!cells.some((text) => text !== '')) return;
    total += 1;
    if (total > limits.rows) throw new UnreadableTable(`the sheet has more than ${limits.rows} rows`);
    ready.push({ lineNo, cells });
  };
  return {
    ready,
    grew(bytes) {
      bytesOfRow += bytes;
      if (bytesOfRow > limits.rowBytes * 16) throw new UnreadableTable(`${place(0)}: too long for a row of a table`);
    },
    events: {
      open(name, attributes) {
        if (name === 'row') {
          lineNo = Number(attributes.r ?? lineNo + 1);
          cells = [];
        } else if (name === 'c') openCell(attributes);
        else if (name === 'f' && cell)
          throw new UnreadableTable(`${place(cell.column)}: a formula; only values are read`);
        else if (name === 'v' || name === 't') isValue = cell !== undefined;
        else if (name === 'rPh') isValue = false;
      },
      text(piece) {
        if (isValue && cell) cell.text += piece;
      },
      close(name) {
        if (name === 'v' || name === 't') isValue = false;
        else if (name === 'c') closeCell();
        else if (name === 'row') closeRow();
      },
    },
  };
}

function textOf({ type, style, text }: CellSeen, parts: WorkbookParts, place: string): string {
  switch (type) {
    case 's': {
      const shared = parts.strings[Number(text)];
      if (shared === undefined) throw new UnreadableTable(`${place}: a text that the workbook does not hold`);
      return shared;
    }
    case 'e':
      throw new UnreadableTable(`${place}: an error, ${text.slice(0, 20)}`);
    case 'b':
      return text === '1' ? 'TRUE' : 'FALSE';
    case 'n':
      return numberText(text, parts.dateStyles[style], parts.epochDays, place);
    default:
      return text;
  }
}

/** Excel keeps 15 digits of a number; what a double adds behind them is no part of it. */
function numberText(text: string, kind: 'date' | 'time' | undefined, epochDays: number, place: string): string {
  if (text === '') return '';
  const number = Number(text);
  if (!Number.isFinite(number)) throw new UnreadableTable(`${place}: not a number`);
  if (kind === undefined) return String(Number(number.toPrecision(15)));
  const date = new Date(Math.round((number - epochDays) * 86_400) * 1_000);
  if (Number.isNaN(date.getTime()) || number < 61) throw new UnreadableTable(`${place}: not a date`);
  const iso = date.toISOString();
  return kind === 'date' && Number.isInteger(number) ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
}

function columnIndex(letters: string): number {
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

function columnName(index: number): string {
  const first = Math.floor(index / 26) - 1;
  return (first >= 0 ? columnName(first) : '') + String.fromCharCode(65 + (index % 26));
}
