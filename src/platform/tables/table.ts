/** One row of a file that is a table, as text. */
export interface TableRow {
  /** Of the file or the sheet, from 1: what a person sees beside it. */
  lineNo: number;
  cells: readonly string[];
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
}

export const TABLE_LIMITS: TableLimits = {
  textBytes: 2 * 1024 ** 3,
  workbookBytes: 512 * 1024 ** 2,
  rows: 10_000_000,
  columns: 200,
  rowBytes: 64 * 1024,
};

/** How the text of a table is written; a workbook has no use for it. */
export interface TextFormat {
  delimiter: string;
  encoding: 'utf-8' | 'windows-1252';
}

export const PLAIN_CSV: TextFormat = { delimiter: ',', encoding: 'utf-8' };

/** The file is not a table that can be read to its end. The message is for people and names the place. */
export class UnreadableTable extends Error {
  override readonly name = 'UnreadableTable';
}

export const ROWS_TOGETHER = 1_000;
