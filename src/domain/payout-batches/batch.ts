import { EntitySchema } from 'typeorm';
import type { Money, Msisdn } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { PayoutPurpose } from '../payout-lists/index.ts';
import type { BatchState, RowState } from './batch-states.ts';

/** at-once: as soon as it is approved and funded. working-hours: within the organisation's days and hours alone. */
export type PayingHours = 'at-once' | 'working-hours';

/** Why a batch that is paying sends nothing. by-person: until a person resumes. float: until there is money. hours: until the next working hour. content: what is there is not what was approved. */
export type PauseReason = 'by-person' | 'float' | 'hours' | 'organisation' | 'operator' | 'content';

/** People whom an organisation pays together, after others have agreed. */
export interface PayoutBatch {
  id: string;
  organisationId: string;
  /** For people: `B7K2M9QX4T`, unique. */
  number: string;
  name: string;
  purpose: PayoutPurpose;
  currency: string;
  operator: string;
  state: BatchState;
  /** From 1; every change of what was submitted makes a new one. */
  version: number;
  /** SHA-256 of every row and the totals, as they were submitted; null before. */
  contentHash: string | null;
  /** What the hash covers. 2: rows and totals. Null: the rows alone, as those were hashed that were checked before the totals were too. */
  hashForm: number | null;
  /** The list that it was made from. */
  listId: string | null;
  /** JSON list of what stands over the columns of its file; null: it was not made from one. */
  titles: string | null;
  /** The batch that it repeats, or whose failed rows it pays. */
  previousId: string | null;
  scheduleId: string | null;
  /** That are not excluded. */
  rows: number;
  totalMinor: bigint;
  /** What the operator takes and we take, with tax; known when it is submitted. */
  chargesMinor: bigint;
  feeMinor: bigint;
  taxMinor: bigint;
  /** Reserved and not spent yet by fees: given back or booked when it closes. */
  reservedAtMs: number | null;
  /** JSON list of the people who made or changed it. A key is among them as `key:<id>`. */
  makers: string;
  approvalId: string | null;
  hours: PayingHours;
  /** Not paid before; null: as soon as it can be. */
  notBeforeMs: number | null;
  pauseReason: PauseReason | null;
  pauseDetail: string | null;
  pausedBy: string | null;
  pausedAtMs: number | null;
  /** Why somebody stopped it for good: nothing more of it goes out, whatever else it says. Null: nobody did. */
  stopReason: string | null;
  /** That were never sent and are never paid, because it was stopped; null: none. They are not in `rows` and `totalMinor`. */
  leftOutRows: number | null;
  leftOutMinor: bigint | null;
  createdAtMs: number;
  submittedAtMs: number | null;
  approvedAtMs: number | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  closedAtMs: number | null;
}

export const PayoutBatchSchema = new EntitySchema<PayoutBatch>({
  name: 'payout_batch',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    number: column.varchar(24),
    name: column.varchar(80),
    purpose: column.varchar(24),
    currency: column.currency(),
    operator: column.varchar(24),
    state: column.state(),
    version: column.count(),
    contentHash: { ...column.varchar(64, { nullable: true }), name: 'content_hash' },
    hashForm: { ...column.count({ nullable: true }), name: 'hash_form' },
    listId: { ...column.reference({ nullable: true }), name: 'list_id' },
    titles: column.text({ nullable: true }),
    previousId: { ...column.reference({ nullable: true }), name: 'previous_id' },
    scheduleId: { ...column.reference({ nullable: true }), name: 'schedule_id' },
    rows: { ...column.count(), name: 'row_count' },
    totalMinor: { ...column.amountMinor(), name: 'total_minor' },
    chargesMinor: { ...column.amountMinor(), name: 'charges_minor' },
    feeMinor: { ...column.amountMinor(), name: 'fee_minor' },
    taxMinor: { ...column.amountMinor(), name: 'tax_minor' },
    reservedAtMs: { ...column.instant({ nullable: true }), name: 'reserved_at' },
    makers: column.text(),
    approvalId: { ...column.reference({ nullable: true }), name: 'approval_id' },
    hours: column.varchar(16),
    notBeforeMs: { ...column.instant({ nullable: true }), name: 'not_before_at' },
    pauseReason: { ...column.varchar(16, { nullable: true }), name: 'pause_reason' },
    pauseDetail: { ...column.varchar(255, { nullable: true }), name: 'pause_detail' },
    pausedBy: { ...column.varchar(64, { nullable: true }), name: 'paused_by' },
    pausedAtMs: { ...column.instant({ nullable: true }), name: 'paused_at' },
    stopReason: { ...column.varchar(255, { nullable: true }), name: 'stop_reason' },
    leftOutRows: { ...column.count({ nullable: true }), name: 'left_out_rows' },
    leftOutMinor: { ...column.amountMinor({ nullable: true }), name: 'left_out_minor' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    submittedAtMs: { ...column.instant({ nullable: true }), name: 'submitted_at' },
    approvedAtMs: { ...column.instant({ nullable: true }), name: 'approved_at' },
    startedAtMs: { ...column.instant({ nullable: true }), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
    closedAtMs: { ...column.instant({ nullable: true }), name: 'closed_at' },
  },
  indices: [
    { name: 'payout_batch_number', columns: ['number'], unique: true },
    { name: 'payout_batch_organisation', columns: ['organisationId', 'createdAtMs'] },
    { name: 'payout_batch_state', columns: ['state', 'notBeforeMs'] },
    { name: 'payout_batch_reserved', columns: ['organisationId', 'reservedAtMs'] },
  ],
});

/** One person to be paid once. */
export interface PayoutRow {
  id: string;
  batchId: string;
  /** Of the file it came from, from 1; unique in its batch. */
  rowNo: number;
  state: RowState;
  msisdn: Msisdn;
  amountMinor: bigint;
  currency: string;
  name: string | null;
  reference: string | null;
  /** Every column of its file as it was written; a JSON list of texts, beside the batch's `titles`; null: there was none. */
  extra: string | null;
  /** Warnings that a person saw and let pass, as codes joined by spaces. */
  warnings: string | null;
  /** How well `name` fits the one that the operator told of the number, 0 to 100; null: it told none, or none was given. */
  nameScore: number | null;
  /** The last transfer that pays it. */
  transferId: string | null;
  /** The operator's, of what was paid. */
  receipt: string | null;
  /** Why it failed, in the terms of the operators' contract. */
  failureCause: string | null;
  paidAtMs: number | null;
  changedAtMs: number;
  /** When its recipient was asked whether the money came; null: he was not. */
  askedAtMs: number | null;
  /** What he answered last; each answer is kept (`payout_answer`). */
  answer: 'yes' | 'no' | null;
  answeredAtMs: number | null;
  /** The failed row whose place it takes: proof that that one was paid after all keeps this one from being paid. */
  replacesRowId: string | null;
  /** Since when its end is to be told to whoever listens; null: nothing is. */
  untoldAtMs: number | null;
}

export const PayoutRowSchema = new EntitySchema<PayoutRow>({
  name: 'payout_row',
  columns: {
    id: column.id(),
    batchId: { ...column.reference(), name: 'batch_id' },
    rowNo: { ...column.count(), name: 'row_no' },
    state: column.state(),
    msisdn: column.msisdn(),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    name: column.varchar(128, { nullable: true }),
    reference: column.varchar(64, { nullable: true }),
    extra: column.text({ nullable: true }),
    warnings: column.varchar(255, { nullable: true }),
    nameScore: { ...column.count({ nullable: true }), name: 'name_score' },
    transferId: { ...column.reference({ nullable: true }), name: 'transfer_id' },
    receipt: column.varchar(40, { nullable: true }),
    failureCause: { ...column.varchar(24, { nullable: true }), name: 'failure_cause' },
    paidAtMs: { ...column.instant({ nullable: true }), name: 'paid_at' },
    changedAtMs: { ...column.instant(), name: 'changed_at' },
    askedAtMs: { ...column.instant({ nullable: true }), name: 'asked_at' },
    answer: column.varchar(8, { nullable: true }),
    answeredAtMs: { ...column.instant({ nullable: true }), name: 'answered_at' },
    replacesRowId: { ...column.reference({ nullable: true }), name: 'replaces_row_id' },
    untoldAtMs: { ...column.instant({ nullable: true }), name: 'untold_at' },
  },
  indices: [
    { name: 'payout_row_position', columns: ['batchId', 'rowNo'], unique: true },
    // Counts and sums of a batch by state are read from it alone.
    { name: 'payout_row_state', columns: ['batchId', 'state', 'rowNo', 'amountMinor'] },
    { name: 'payout_row_recipient', columns: ['msisdn', 'changedAtMs'] },
    { name: 'payout_row_untold', columns: ['batchId', 'untoldAtMs'] },
  ],
});

/** Who changed a batch, when and why. Appended only. */
export interface BatchEvent {
  id: string;
  batchId: string;
  fromState: BatchState | 'none';
  toState: BatchState;
  /** `staff:<login>`, `key:<id>`, `approvals`, `service`. */
  actor: string;
  reason: string;
  atMs: number;
}

export const BatchEventSchema = new EntitySchema<BatchEvent>({
  name: 'payout_batch_event',
  columns: {
    id: column.id(),
    batchId: { ...column.reference(), name: 'batch_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'payout_batch_event_batch', columns: ['batchId', 'atMs'] }],
});

/** The same of a row. */
export interface RowEvent {
  id: string;
  rowId: string;
  fromState: RowState;
  toState: RowState;
  actor: string;
  reason: string;
  atMs: number;
}

export const RowEventSchema = new EntitySchema<RowEvent>({
  name: 'payout_row_event',
  columns: {
    id: column.id(),
    rowId: { ...column.reference(), name: 'row_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'payout_row_event_row', columns: ['rowId'] }],
});

export const totalOf = ({ totalMinor: amountMinor, currency }: PayoutBatch): Money => ({ amountMinor, currency });
/** What must be there before the first row is sent. */
export const needOf = ({ totalMinor, chargesMinor, feeMinor, taxMinor }: PayoutBatch): bigint =>
  totalMinor + chargesMinor + feeMinor + taxMinor;
export const makersOfBatch = ({ makers }: PayoutBatch): string[] => JSON.parse(makers);
