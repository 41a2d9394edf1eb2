import { extname } from 'node:path';
import { columnName, type Sheet, type SheetFile, type SheetMark } from '../../platform/tables/index.ts';
import { type CheckedRow, checkRow } from './check-row.ts';
import type { NamesRow } from './find-names.ts';
import { type Finding, type FindingCode, type FindingValues, ListRefused, type Severity } from './finding.ts';
import type { ListRules } from './list-rules.ts';
import type { ListWords } from './list-words.ts';
import { namesAtTop } from './open-list.ts';
import { makeRepeats } from './row-repeats.ts';

/** Some of a list, in the order of its file. */
export interface ListPiece {
  /** What stands over its columns: with the first piece of its sheet. */
  head?: { sheet: string | null; names: NamesRow };
  rows: CheckedRow[];
  /** What belongs to no row. */
  findings: Finding[];
  /** Gone through since the piece before. */
  bytes: number;
}

export interface ListReading {
  fileName: string;
  rules: ListRules;
  words: ListWords;
}

/**
 * Reads the one list of a file, the sheet whose first rows name a phone and an amount, and checks each row as it goes. Throws
 * `ListRefused` and `UnreadableTable` for a file that has none, or more than one.
 */
export async function* readList(file: SheetFile, reading: ListReading): AsyncGenerator<ListPiece> {
  const { words } = reading;
  let list: { sheet: string | null } | undefined;
  let partial: { sheet: string | null; names: NamesRow } | undefined;
  for await (const sheet of file.sheets()) {
    const name = sheet.name ?? null;
    const { names, isEmpty } = await namesAtTop(sheet, words);
    if (names && !names.missing) {
      if (sheet.isHidden) throw new ListRefused('file.hidden-list', {}, { sheet: name });
      if (list) throw new ListRefused('file.several-lists', { first: list.sheet ?? '', second: name ?? '' });
      list = { sheet: name };
      refuseTwice(names, name);
      yield { head: { sheet: name, names }, rows: [], findings: ofHead(file, names, name, reading), bytes: 0 };
      yield* readRows(sheet, names, file.format === 'csv', reading);
    } else if (names && !sheet.isHidden) partial ??= { sheet: name, names };
    else if (!isEmpty && name !== null && !isOurs(name, words)) {
      const code = sheet.isHidden ? 'sheet.hidden' : 'sheet.not-read';
      yield { rows: [], findings: [told(code, 'warning', { sheet: name })], bytes: 0 };
    }
  }
  if (list) return;
  if (!partial) throw new ListRefused('file.no-names');
  const { sheet, names } = partial;
  throw new ListRefused('file.column-missing', { field: names.missing ?? '' }, { sheet, row: names.rowNo });
}

async function* readRows(
  sheet: Sheet,
  names: NamesRow,
  isText: boolean,
  { rules, words }: ListReading,
): AsyncGenerator<ListPiece> {
  const checks = { rules, words, names, repeats: makeRepeats(), isText };
  const marks = makeMarks(names, sheet.name ?? null);
  let total = 0;
  for await (const piece of sheet.pieces()) {
    const rows: CheckedRow[] = [];
    for (const row of piece.rows) {
      if (row.lineNo <= names.rowNo) continue;
      total += 1;
      if (total > rules.mostRows) {
        const place = { sheet: sheet.name ?? null, row: row.lineNo };
        throw new ListRefused('file.too-many-rows', { most: rules.mostRows }, place);
      }
      const checked = checkRow(row, checks);
      // Nothing but spaces, or but what we wrote beside it ourselves.
      if (checked.cells.some((cell, at) => cell.trim() !== '' && at !== names.places.mend)) rows.push(checked);
    }
    yield { rows, findings: marks(piece.marks), bytes: piece.bytes };
  }
  if (total === 0) throw new ListRefused('file.no-rows', {}, { sheet: sheet.name ?? null, row: names.rowNo });
}

/** A sheet that we wrote ourselves: how the template is filled in, what is to be mended. */
const isOurs = (sheet: string, words: ListWords) => words.isInstructions(sheet) || words.fieldOf(sheet) === 'mend';

function told(code: FindingCode, severity: Severity, place: Partial<Finding>, values: FindingValues = {}): Finding {
  return { sheet: null, row: null, column: null, title: null, ...place, code, severity, values };
}

function refuseTwice({ twice, rowNo, columns }: NamesRow, sheet: string | null): void {
  if (!twice) return;
  const place = { sheet, row: rowNo, column: columnName(twice.second), title: columns[twice.second]?.title ?? '' };
  const values = { field: twice.field, first: columnName(twice.first), second: columnName(twice.second) };
  throw new ListRefused('file.column-twice', values, place);
}

const ENDINGS = { csv: ['.csv', '.txt', '.tsv', '.gz'], xlsx: ['.xlsx'] } as const;

/** What the first look at a list tells. */
function ofHead(file: SheetFile, names: NamesRow, sheet: string | null, { fileName }: ListReading): Finding[] {
  const findings: Finding[] = [];
  const ending = extname(fileName).toLowerCase();
  if (ending !== '' && !(ENDINGS[file.format] as readonly string[]).includes(ending)) {
    findings.push(told('file.other-name', 'warning', {}, { ending, format: file.format === 'csv' ? 'CSV' : 'Excel' }));
  }
  const titles = new Map<string, number>();
  for (const [at, { title, field }] of names.columns.entries()) {
    if (field !== null || title === '') continue;
    const before = titles.get(title.toLowerCase());
    if (before === undefined) titles.set(title.toLowerCase(), at);
    else {
      const place = { sheet, row: names.rowNo, column: columnName(at), title };
      findings.push(told('column.same-title', 'warning', place, { first: columnName(before) }));
    }
  }
  return findings;
}

/** What is said of merged and hidden cells of a list; past this many it is said once that there are more. */
const MOST_MARKS = 100;

function makeMarks({ rowNo, columns }: NamesRow, sheet: string | null): (marks: readonly SheetMark[]) => Finding[] {
  let count = 0;
  const findingsOf = (mark: SheetMark): Finding[] => {
    if (mark.kind === 'merged') {
      const { row, column, range } = mark;
      if (row < rowNo) return [];
      const place = { sheet, row, column: columnName(column), title: columns[column]?.title ?? null };
      return [told('sheet.merged', 'fault', place, { range })];
    }
    return columns.flatMap(({ title, field }, at) => {
      if (at < mark.from || at > mark.to || title === '') return [];
      const place = { sheet, row: null, column: columnName(at), title };
      return [told('column.hidden', field === null || field === 'mend' ? 'warning' : 'fault', place)];
    });
  };
  return (marks) =>
    marks.flatMap(findingsOf).flatMap((one) => {
      count += 1;
      if (count === MOST_MARKS + 1) return [told('file.more-marks', 'fault', { sheet }, { most: MOST_MARKS })];
      return count > MOST_MARKS ? [] : [one];
    });
}
