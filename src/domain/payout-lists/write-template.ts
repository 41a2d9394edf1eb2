import { type WrittenTable, writeCsv, writeWorkbook } from '../../platform/tables/index.ts';
import type { Texts } from '../../platform/texts/index.ts';
import { EXAMPLE_PHONE } from './check-row.ts';
import { type ListRules, MOST_LIST_ROWS } from './list-rules.ts';
import type { ListWords } from './list-words.ts';

export interface ListFile {
  format: 'csv' | 'xlsx';
  language: string;
  timeZone: string;
}

export interface ListWriterDeps {
  texts: Texts;
  listWords: ListWords;
}

const FIELDS = ['phone', 'amount', 'name', 'purpose', 'reference'] as const;
/** In which a number would lose its zero, or its sign. */
const TEXTS: readonly string[] = ['phone', 'reference'];

/**
 * An empty list to fill in: the names of the columns, an example that cannot be paid, and how it is done; in a workbook the last is
 * a sheet of its own, in CSV it stands above the names.
 */
export function writeListTemplate(
  { texts, listWords }: ListWriterDeps,
  rules: ListRules,
  { format, language, timeZone }: ListFile,
): AsyncGenerator<Buffer | string> {
  const text = (key: string, values = {}) => texts.formatForPrint(language, `lists.template.${key}`, values);
  const purposes = rules.purposes.map((purpose) => listWords.purposeWord(purpose, language));
  const values = {
    currency: rules.currency,
    purposes: purposes.join(', '),
    rows: Math.min(rules.mostRows, MOST_LIST_ROWS),
  };
  const said = (key: string) => {
    const wanted = texts
      .placeholders(`lists.template.${key}`)
      .map((name) => [name, values[name as keyof typeof values]]);
    return text(key, Object.fromEntries(wanted));
  };
  const help = [
    ...FIELDS.map((field) => `${listWords.titleOf(field, language)}: ${said(field)}`),
    ...['order', 'most', 'example'].map(said),
  ];
  const example = { phone: EXAMPLE_PHONE, amount: '1250', name: text('example-name'), purpose: purposes[0] ?? '' };
  const list: WrittenTable = {
    title: text('sheet'),
    columns: FIELDS.map((field) => ({
      ...{ title: listWords.titleOf(field, language), width: 24, isText: TEXTS.includes(field) },
    })),
    rows: once([[example.phone, { decimal: example.amount, digits: 0 }, example.name, example.purpose, '']]),
  };
  if (format === 'csv') return writeCsv(list, timeZone, help);
  const instructions: WrittenTable = {
    title: listWords.instructionsTitle(language),
    columns: [{ title: listWords.instructionsTitle(language), width: 120 }],
    rows: once(help.map((line) => [line])),
  };
  return writeWorkbook([list, instructions], { timeZone });
}

async function* once<T>(rows: T[]): AsyncGenerator<T[]> {
  yield rows;
}
