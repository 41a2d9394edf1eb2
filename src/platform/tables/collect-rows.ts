import { type CellSeen, cellValue, refuseWithoutValue } from './cell-value.ts';
import {
  type CellKind,
  columnIndex,
  type SheetMark,
  type SheetRow,
  type TableLimits,
  type TablePlace,
  UnreadableTable,
} from './table.ts';
import type { WorkbookParts, XmlEvents } from './workbook-parts.ts';

export interface RowCollector {
  events: XmlEvents;
  ready: SheetRow[];
  marks: SheetMark[];
  grew(bytes: number): void;
}

/** The format's own limit, empty ones and all. */
const MOST_SHEET_ROWS = 1_048_576;
/** A sheet with more of them is one that nobody can look through. */
const MOST_MARKS = 10_000;

/** Gathers the rows of a sheet from the events of its part. `hasValuesOnly` refuses a cell that has none, such as a formula. */
export function collectRows(
  parts: WorkbookParts,
  sheet: string,
  limits: TableLimits,
  { hasValuesOnly }: { hasValuesOnly: boolean },
): RowCollector {
  const ready: SheetRow[] = [];
  const marks: SheetMark[] = [];
  let [total, bytesOfRow, lineNo] = [0, 0, 0];
  let [cells, kinds, isHidden]: [string[], CellKind[], boolean] = [[], [], false];
  let cell: CellSeen | undefined;
  let isValue = false;
  const place = (column: number): TablePlace => ({ sheet, row: lineNo, column });
  const openRow = (attributes: Attributes) => {
    lineNo = Number(attributes.r ?? lineNo + 1);
    if (!(lineNo <= MOST_SHEET_ROWS)) throw tooManyRows(MOST_SHEET_ROWS);
    [cells, kinds, isHidden] = [[], [], isTrue(attributes.hidden)];
  };
  const openCell = (attributes: Attributes) => {
    const letters = /^([A-Z]{1,3})\d+$/.exec(attributes.r ?? '')?.[1];
    const column = letters === undefined ? cells.length : columnIndex(letters);
    if (column >= limits.columns) {
      const most = limits.columns;
      throw new UnreadableTable(`more than ${most} columns`, { fault: 'too-many-columns', place: place(column), most });
    }
    cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), text: '', isFormula: false };
  };
  const closeCell = () => {
    if (!cell) return;
    const { column, type } = cell;
    const value = cellValue(cell, parts, place(column));
    if (hasValuesOnly) refuseWithoutValue(value, type, place(column));
    for (let at = cells.length; at < column; at += 1) [cells[at], kinds[at]] = ['', 'text'];
    [cells[column], kinds[column]] = [value.text, value.kind];
    cell = undefined;
  };
  const closeRow = () => {
    bytesOfRow = 0;
    if (!cells.some((text, at) => text !== '' || kinds[at] === 'formula')) return;
    total += 1;
    if (total > limits.rows) throw tooManyRows(limits.rows);
    ready.push({ lineNo, cells, kinds, isHidden });
  };
  return {
    ready,
    marks,
    grew(bytes) {
      bytesOfRow += bytes;
      if (bytesOfRow <= limits.rowBytes * 16) return;
      throw new UnreadableTable('too long for a row of a table', { fault: 'row-too-long', place: place(0) });
    },
    events: {
      open(name, attributes) {
        if (name === 'row') openRow(attributes);
        else if (name === 'c') openCell(attributes);
        else if (name === 'f' && cell) cell.isFormula = true;
        else if (name === 'v' || name === 't') isValue = cell !== undefined;
        else if (name === 'rPh') isValue = false;
        else if (name === 'mergeCell' || name === 'col') marks.push(...markOf(name, attributes, marks.length));
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

type Attributes = Readonly<Record<string, string>>;

function markOf(name: 'mergeCell' | 'col', attributes: Attributes, before: number): SheetMark[] {
  if (before >= MOST_MARKS) return [];
  if (name === 'col') {
    if (!isTrue(attributes.hidden)) return [];
    return [{ kind: 'hidden-columns', from: Number(attributes.min) - 1, to: Number(attributes.max) - 1 }];
  }
  const match = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}\d{1,7}$/.exec(attributes.ref ?? '');
  if (!match) return [];
  return [{ kind: 'merged', row: Number(match[2]), column: columnIndex(match[1] ?? ''), range: match[0] }];
}

const isTrue = (written: string | undefined) => written === '1' || written === 'true';

function tooManyRows(most: number): UnreadableTable {
  return new UnreadableTable(`the sheet has more than ${most} rows`, { fault: 'too-many-rows', most });
}
