import { wallTimeOf } from '../../kernel/index.ts';

/**
 * What stands in a cell of a file that is made for people: a text; a number, as a decimal that is written as it is (`-12.50`), so
 * that no digit is lost; an instant; or nothing.
 */
export type Cell =
  | string
  | { decimal: string; digits?: number }
  | { count: number }
  | { atMs: number }
  /** A text that a reader's eye is led to, by a colour, where the format has any. */
  | { text: string; mark: 'fault' | 'warning' }
  | null;

export interface ColumnPlan {
  title: string;
  /** In characters, for a workbook. */
  width?: number;
  /** Whatever somebody writes into its cells stays a text: a workbook would make a number of 0711. */
  isText?: boolean;
}

/** A table that is written as it is read: some rows at a time. */
export interface WrittenTable {
  /** Of its sheet. */
  title: string;
  columns: readonly ColumnPlan[];
  rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** A spreadsheet takes a text that begins so for a formula, in its own letters or in those of full width. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Somebody chose this text so, or it only happens to: either way nothing may be computed from it. */
export function looksLikeFormula(text: string): boolean {
  return FORMULA.test(text);
}

/** `2026-11-20 12:00:05` by the clock on the wall there. */
export function wallClock(atMs: number, timeZone: string): string {
  return new Date(wallTimeOf(atMs, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}
