import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';
import type { LineKind, StatementProof } from '../../providers/statements/index.ts';

export type { LineKind, StatementProof };

/** Whose statement it is: an operator's of our float there, or a biller's of what it booked from us. */
export type StatementSide = 'operator' | 'biller';

/** reading: lines are staged, nothing counts yet. complete: it counts. refused: its lines are gone. forgotten: past its time. */
export type StatementState = 'reading' | 'complete' | 'refused' | 'forgotten';

/** One statement as it was read: a file, or the answer of an interface. */
export interface Statement {
  id: string;
  side: StatementSide;
  /** The operator's name or the biller's id. */
  party: string;
  /** pull, api: an interface. file: given by a person. folder: found in the drop folder. */
  source: 'pull' | 'api' | 'file' | 'folder';
  fileName: string | null;
  /** SHA-256 of a file's bytes; the same bytes are refused a second time. */
  contentHash: string | null;
  state: StatementState;
  proof: StatementProof | null;
  currency: string;
  lines: number;
  /** Rows that could not be read; each is kept with its reason. */
  faults: number;
  inMinor: bigint;
  outMinor: bigint;
  /** The operator's running balance after the last line, where the statement carries balances. */
  closingMinor: bigint | null;
  /** What it covers, epoch ms: from the first instant up to, not including, the second. */
  fromMs: number | null;
  toMs: number | null;
  /** Why it was refused. */
  problem: string | null;
  startedAtMs: number;
  finishedAtMs: number | null;
  /** When a night had been through every day of it; null while days of it may still have to be compared. */
  comparedAtMs: number | null;
  /** Side and party while it is read, unique: two statements of one party are never read at once. */
  readingKey: string | null;
  /** While it is read: past this instant its reader is dead. */
  leaseUntilMs: number | null;
}

export const StatementSchema = new EntitySchema<Statement>({
  name: 'statement',
  columns: {
    id: column.id(),
    side: column.varchar(8),
    party: column.varchar(24),
    source: column.varchar(8),
    fileName: { ...column.varchar(255, { nullable: true }), name: 'file_name' },
    contentHash: { ...column.varchar(64, { nullable: true }), name: 'content_hash' },
    state: column.state(),
    proof: column.varchar(16, { nullable: true }),
    currency: column.currency(),
    lines: column.count(),
    faults: column.count(),
    inMinor: { ...column.amountMinor(), name: 'in_minor' },
    outMinor: { ...column.amountMinor(), name: 'out_minor' },
    closingMinor: { ...column.amountMinor({ nullable: true }), name: 'closing_minor' },
    fromMs: { ...column.instant({ nullable: true }), name: 'from_at' },
    toMs: { ...column.instant({ nullable: true }), name: 'to_at' },
    problem: column.varchar(255, { nullable: true }),
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
    comparedAtMs: { ...column.instant({ nullable: true }), name: 'compared_at' },
    readingKey: { ...column.varchar(40, { nullable: true }), name: 'reading_key' },
    leaseUntilMs: { ...column.instant({ nullable: true }), name: 'lease_until_at' },
  },
  indices: [
    { name: 'statement_reading', columns: ['readingKey'], unique: true },
    { name: 'statement_party', columns: ['side', 'party', 'startedAtMs'] },
    { name: 'statement_hash', columns: ['contentHash'] },
    { name: 'statement_compared', columns: ['state', 'comparedAtMs'] },
  ],
});

/**
 * accepted: counts as soon as its statement is complete, and never before: one short commit decides over a million lines.
 * repeated: an accepted line of an earlier statement says the same (a file and a pull overlap). Only accepted lines of complete
 * statements are matched.
 */
export type LineState = 'accepted' | 'repeated';

/** One line of a statement. Appended when it is read; only its state changes. */
export interface StatementRow {
  id: string;
  statementId: string;
  side: StatementSide;
  party: string;
  /** Of the file, from 1; of an interface, its position. */
  lineNo: number;
  /** Hash of what the line says, with its occurrence among equal ones of the same statement: the same line of two statements is one. */
  lineKey: string;
  lineState: LineState;
  /** payment: money to us. payout: money from us. charge: the operator's fee. reversal: undoes an earlier line. */
  lineKind: LineKind;
  /** Calendar day of `atMs` in the party's time zone. */
  day: string;
  atMs: number;
  /** The operator's receipt, or the biller's own reference. */
  receipt: string | null;
  /** What may be our reference: the account that the payer gave at the operator, the reference at a biller. */
  reference: string | null;
  account: string | null;
  /** Signed: what we gained is positive. */
  amountMinor: bigint;
  currency: string;
  payer: string | null;
  maskedPayer: string | null;
  /** The receipt of the line that this one reverses or belongs to. */
  linkedReceipt: string | null;
  detail: string;
}

export const StatementRowSchema = new EntitySchema<StatementRow>({
  name: 'statement_line',
  columns: {
    id: column.id(),
    statementId: { ...column.reference(), name: 'statement_id' },
    side: column.varchar(8),
    party: column.varchar(24),
    lineNo: { ...column.count(), name: 'line_no' },
    lineKey: { ...column.varchar(64), name: 'line_key' },
    lineState: { ...column.varchar(8), name: 'line_state' },
    lineKind: { ...column.varchar(8), name: 'line_kind' },
    day: column.varchar(10),
    atMs: { ...column.instant(), name: 'at' },
    receipt: column.varchar(64, { nullable: true }),
    reference: column.varchar(64, { nullable: true }),
    account: column.varchar(64, { nullable: true }),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    payer: column.msisdn({ nullable: true }),
    maskedPayer: { ...column.varchar(64, { nullable: true }), name: 'masked_payer' },
    linkedReceipt: { ...column.varchar(64, { nullable: true }), name: 'linked_receipt' },
    detail: column.varchar(255),
  },
  indices: [
    { name: 'statement_line_position', columns: ['statementId', 'lineNo'] },
    { name: 'statement_line_key', columns: ['party', 'lineKey'] },
    { name: 'statement_line_day', columns: ['party', 'day', 'lineState'] },
    { name: 'statement_line_receipt', columns: ['party', 'receipt'] },
    { name: 'statement_line_reference', columns: ['party', 'reference'] },
  ],
});

/** A row of a file that could not be read, for the person who will ask. */
export interface StatementFault {
  id: string;
  statementId: string;
  lineNo: number;
  columnName: string | null;
  reason: string;
}

export const StatementFaultSchema = new EntitySchema<StatementFault>({
  name: 'statement_fault',
  columns: {
    id: column.id(),
    statementId: { ...column.reference(), name: 'statement_id' },
    lineNo: { ...column.count(), name: 'line_no' },
    columnName: { ...column.varchar(64, { nullable: true }), name: 'column_name' },
    reason: column.varchar(255),
  },
  indices: [{ name: 'statement_fault_statement', columns: ['statementId', 'lineNo'] }],
});
