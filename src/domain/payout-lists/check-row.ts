import type { Msisdn } from '../../kernel/index.ts';
import type { CellKind, SheetRow } from '../../platform/tables/index.ts';
import { checkAmount } from './check-amount.ts';
import { type CellFault, checkPhone } from './check-phone.ts';
import type { NamesRow } from './find-names.ts';
import type { FindingCode, KeptFinding, ListField } from './finding.ts';
import {
  type ListRules,
  LONGEST_CELL,
  LONGEST_NAME,
  LONGEST_REFERENCE,
  MOST_LIST_COLUMNS,
  type PayoutPurpose,
} from './list-rules.ts';
import type { ListWords } from './list-words.ts';
import type { Repeats } from './row-repeats.ts';

export type RowStanding = 'ok' | 'warning' | 'fault';

/** A row as it was read and what it means; a meaning is null where the cell has none that can be relied on. */
export interface CheckedRow {
  rowNo: number;
  /** Every column of the file, cut where a cell is longer than anybody writes. */
  cells: string[];
  standing: RowStanding;
  msisdn: Msisdn | null;
  /** Who would pay it. */
  operator: string | null;
  amountMinor: bigint | null;
  name: string | null;
  purpose: PayoutPurpose | null;
  reference: string | null;
  findings: KeptFinding[];
}

export interface RowChecks {
  rules: ListRules;
  words: ListWords;
  names: NamesRow;
  repeats: Repeats;
  /** In CSV a text that a spreadsheet would compute has an apostrophe before it. */
  isText: boolean;
}

/** Stands in the template in place of a number: who leaves that row in the list is told. */
export const EXAMPLE_PHONE = '07XX XXX XXX';

const NO_VALUE: Partial<Record<CellKind, FindingCode>> = {
  formula: 'cell.formula',
  error: 'cell.error',
  date: 'cell.date',
  boolean: 'cell.yes-no',
};
/** Signs that are not seen: they end a line, turn the direction of writing, or hide. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u;

/** Reads one row of a list. Pure but for what `repeats` remembers. */
export function checkRow(row: SheetRow, checks: RowChecks): CheckedRow {
  const { rules, words, names, repeats } = checks;
  const cells = row.cells.slice(0, MOST_LIST_COLUMNS).map((cell) => (checks.isText ? bare(cell) : cell));
  const findings: KeptFinding[] = [];
  const add = (column: number | null, { code, severity, values }: CellFault) =>
    findings.push({ code, severity, column, values });
  const checked: CheckedRow = { ...nothing(row.lineNo, cells), findings };
  if (row.isHidden) add(null, { code: 'row.hidden', severity: 'fault', values: {} });
  const phoneCell = cells[names.places.phone ?? -1]?.trim() ?? '';
  if (phoneCell === EXAMPLE_PHONE) {
    add(names.places.phone ?? null, { code: 'row.example', severity: 'fault', values: {} });
    return ended(checked);
  }
  const usable = usableCells(row.kinds, cells, names, add);
  const read = <T>(field: ListField, whenUsable: (text: string, kind: CellKind) => T): T | undefined => {
    const at = names.places[field];
    return at === undefined || !usable[at] ? undefined : whenUsable(tidy(cells[at] ?? ''), row.kinds[at] ?? 'text');
  };
  const found = (field: ListField, faults: readonly CellFault[]) => {
    for (const fault of faults) add(names.places[field] ?? null, fault);
  };
  read('phone', (text, kind) => {
    const phone = checkPhone(text, kind, rules, words);
    [checked.msisdn, checked.operator] = [phone.msisdn, phone.operator];
    found('phone', phone.found);
  });
  read('amount', (text, kind) => {
    const amount = checkAmount(text, kind, rules, isWholeOnly(rules, checked.operator));
    checked.amountMinor = amount.amountMinor;
    found('amount', amount.found);
  });
  read('currency', (text) => found('currency', checkCurrency(text, rules)));
  read('purpose', (text) => {
    const purpose = checkPurpose(text, rules, words);
    if (typeof purpose === 'string') checked.purpose = purpose;
    else found('purpose', purpose);
  });
  checked.name = read('name', (text) => text || null) ?? null;
  checked.reference = read('reference', (text) => text || null) ?? null;
  if (read('name', (text) => text === '')) found('name', [{ code: 'name.missing', severity: 'warning', values: {} }]);
  const before = checked.msisdn && repeats.see(checked.msisdn, checked.amountMinor, row.lineNo);
  if (before) {
    const values = { row: before.row };
    if (before.isSameAmount) found('phone', [{ code: 'row.repeated-payment', severity: 'fault', values }]);
    else found('phone', [{ code: 'row.repeated-phone', severity: 'warning', values }]);
  }
  return ended(checked);
}

function nothing(rowNo: number, cells: readonly string[]): CheckedRow {
  const meaning = { msisdn: null, operator: null, amountMinor: null, name: null, purpose: null, reference: null };
  return { rowNo, cells: cells.map((cell) => cell.slice(0, LONGEST_CELL)), standing: 'ok', ...meaning, findings: [] };
}

function ended(row: CheckedRow): CheckedRow {
  const worst = row.findings.some(({ severity }) => severity === 'fault') ? 'fault' : 'warning';
  return row.findings.length === 0 ? row : { ...row, standing: worst };
}

/** Which cells have a value that can be read on. What is wrong with one of the giver's own columns is only told. */
function usableCells(
  kinds: readonly CellKind[],
  cells: readonly string[],
  { columns }: NamesRow,
  add: (column: number, fault: CellFault) => void,
): boolean[] {
  return cells.map((cell, at) => {
    const field = columns[at]?.field ?? null;
    if (field === 'mend') return false;
    const severity = field === null ? 'warning' : 'fault';
    const kind = kinds[at] ?? 'text';
    const code = NO_VALUE[kind];
    const isTold = code !== undefined && (field !== null || kind === 'formula' || kind === 'error');
    if (isTold) add(at, { code, severity, values: { text: cell.slice(0, LONGEST_CELL) } });
    const most = field === 'name' ? LONGEST_NAME : field === 'reference' ? LONGEST_REFERENCE : LONGEST_CELL;
    const isTooLong = cell.trim().length > most;
    if (isTooLong) add(at, { code: 'cell.too-long', severity, values: { most } });
    const hasUnseen = UNSEEN.test(cell.trim());
    if (hasUnseen && field !== null) add(at, { code: 'cell.signs', severity, values: {} });
    return code === undefined && !isTooLong && !hasUnseen;
  });
}

const bare = (cell: string) => (/^'[=+\-@]/.test(cell) ? cell.slice(1) : cell);

/** Spaces of any kind and number are one: what is left is what a person reads. */
const tidy = (cell: string) => cell.normalize('NFC').replace(/\s+/g, ' ').trim();

function isWholeOnly({ operators }: ListRules, operator: string | null): boolean {
  const payers = operator === null ? operators : operators.filter(({ name }) => name === operator);
  return payers.every(({ hasWholeAmountsOnly }) => hasWholeAmountsOnly);
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

function checkCurrency(text: string, { currency }: ListRules): CellFault[] {
  if (text === '' || text.toUpperCase() === currency) return [];
  const code = CURRENCIES.has(text.toUpperCase()) ? 'currency.other' : 'currency.unknown';
  return [{ code, severity: 'fault', values: { text, currency } }];
}

function checkPurpose(
  text: string,
  { purposes, purpose: wanted }: ListRules,
  words: ListWords,
): PayoutPurpose | CellFault[] {
  if (text === '') return [];
  const purpose = words.purposeOf(text);
  if (purpose && purposes.includes(purpose)) {
    const isAnother = wanted !== undefined && purpose !== wanted;
    return isAnother ? [{ code: 'purpose.other-batch', severity: 'fault', values: { text } }] : purpose;
  }
  return [{ code: purpose ? 'purpose.not-allowed' : 'purpose.unknown', severity: 'fault', values: { text } }];
}
