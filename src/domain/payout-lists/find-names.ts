import type { SheetRow } from '../../platform/tables/index.ts';
import type { ListField } from './finding.ts';
import type { ListWords } from './list-words.ts';

/** What stands over a column. */
export interface ListColumn {
  title: string;
  /** Null: one of the giver's own, which is kept beside. */
  field: ListField | null;
}

/** The row with the names of the columns. */
export interface NamesRow {
  rowNo: number;
  columns: readonly ListColumn[];
  /** Where each of ours stands. */
  places: Partial<Record<ListField, number>>;
  /** Two columns that are the same. */
  twice: { field: ListField; first: number; second: number } | undefined;
  missing: 'phone' | 'amount' | undefined;
}

/** Above its names a list may have a title, a date, our instructions. */
export const MOST_ROWS_ABOVE = 30;
const LONGEST_TITLE = 60;

/** Reads a row as the names of columns; undefined when it names neither a phone nor an amount. */
export function readNames({ lineNo, cells }: SheetRow, words: ListWords): NamesRow | undefined {
  const places: Partial<Record<ListField, number>> = {};
  let twice: NamesRow['twice'];
  const columns = cells.map((cell, at): ListColumn => {
    const title = cell
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_TITLE);
    const field = (title !== '' && words.fieldOf(title)) || null;
    if (!field) return { title, field };
    const before = places[field];
    if (before === undefined) places[field] = at;
    else twice ??= { field, first: before, second: at };
    return { title, field };
  });
  if (places.phone === undefined && places.amount === undefined) return undefined;
  const missing = places.phone === undefined ? 'phone' : places.amount === undefined ? 'amount' : undefined;
  return { rowNo: lineNo, columns, places, twice, missing };
}
