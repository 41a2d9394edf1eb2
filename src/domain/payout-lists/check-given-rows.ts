import { type CheckedRow, checkRow } from './check-row.ts';
import type { ListField } from './finding.ts';
import type { ListRules, PayoutPurpose } from './list-rules.ts';
import type { ListWords } from './list-words.ts';
import { makeRepeats } from './row-repeats.ts';

const FIELDS = ['phone', 'amount', 'name', 'reference', 'purpose'] as const satisfies readonly ListField[];

/** What a finding's column means in rows that were given so. */
export const fieldOfGiven = (column: number | null): string | undefined => FIELDS[column ?? -1];

/** One payee as somebody's own system names him. */
export type GivenRow = Readonly<
  Record<'phone' | 'amount', string> &
    Partial<Record<'name' | 'reference', string | undefined>> & { purpose?: PayoutPurpose | undefined }
>;

/** Rows that come without a file, checked as those of a list: each alone, and whether it pays somebody whom an earlier one pays. Numbered from 1. */
export function checkGivenRows(
  { rules, listWords: words }: { rules: ListRules; listWords: ListWords },
  given: readonly GivenRow[],
): CheckedRow[] {
  const columns = FIELDS.map((field) => ({ title: '', field }));
  const places = Object.fromEntries(FIELDS.map((field, at) => [field, at]));
  const names = { rowNo: 0, columns, places, twice: undefined, missing: undefined };
  const kinds = FIELDS.map(() => 'text' as const);
  const checks = { rules, words, names, repeats: makeRepeats(), isText: false };
  return given.map((row, at) => {
    const cells = FIELDS.map((field) => row[field] ?? '');
    return checkRow({ lineNo: at + 1, cells, kinds, isHidden: false }, checks);
  });
}
