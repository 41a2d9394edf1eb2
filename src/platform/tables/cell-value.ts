import { type CellKind, type TablePlace, UnreadableTable } from './table.ts';
import type { WorkbookParts } from './workbook-parts.ts';

/** A cell as the part of its sheet has it. */
export interface CellSeen {
  column: number;
  type: string;
  style: number;
  text: string;
  isFormula: boolean;
}

export interface CellValue {
  text: string;
  kind: CellKind;
}

/** A number, that ought to be a date, and is none. */
const FIRST_DAY = 61;

/**
 * What a person sees in a cell, as text: a date becomes `2026-11-20` or `2026-11-20 12:00:00`, a number its shortest decimal.
 * A formula and an error have no value. Throws where a cell refers to what is not there.
 */
export function cellValue(cell: CellSeen, parts: WorkbookParts, place: TablePlace): CellValue {
  const { type, style, text } = cell;
  if (cell.isFormula) return { text: '', kind: 'formula' };
  switch (type) {
    case 's': {
      const shared = parts.strings[Number(text)];
      if (shared !== undefined) return { text: shared, kind: 'text' };
      throw new UnreadableTable('a text that the workbook does not hold', { fault: 'broken', place });
    }
    case 'e':
      return { text: text.slice(0, 20), kind: 'error' };
    case 'b':
      return { text: text === '1' ? 'TRUE' : 'FALSE', kind: 'boolean' };
    case 'n':
      return numberValue(text, parts.dateStyles[style], parts.epochDays);
    default:
      return { text, kind: 'text' };
  }
}

/** Excel keeps 15 digits of a number; what a double adds behind them is no part of it. */
function numberValue(text: string, kind: 'date' | 'time' | undefined, epochDays: number): CellValue {
  if (text === '') return { text, kind: 'text' };
  const number = Number(text);
  if (!Number.isFinite(number)) return { text: text.slice(0, 40), kind: 'error' };
  const plain = String(Number(number.toPrecision(15)));
  if (kind === undefined) return { text: plain, kind: 'number' };
  const date = new Date(Math.round((number - epochDays) * 86_400) * 1_000);
  if (Number.isNaN(date.getTime()) || number < FIRST_DAY) return { text: plain, kind: 'date' };
  const iso = date.toISOString();
  const isDay = kind === 'date' && Number.isInteger(number);
  return { text: isDay ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' '), kind: 'date' };
}

/** For who reads values alone: throws for a cell that has none. */
export function refuseWithoutValue({ text, kind }: CellValue, type: string, place: TablePlace): void {
  if (kind === 'formula') throw new UnreadableTable('a formula; only values are read', { fault: 'formula', place });
  if (kind === 'error') {
    const words = type === 'e' ? `an error, ${text}` : 'not a number';
    throw new UnreadableTable(words, { fault: type === 'e' ? 'error-cell' : 'not-a-number', place });
  }
  if (kind === 'date' && !/^\d{4}-/.test(text)) throw new UnreadableTable('not a date', { fault: 'not-a-date', place });
}
