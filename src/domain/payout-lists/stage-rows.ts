import type { QueryDeepPartialEntity } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { CheckedRow } from './check-row.ts';
import type { PayoutListDeps } from './list-deps.ts';
import { type PayoutList, PayoutListSchema } from './payout-list.ts';

const COLUMNS = [
  ...['id', 'list_id', 'row_no', 'standing', 'msisdn', 'operator', 'amount_minor', 'name', 'purpose', 'reference'],
  ...['cells', 'findings'],
] as const;
const ROW = `(${COLUMNS.map(() => '?').join(',')})`;
const INSERT = `INSERT INTO payout_list_row (${COLUMNS.join(', ')}) VALUES `;

/** Of one statement: a server takes so many bytes, the embedded store 32,766 values. */
const MOST_TOGETHER = { rows: 1_000, characters: 1_000_000 };

/** Renewed with every write, which takes milliseconds: who is silent for this long is dead. */
export const LEASE_MS = 60_000;

/** The list was given up for dead meanwhile: its rows are gone, and this reader must end. */
export class ListLost extends Error {
  override readonly name = 'ListLost';
}

/** Goes with every write of a reader, in its transaction. Throws `ListLost`. */
export async function renewLease(
  { runtime }: PayoutListDeps,
  tx: Tx,
  listId: string,
  progress: QueryDeepPartialEntity<PayoutList> = {},
): Promise<void> {
  const leaseUntilMs = runtime.clock.now() + LEASE_MS;
  const held = await tx.update(PayoutListSchema, { id: listId, state: 'reading' }, { ...progress, leaseUntilMs });
  if (held === 0) throw new ListLost('the list was given up meanwhile');
}

/** Writes rows with plain SQL, many a statement; the last of them with how far the reading is. */
export async function stageRows(
  deps: PayoutListDeps,
  listId: string,
  rows: readonly CheckedRow[],
  rowsBefore: number,
  progress: QueryDeepPartialEntity<PayoutList>,
): Promise<void> {
  for (let start = 0; start < rows.length || start === 0; ) {
    const values: unknown[] = [];
    let characters = 0;
    let next = start;
    while (next < rows.length && next - start < MOST_TOGETHER.rows && characters < MOST_TOGETHER.characters) {
      const own = valuesOf(rowId(listId, rowsBefore + next), listId, rows[next] as CheckedRow);
      characters += own.reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
      values.push(...own);
      next += 1;
    }
    const marks = new Array(next - start).fill(ROW).join(',');
    await deps.database.transaction(async (tx) => {
      await renewLease(deps, tx, listId, next >= rows.length ? progress : {});
      if (next > start) await tx.manager.query(INSERT + marks, values);
    });
    if (next === start) return;
    start = next;
  }
}

const ROW_DIGITS = 5;

/** A list's id with the number of a row in place of its last digits: as unique, in the order of the file, and cheap. */
function rowId(listId: string, number: number): string {
  invariant(number < 16 ** ROW_DIGITS, 'a list has fewer rows than the ids of its rows');
  return listId.slice(0, -ROW_DIGITS) + number.toString(16).padStart(ROW_DIGITS, '0');
}

function valuesOf(id: string, listId: string, row: CheckedRow): unknown[] {
  const { rowNo, standing, msisdn, operator, amountMinor, name, purpose, reference, cells, findings } = row;
  const amount = amountMinor === null ? null : String(amountMinor);
  const written = [JSON.stringify(cells), findings.length === 0 ? null : JSON.stringify(findings)];
  return [id, listId, rowNo, standing, msisdn, operator, amount, name, purpose, reference, ...written];
}
