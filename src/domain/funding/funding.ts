import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/** What paying some people would cost. An offer: it moves nothing. */
export interface Quotation {
  id: string;
  organisationId: string;
  /** For people and papers: `Q7K2M9QX4T`, unique. */
  number: string;
  currency: string;
  rows: number;
  /** What the recipients get. */
  totalMinor: bigint;
  /** What the operator takes, by its bands. */
  chargesMinor: bigint;
  /** Ours. */
  feeMinor: bigint;
  /** On our fee. */
  taxMinor: bigint;
  /** JSON: rows and charge by band, rates; what the paper shows. */
  details: string;
  /** The last business day on which it holds, `2026-12-31`. */
  validUntilDay: string;
  createdBy: string;
  createdAtMs: number;
}

export const QuotationSchema = new EntitySchema<Quotation>({
  name: 'quotation',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    number: column.varchar(24),
    currency: column.currency(),
    rows: { ...column.count(), name: 'row_count' },
    totalMinor: { ...column.amountMinor(), name: 'total_minor' },
    chargesMinor: { ...column.amountMinor(), name: 'charges_minor' },
    feeMinor: { ...column.amountMinor(), name: 'fee_minor' },
    taxMinor: { ...column.amountMinor(), name: 'tax_minor' },
    details: column.text(),
    validUntilDay: { ...column.varchar(10), name: 'valid_until_day' },
    createdBy: { ...column.varchar(64), name: 'created_by' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
  },
  indices: [
    { name: 'quotation_number', columns: ['number'], unique: true },
    { name: 'quotation_organisation', columns: ['organisationId', 'createdAtMs'] },
  ],
});

/**
 * expected: announced, under a reference that the bank transfer must carry. banked: it is on our account at the bank. available: it was moved
 * to the paybill and is the organisation's to spend. cancelled: nothing came.
 */
export type FundingState = 'expected' | 'banked' | 'available' | 'cancelled';

export const fundingStates = transitionTable<FundingState>('funding', ['expected'], {
  expected: ['banked', 'cancelled'],
  banked: ['available'],
  available: [],
  cancelled: [],
});

/** Money that an organisation brings before it pays people. */
export interface Funding {
  id: string;
  organisationId: string;
  quotationId: string | null;
  /** Unique; what the payer writes on the transfer. */
  reference: string;
  currency: string;
  amountMinor: bigint;
  state: FundingState;
  /** The organisation's purchase order for our fee; null: not given yet. */
  orderNumber: string | null;
  orderMinor: bigint | null;
  /** A step that one person has claimed and another must confirm: `banked` or `available`; null: none waits. */
  claimedStep: 'banked' | 'available' | null;
  claimedBy: string | null;
  claimEvidence: string | null;
  claimedAtMs: number | null;
  expectedAtMs: number;
  bankedAtMs: number | null;
  bankEvidence: string | null;
  availableAtMs: number | null;
  moveEvidence: string | null;
}

export const FundingSchema = new EntitySchema<Funding>({
  name: 'funding',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    quotationId: { ...column.reference({ nullable: true }), name: 'quotation_id' },
    reference: column.varchar(16),
    currency: column.currency(),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    state: column.state(),
    orderNumber: { ...column.varchar(40, { nullable: true }), name: 'order_number' },
    orderMinor: { ...column.amountMinor({ nullable: true }), name: 'order_minor' },
    claimedStep: { ...column.varchar(16, { nullable: true }), name: 'claimed_step' },
    claimedBy: { ...column.varchar(64, { nullable: true }), name: 'claimed_by' },
    claimEvidence: { ...column.varchar(255, { nullable: true }), name: 'claim_evidence' },
    claimedAtMs: { ...column.instant({ nullable: true }), name: 'claimed_at' },
    expectedAtMs: { ...column.instant(), name: 'expected_at' },
    bankedAtMs: { ...column.instant({ nullable: true }), name: 'banked_at' },
    bankEvidence: { ...column.varchar(255, { nullable: true }), name: 'bank_evidence' },
    availableAtMs: { ...column.instant({ nullable: true }), name: 'available_at' },
    moveEvidence: { ...column.varchar(255, { nullable: true }), name: 'move_evidence' },
  },
  indices: [
    { name: 'funding_reference', columns: ['reference'], unique: true },
    { name: 'funding_organisation', columns: ['organisationId', 'expectedAtMs'] },
    { name: 'funding_state', columns: ['state', 'expectedAtMs'] },
  ],
});

/** Appended only. */
export interface FundingEvent {
  id: string;
  fundingId: string;
  fromState: FundingState | 'none';
  toState: FundingState;
  actor: string;
  reason: string;
  atMs: number;
}

export const FundingEventSchema = new EntitySchema<FundingEvent>({
  name: 'funding_event',
  columns: {
    id: column.id(),
    fundingId: { ...column.reference(), name: 'funding_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'funding_event_funding', columns: ['fundingId', 'atMs'] }],
});
