/** One row of a file that is a table, as text. */
export interface TableRow {
  /** Of the file or the sheet, from 1: what a person sees beside it. */
  lineNo: number;
  cells: readonly string[];
}

/** What a cell holds: a formula and an error have no value that could be read. */
export type CellKind = 'text' | 'number' | 'date' | 'boolean' | 'error' | 'formula';

/** A row as its file has it, whatever stands in its cells. */
export interface SheetRow extends TableRow {
  /** Of the same place in `cells`. */
  kinds: readonly CellKind[];
  isHidden: boolean;
}

/** What a sheet shows otherwise than it is. */
export type SheetMark =
  /** Cells that look like one; only the first of them has a value. */
  | { kind: 'merged'; row: number; column: number; range: string }
  /** From 0, both included. */
  | { kind: 'hidden-columns'; from: number; to: number };

/** A part of a sheet in the order of the file, with the bytes that were read since the part before. */
export interface SheetPiece {
  rows: readonly SheetRow[];
  marks: readonly SheetMark[];
  bytes: number;
}

export interface Sheet {
  /** Undefined for a text, which has none. */
  name: string | undefined;
  isHidden: boolean;
  /** Read once, before the next sheet. */
  pieces(): AsyncGenerator<SheetPiece>;
}

/** A file of sheets, in which a person may have done anything. */
export interface SheetFile {
  format: 'csv' | 'xlsx';
  /** What a reading goes through: the bytes of the file, or of its sheets when they are unpacked. */
  totalBytes: number;
  sheets(): AsyncGenerator<Sheet>;
}

/** A table in a file. Each call reads it from its beginning; some rows at a time, never the whole. */
export interface Table {
  rows(): AsyncGenerator<readonly TableRow[]>;
}

/** What is read of a file at most; past it, it is not the table that somebody meant to give. */
export interface TableLimits {
  /** Of the text, after decompression. */
  textBytes: number;
  /** Of a workbook, all its parts decompressed. A workbook's own limit is 1,048,576 rows. */
  workbookBytes: number;
  rows: number;
  columns: number;
  /** Of one row of text. */
  rowBytes: number;
  /** Of the texts that a workbook's cells share, which are held while it is read. */
  sharedTextBytes: number;
}

export const TABLE_LIMITS: TableLimits = {
  textBytes: 2 * 1024 ** 3,
  workbookBytes: 512 * 1024 ** 2,
  rows: 10_000_000,
  columns: 200,
  rowBytes: 64 * 1024,
  sharedTextBytes: 128 * 1024 ** 2,
};

/** How the text of a table is written; a workbook has no use for it. */
export interface TextFormat {
  delimiter: string;
  encoding: 'utf-8' | 'windows-1252';
}

export const PLAIN_CSV: TextFormat = { delimiter: ',', encoding: 'utf-8' };

/** Why a file, or a place in it, cannot be read. */
export type TableFault =
  | 'empty'
  | 'password'
  | 'old-excel'
  | 'password-or-old-excel'
  | 'not-a-table'
  | 'not-a-workbook'
  | 'macros'
  | 'not-whole'
  | 'broken'
  | 'too-large'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'row-too-long'
  | 'not-text'
  | 'utf-16'
  | 'encoding'
  | 'open-quote'
  | 'stray-quote'
  | 'formula'
  | 'error-cell'
  | 'not-a-number'
  | 'not-a-date'
  | 'several-sheets';

/** Where in a file: of a workbook with its sheet, of a text without. */
export interface TablePlace {
  sheet?: string;
  /** From 1. */
  row?: number;
  /** From 0. */
  column?: number;
}

interface Unreadable {
  fault: TableFault;
  place?: TablePlace;
  /** What a text about it may want, such as the limit that was passed. */
  most?: number;
  cause?: unknown;
}

/** The file is not a table that can be read to its end. The message is for people and names the place. */
export class UnreadableTable extends Error {
  override readonly name = 'UnreadableTable';
  readonly fault: TableFault;
  readonly place: TablePlace;
  readonly most: number | undefined;

  constructor(words: string, { fault, place = {}, most, cause }: Unreadable) {
    super(placeWords(place) + words, cause === undefined ? {} : { cause });
    this.fault = fault;
    this.place = place;
    this.most = most;
  }
}

function placeWords({ sheet, row, column }: TablePlace): string {
  const words: string[] = [];
  if (sheet !== undefined) words.push(`sheet "${sheet}"`);
  if (row !== undefined) words.push(`${sheet === undefined ? 'line' : 'row'} ${row}`);
  if (column !== undefined) words.push(`column ${sheet === undefined ? column + 1 : columnName(column)}`);
  return words.length === 0 ? '' : `${words.join(', ')}: `;
}

/** A, B ... Z, AA ... of an index from 0. */
export function columnName(index: number): string {
  const first = Math.floor(index / 26) - 1;
  return (first >= 0 ? columnName(first) : '') + String.fromCharCode(65 + (index % 26));
}

/** The index of A, B ... Z, AA ... */
export function columnIndex(letters: string): number {
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

export const ROWS_TOGETHER = 1_000;
