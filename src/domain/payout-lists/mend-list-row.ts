import { maskMsisdn, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { columnName } from '../../platform/tables/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { type CheckedRow, checkRow, type RowStanding } from './check-row.ts';
import type { NamesRow } from './find-names.ts';
import { type Finding, type FindingCode, type KeptFinding, ListRefused } from './finding.ts';
import type { PayoutListDeps } from './list-deps.ts';
import type { ListRules } from './list-rules.ts';
import {
  cellsOf,
  countsOf,
  findingsOf,
  findingsOfRow,
  mendersOf,
  namesOf,
  type PayoutList,
  type PayoutListRow,
  PayoutListRowSchema,
  PayoutListSchema,
} from './payout-list.ts';
import { makeRepeats } from './row-repeats.ts';

export interface MendedRow {
  listId: string;
  ownerId: string;
  /** The person who writes it: a maker from then on of what is made of the list. */
  menderId: string;
  rowNo: number;
  /** By column, from 0: what is written there now. The others stay. Columns that are none of ours are left out. */
  cells: ReadonlyMap<number, string>;
  rules: ListRules;
}

/** Rows of one number that are looked at again together. Who pays a number so often mends that in the file. */
const MOST_OF_A_NUMBER = 1_000;

/**
 * Writes a row of a list anew and checks it as if its file had it so, with every row of the numbers that it had and has: what was
 * repeated before may not be now. List, row and the record of who did it change in one commit. Refuses with `list.not-found`, `list.state` (not read),
 * `list.used` (a batch has it), `list.row` and `list.repeats`.
 */
export function mendListRow(
  deps: PayoutListDeps & AuditDeps,
  actor: Actor,
  mended: MendedRow,
): Promise<{ list: PayoutList; row: PayoutListRow }> {
  return deps.database.transaction(async (tx) => {
    const { listId, rowNo } = mended;
    const list = await tx.lockOne(PayoutListSchema, { id: listId });
    if (!list || list.ownerId !== mended.ownerId) throw new Refusal('list.not-found');
    if (list.state !== 'read') throw new Refusal('list.state', { state: list.state });
    if (list.batchId !== null) throw new Refusal('list.used');
    const before = await tx.findOne(PayoutListRowSchema, { listId, rowNo });
    if (!before) throw new Refusal('list.row', { row: String(rowNo) });
    const counts = countsOf(list);
    const row = checkAgain(deps, list, before, mended);
    await keep(tx, before, row, counts);
    for (const msisdn of new Set([before.msisdn, row.msisdn])) {
      if (msisdn !== null) await lookAtRepeats(tx, listId, msisdn, counts);
    }
    const mendedBy = JSON.stringify([...new Set([...mendersOf(list), mended.menderId])]);
    const patch = { ...(await sumsOf(tx, listId)), counts: JSON.stringify(counts), mendedBy };
    const findings = JSON.stringify(withTotal(list, patch.totalMinor, mended.rules));
    await tx.update(PayoutListSchema, { id: listId }, { ...patch, findings });
    const kept = await tx.findOne(PayoutListRowSchema, { listId, rowNo });
    await recordAct(deps, tx, {
      ...{ actor, act: 'list.row-mended', subject: { kind: 'payout-list', id: listId }, scope: list.ownerId },
      ...{ before: recordOf(before), after: { ...recordOf(kept ?? row), changed: changedCells(before, row) } },
    });
    return { list: { ...list, ...patch, findings }, row: kept ?? before };
  });
}

/** A part of the number: which columns were written is said beside it, so that a change of the digits between is seen too. */
function recordOf({ rowNo, standing, msisdn, amountMinor, name, purpose, reference }: PayoutListRow) {
  return { rowNo, standing, phone: msisdn && maskMsisdn(msisdn), amountMinor, name, purpose, reference };
}

/** As a spreadsheet names them: `A C`. */
function changedCells(before: PayoutListRow, after: PayoutListRow): string {
  const [old, now] = [cellsOf(before), cellsOf(after)];
  return now.flatMap((cell, at) => (cell === old[at] ? [] : [columnName(at)])).join(' ');
}

/** Whoever has written the cells has seen them: they are texts, and not hidden. What was said of columns of the giver's own stays. */
function checkAgain(
  { listWords }: PayoutListDeps,
  list: PayoutList,
  before: PayoutListRow,
  { cells: written, rules }: MendedRow,
): PayoutListRow {
  const names = namesRowOf(list);
  const cells = cellsOf(before);
  for (const [at, text] of written) {
    const field = names.columns[at]?.field ?? null;
    if (field !== null && field !== 'mend') cells[at] = text;
  }
  const sheetRow = {
    lineNo: before.rowNo,
    cells: [...cells],
    kinds: cells.map(() => 'text' as const),
    isHidden: false,
  };
  // Repeats are looked for in the store.
  const checks = { rules, words: listWords, names, repeats: makeRepeats(), isText: false };
  const checked = checkRow(sheetRow, checks);
  const others = findingsOfRow(before).filter(({ column }) => column !== null && !names.columns[column]?.field);
  return rowOf(before, checked, [...checked.findings.filter((one) => !isOf(others, one)), ...others]);
}

const isOf = (known: readonly KeptFinding[], { column, code }: KeptFinding) =>
  known.some((one) => one.column === column && one.code === code);

function namesRowOf(list: PayoutList): NamesRow {
  const { row: rowNo = 0, columns = [] } = namesOf(list) ?? {};
  const places: NamesRow['places'] = {};
  for (const [at, { field }] of columns.entries()) if (field !== null) places[field] ??= at;
  return { rowNo, columns, places, twice: undefined, missing: undefined };
}

function rowOf(before: PayoutListRow, checked: CheckedRow, findings: readonly KeptFinding[]): PayoutListRow {
  const { msisdn, operator, amountMinor, name, purpose, reference, cells } = checked;
  return {
    ...{ ...before, msisdn, operator, amountMinor, name, purpose, reference },
    ...{ cells: JSON.stringify(cells), ...standingOf(findings) },
  };
}

function standingOf(findings: readonly KeptFinding[]): { standing: RowStanding; findings: string | null } {
  const worst = findings.some(({ severity }) => severity === 'fault') ? 'fault' : 'warning';
  return findings.length === 0
    ? { standing: 'ok', findings: null }
    : { standing: worst, findings: JSON.stringify(findings) };
}

type Counts = Partial<Record<FindingCode, number>>;

async function keep(tx: Tx, before: PayoutListRow, row: PayoutListRow, counts: Counts): Promise<void> {
  for (const { code } of findingsOfRow(before)) counts[code] = Math.max(0, (counts[code] ?? 0) - 1);
  for (const { code } of findingsOfRow(row)) counts[code] = (counts[code] ?? 0) + 1;
  for (const { code } of findingsOfRow(before)) if (counts[code] === 0) delete counts[code];
  const { id, ...change } = row;
  await tx.update(PayoutListRowSchema, { id }, change);
}

const REPEATS: readonly FindingCode[] = ['row.repeated-phone', 'row.repeated-payment'];

/** The rows of one number, in the order of the file, as the reader of the file saw them. */
async function lookAtRepeats(tx: Tx, listId: string, msisdn: PayoutListRow['msisdn'], counts: Counts): Promise<void> {
  const rows = await tx.manager.find(PayoutListRowSchema, {
    ...{ where: { listId, msisdn: msisdn as NonNullable<typeof msisdn> }, order: { rowNo: 'ASC' } },
    take: MOST_OF_A_NUMBER + 1,
  });
  if (rows.length > MOST_OF_A_NUMBER) throw new Refusal('list.repeats', { most: MOST_OF_A_NUMBER });
  const column = await phoneColumn(tx, listId);
  const repeats = makeRepeats();
  for (const row of rows) {
    const others = findingsOfRow(row).filter(({ code }) => !REPEATS.includes(code));
    const seen = repeats.see(row.msisdn as NonNullable<typeof msisdn>, row.amountMinor, row.rowNo);
    const findings = seen ? [...others, repeated(column, seen)] : others;
    const next = { ...row, ...standingOf(findings) };
    if (next.findings !== row.findings) await keep(tx, row, next, counts);
  }
}

function repeated(column: number | null, { row, isSameAmount }: { row: number; isSameAmount: boolean }): KeptFinding {
  return isSameAmount
    ? { code: 'row.repeated-payment', severity: 'fault', column, values: { row } }
    : { code: 'row.repeated-phone', severity: 'warning', column, values: { row } };
}

async function phoneColumn(tx: Tx, listId: string): Promise<number | null> {
  const list = await tx.findOne(PayoutListSchema, { id: listId });
  const at = list ? namesRowOf(list).places.phone : undefined;
  return at ?? null;
}

async function sumsOf(tx: Tx, listId: string): Promise<Pick<PayoutList, 'faultRows' | 'warningRows' | 'totalMinor'>> {
  const groups: { standing: RowStanding; n: unknown; total: unknown }[] = await tx.manager.query(
    'SELECT standing, COUNT(*) AS n, SUM(amount_minor) AS total FROM payout_list_row WHERE list_id = ? GROUP BY standing',
    [listId],
  );
  const sums = { faultRows: 0, warningRows: 0, totalMinor: 0n };
  for (const { standing, n, total } of groups) {
    if (standing === 'fault') sums.faultRows = Number(n);
    else sums.totalMinor += BigInt(String(total ?? 0));
    if (standing === 'warning') sums.warningRows = Number(n);
  }
  return sums;
}

function withTotal(list: PayoutList, totalMinor: bigint, { mostTotalMinor, currency }: ListRules): Finding[] {
  const others = findingsOf(list).filter(({ code }) => code !== 'list.total');
  if (totalMinor <= mostTotalMinor) return others;
  const minor = (amount: bigint) => ({ minor: String(amount), currency });
  const { finding } = new ListRefused('list.total', { total: minor(totalMinor), most: minor(mostTotalMinor) });
  return [...others, finding];
}
