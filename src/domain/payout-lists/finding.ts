import { columnName, type TableFault, UnreadableTable } from '../../platform/tables/index.ts';

/** fault: it cannot be paid so. warning: somebody should look at it. */
export type Severity = 'fault' | 'warning';

/** What a column of a list is. `mend` is what we wrote into a list that went back. */
export const LIST_FIELDS = ['phone', 'amount', 'name', 'currency', 'purpose', 'reference', 'mend'] as const;
export type ListField = (typeof LIST_FIELDS)[number];

/** Faults of a whole file, for which nothing of it is kept. */
const OF_FILES = [
  ...(['empty', 'password', 'old-excel', 'password-or-old-excel', 'not-a-table', 'not-a-workbook', 'macros'] as const),
  ...(['not-whole', 'broken', 'too-large', 'too-many-rows', 'too-many-columns', 'row-too-long', 'not-text'] as const),
  ...(['utf-16', 'encoding', 'open-quote', 'stray-quote'] as const),
  ...(['changed', 'broken-off', 'no-names', 'column-missing', 'column-twice', 'no-rows', 'several-lists'] as const),
  'hidden-list',
] as const;

export const FINDING_CODES = [
  ...OF_FILES.map((one) => `file.${one}` as const),
  ...(['file.seen-before', 'file.other-name', 'file.more-marks'] as const),
  ...(['sheet.not-read', 'sheet.hidden', 'sheet.merged', 'column.hidden', 'column.same-title', 'list.total'] as const),
  ...(['row.hidden', 'row.example', 'row.repeated-phone', 'row.repeated-payment'] as const),
  ...(['cell.formula', 'cell.error', 'cell.date', 'cell.yes-no', 'cell.too-long', 'cell.signs'] as const),
  ...(['phone.missing', 'phone.not-a-number', 'phone.scientific', 'phone.rounded', 'phone.lost-zero'] as const),
  ...(['phone.no-operator', 'phone.other-network', 'phone.unknown-network'] as const),
  ...(['amount.missing', 'amount.not-a-number', 'amount.separators', 'amount.words', 'amount.decimals'] as const),
  ...(['amount.not-whole', 'amount.negative', 'amount.zero', 'amount.least', 'amount.most'] as const),
  ...(['currency.unknown', 'currency.other', 'name.missing'] as const),
  ...(['purpose.unknown', 'purpose.not-allowed', 'purpose.other-batch'] as const),
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** What a text about it names: words of the file, numbers, and amounts in minor units. */
export type FindingValues = Readonly<Record<string, string | number | { minor: string; currency: string }>>;

/** As it is kept: sheet and title are known of the list, the row of the row. */
export interface KeptFinding {
  code: FindingCode;
  severity: Severity;
  /** From 0. */
  column: number | null;
  values: FindingValues;
}

/** Something that is wrong with a list, and where. Its words: `findingText`. */
export interface Finding {
  /** Null for CSV, and for what concerns the whole file. */
  sheet: string | null;
  /** As a spreadsheet counts them, from 1. */
  row: number | null;
  /** As a spreadsheet names them: A, B ... AA. */
  column: string | null;
  /** What stands over the column. */
  title: string | null;
  code: FindingCode;
  severity: Severity;
  values: FindingValues;
}

/** The list cannot be read at all, and nothing of it is kept. */
export class ListRefused extends Error {
  override readonly name = 'ListRefused';
  readonly finding: Finding;

  constructor(code: FindingCode, values: FindingValues = {}, place: Partial<Finding> = {}, cause?: unknown) {
    super(code, cause === undefined ? {} : { cause });
    const nowhere = { sheet: null, row: null, column: null, title: null };
    this.finding = { ...nowhere, ...place, code, severity: 'fault', values };
  }
}

/** What only a reader meets that takes values alone does not occur here. */
type Strict = 'formula' | 'error-cell' | 'not-a-number' | 'not-a-date' | 'several-sheets';

/** What to say when a list cannot be read; undefined for what is no fault of the list. */
export function refusalOf(error: unknown): Finding | undefined {
  if (error instanceof ListRefused) return error.finding;
  if (!(error instanceof UnreadableTable)) return undefined;
  const { fault, place, most } = error;
  return {
    sheet: place.sheet ?? null,
    row: place.row ?? null,
    column: place.column === undefined ? null : columnName(place.column),
    title: null,
    code: isOfFile(fault) ? `file.${fault}` : 'file.broken',
    severity: 'fault',
    values: most === undefined ? {} : { most },
  };
}

function isOfFile(fault: TableFault): fault is Exclude<TableFault, Strict> {
  return (OF_FILES as readonly string[]).includes(fault);
}
