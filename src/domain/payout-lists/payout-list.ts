import { EntitySchema } from 'typeorm';
import { type Msisdn, type TransitionTable, transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { RowStanding } from './check-row.ts';
import type { ListColumn } from './find-names.ts';
import type { Finding, FindingCode, KeptFinding } from './finding.ts';
import type { PayoutPurpose } from './list-rules.ts';

/** reading: rows are staged, nothing counts yet. read: all of them are there, with what was found. refused: none of them is. */
export type PayoutListState = 'reading' | 'read' | 'refused';

export const payoutListStates: TransitionTable<PayoutListState> = transitionTable('payout list', ['reading'], {
  reading: ['read', 'refused'],
  read: [],
  refused: [],
});

/** A file with people to be paid, as it was given and checked. It pays nobody. */
export interface PayoutList {
  id: string;
  /** Whose list it is: what the rules are of, and who may see it. */
  ownerId: string;
  /** The person or the key that gave it. */
  givenBy: string;
  /** JSON list of the people who have written rows of it anew, see `makersOfList`; null: nobody has. */
  mendedBy: string | null;
  fileName: string;
  /** SHA-256 of the file's bytes, in hex. */
  contentHash: string;
  state: PayoutListState;
  currency: string;
  /** Of the list, in a workbook. */
  sheet: string | null;
  /** What stands over its columns, and in which row; JSON, see `namesOf`. */
  names: string | null;
  rowsRead: number;
  faultRows: number;
  warningRows: number;
  /** Of the rows that have no fault. */
  totalMinor: bigint;
  /** What belongs to no row, or why it was refused; JSON, see `findingsOf`. */
  findings: string;
  /** How often each code was found in rows; JSON, see `countsOf`. */
  counts: string;
  /** How far the reading is: of the file, or of its sheets when they are unpacked. */
  bytesRead: number;
  bytesTotal: number;
  startedAtMs: number;
  finishedAtMs: number | null;
  /** While it is read: past this instant its reader is dead. */
  leaseUntilMs: number | null;
  /** The batch that it was put into: its rows are that batch's from then on. */
  batchId: string | null;
}

export const PayoutListSchema = new EntitySchema<PayoutList>({
  name: 'payout_list',
  columns: {
    id: column.id(),
    ownerId: { ...column.reference(), name: 'owner_id' },
    givenBy: { ...column.varchar(64), name: 'given_by' },
    mendedBy: { ...column.text({ nullable: true }), name: 'mended_by' },
    fileName: { ...column.varchar(255), name: 'file_name' },
    contentHash: { ...column.varchar(64), name: 'content_hash' },
    state: column.state(),
    currency: column.currency(),
    sheet: column.varchar(64, { nullable: true }),
    names: { ...column.text({ nullable: true }), name: 'column_names' },
    rowsRead: { ...column.count(), name: 'rows_read' },
    faultRows: { ...column.count(), name: 'fault_rows' },
    warningRows: { ...column.count(), name: 'warning_rows' },
    totalMinor: { ...column.amountMinor(), name: 'total_minor' },
    findings: column.text(),
    counts: column.text(),
    bytesRead: { ...column.count(), name: 'bytes_read' },
    bytesTotal: { ...column.count(), name: 'bytes_total' },
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
    leaseUntilMs: { ...column.instant({ nullable: true }), name: 'lease_until_at' },
    batchId: { ...column.reference({ nullable: true }), name: 'batch_id' },
  },
  indices: [
    { name: 'payout_list_hash', columns: ['ownerId', 'contentHash'] },
    { name: 'payout_list_owner', columns: ['ownerId', 'startedAtMs'] },
    { name: 'payout_list_lease', columns: ['state', 'leaseUntilMs'] },
  ],
});

/** One row of a list: what stands in it, and what that means. */
export interface PayoutListRow {
  id: string;
  listId: string;
  /** Of the file or the sheet, from 1. */
  rowNo: number;
  standing: RowStanding;
  msisdn: Msisdn | null;
  /** Who would pay it. */
  operator: string | null;
  amountMinor: bigint | null;
  name: string | null;
  purpose: PayoutPurpose | null;
  reference: string | null;
  /** Every column as it was written; a JSON list of texts. */
  cells: string;
  /** JSON list of `KeptFinding`; null when there is none. */
  findings: string | null;
}

export const PayoutListRowSchema = new EntitySchema<PayoutListRow>({
  name: 'payout_list_row',
  columns: {
    id: column.id(),
    listId: { ...column.reference(), name: 'list_id' },
    rowNo: { ...column.count(), name: 'row_no' },
    standing: column.varchar(8),
    msisdn: column.msisdn({ nullable: true }),
    operator: column.varchar(24, { nullable: true }),
    amountMinor: { ...column.amountMinor({ nullable: true }), name: 'amount_minor' },
    name: column.varchar(128, { nullable: true }),
    purpose: column.varchar(24, { nullable: true }),
    reference: column.varchar(64, { nullable: true }),
    cells: column.text(),
    findings: column.text({ nullable: true }),
  },
  indices: [
    { name: 'payout_list_row_position', columns: ['listId', 'rowNo'] },
    { name: 'payout_list_row_standing', columns: ['listId', 'standing', 'rowNo'] },
  ],
});

/** The row with the names of its columns; null for a list that was refused before it was found. */
export const namesOf = ({ names }: PayoutList): { row: number; columns: ListColumn[] } | null =>
  names === null ? null : JSON.parse(names);
/** Whoever gave it or wrote a row of it: they have a hand in every batch that is made of it. */
export const makersOfList = (list: PayoutList): string[] => [...new Set([list.givenBy, ...mendersOf(list)])];
export const mendersOf = ({ mendedBy }: PayoutList): string[] => (mendedBy === null ? [] : JSON.parse(mendedBy));
export const findingsOf = ({ findings }: PayoutList): Finding[] => JSON.parse(findings);
export const countsOf = ({ counts }: PayoutList): Partial<Record<FindingCode, number>> => JSON.parse(counts);
export const cellsOf = ({ cells }: PayoutListRow): string[] => JSON.parse(cells);
export const findingsOfRow = ({ findings }: PayoutListRow): KeptFinding[] =>
  findings === null ? [] : JSON.parse(findings);
