import type { TableRow } from '../../platform/tables/index.ts';
import { StatementRefused } from './contract.ts';

/** A preamble longer than this is none. */
export const MOST_ROWS_BEFORE_NAMES = 60;

/** `Receipt No.` and `receipt no` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * Where the columns of these names stand in a row of names; undefined when the row has none of the first two. Refuses a row
 * that has some of them and not all, or one twice.
 */
export function findColumns<N extends string>(row: TableRow, names: readonly N[]): Record<N, number> | undefined {
  const written = row.cells.map(plainName);
  const places = new Map<N, number>();
  for (const name of names) {
    const at = written.indexOf(plainName(name));
    if (at >= 0) places.set(name, at);
    if (at >= 0 && written.indexOf(plainName(name), at + 1) >= 0) {
      throw new StatementRefused(`line ${row.lineNo}: the column "${name}" stands there twice`);
    }
  }
  if (places.size < Math.min(2, names.length)) return undefined;
  const missing = names.find((name) => !places.has(name));
  if (missing !== undefined) throw new StatementRefused(`line ${row.lineNo}: the column "${missing}" is missing`);
  return Object.fromEntries(places) as Record<N, number>;
}

/** Text for a column of the store: without control characters, and as long as it takes. Undefined when nothing is left. */
export function storedText(text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  const cleaned = CONTROL.test(text) ? text.replace(CONTROLS, '') : text;
  const trimmed = cleaned.trim();
  return trimmed === '' ? undefined : trimmed.slice(0, longest);
}

const CONTROL = /[\p{Cc}\p{Cs}]/u;
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;
