import type { Texts, TextValue } from '../../platform/texts/index.ts';
import { type Finding, type FindingValues, LIST_FIELDS, type ListField } from './finding.ts';
import type { ListWords } from './list-words.ts';

/** `Sheet "May", row 12, column B (Amount)`; empty for what concerns the whole file. */
export function findingPlace(texts: Texts, language: string, { sheet, row, column, title }: Finding): string {
  const words = [
    sheet === null ? undefined : texts.formatForPrint(language, 'lists.place.sheet', { sheet }),
    row === null ? undefined : texts.formatForPrint(language, 'lists.place.row', { row: String(row) }),
    column === null
      ? undefined
      : title
        ? texts.formatForPrint(language, 'lists.place.titled', { column, title })
        : texts.formatForPrint(language, 'lists.place.column', { column }),
  ].filter((one) => one !== undefined);
  const [first = '', ...rest] = words;
  return first === '' ? '' : [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
}

/** What is wrong and how it is mended, without its place. */
export function findingWords(
  { texts, words }: { texts: Texts; words: ListWords },
  language: string,
  { code, values }: Pick<Finding, 'code' | 'values'>,
): string {
  const id = `lists.finding.${code}`;
  const shown: Record<string, TextValue> = {};
  for (const name of texts.placeholders(id)) shown[name] = shownValue(values[name], name, words, language);
  return texts.formatForPrint(language, id, shown);
}

const LONGEST_SHOWN = 60;

function shownValue(
  value: FindingValues[string] | undefined,
  name: string,
  words: ListWords,
  language: string,
): TextValue {
  if (value === undefined) return '';
  if (typeof value === 'object') return { amountMinor: BigInt(value.minor), currency: value.currency };
  if (typeof value === 'number' && name === 'at') return new Date(value);
  // The number of a row is a name, not a count.
  if (typeof value === 'number') return name === 'row' ? String(value) : value;
  if (name === 'field' && (LIST_FIELDS as readonly string[]).includes(value)) {
    return words.titleOf(value as ListField, language);
  }
  const plain = value.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');
  return plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN - 1)}\u2026` : plain;
}

/** Place and words together, as they stand above a list. */
export function findingText(deps: { texts: Texts; words: ListWords }, language: string, finding: Finding): string {
  const place = findingPlace(deps.texts, language, finding);
  const words = findingWords(deps, language, finding);
  return place === '' ? words : `${place}: ${words}`;
}
