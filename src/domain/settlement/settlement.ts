import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';
import type { SettlementState } from './settlement-states.ts';

/** What we owe one biller for one of its business days, in one currency. Amounts are minor units. */
export interface Settlement {
  id: string;
  billerId: string;
  /** `2026-11-20`, by the operator's time of completion, in the biller's time zone. */
  day: string;
  currency: string;
  /** From 1; the sums below are this version's. 0 while the first is being drawn. */
  version: number;
  state: SettlementState;
  /** Payments that the biller booked and that are counted here, late ones of signed days too. */
  payments: number;
  /** Lines of every kind. */
  lines: number;
  collectedMinor: bigint;
  /** Taken back; zero or negative. */
  reversedMinor: bigint;
  /** What became known of days that were signed. */
  adjustedMinor: bigint;
  /** What earlier settlements left the biller owing us; zero or negative. */
  carriedMinor: bigint;
  /** What the tariff gives us of all that. */
  feesMinor: bigint;
  /** collected + reversed + adjusted + carried - fees. */
  netMinor: bigint;
  /** Breaks that were open when this version was drawn up. */
  openBreaks: number;
  drawnUpAtMs: number | null;
  /** The name, as the files print it. */
  signedBy: string | null;
  /** The person behind the login, where one is known: two logins of one person are one. */
  signedPersonId: string | null;
  signedAtMs: number | null;
  paidBy: string | null;
  paidPersonId: string | null;
  paidAtMs: number | null;
  /** Account of the ledger that it was paid from. */
  paidFrom: string | null;
  bankReference: string | null;
}

export const SettlementSchema = new EntitySchema<Settlement>({
  name: 'settlement',
  columns: {
    id: column.id(),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    day: column.varchar(10),
    currency: column.currency(),
    version: column.count(),
    state: column.state(),
    payments: column.count(),
    lines: column.count(),
    collectedMinor: { ...column.amountMinor(), name: 'collected_minor' },
    reversedMinor: { ...column.amountMinor(), name: 'reversed_minor' },
    adjustedMinor: { ...column.amountMinor(), name: 'adjusted_minor' },
    carriedMinor: { ...column.amountMinor(), name: 'carried_minor' },
    feesMinor: { ...column.amountMinor(), name: 'fees_minor' },
    netMinor: { ...column.amountMinor(), name: 'net_minor' },
    openBreaks: { ...column.count(), name: 'open_breaks' },
    drawnUpAtMs: { ...column.instant({ nullable: true }), name: 'drawn_up_at' },
    signedBy: { ...column.varchar(64, { nullable: true }), name: 'signed_by' },
    signedPersonId: { ...column.reference({ nullable: true }), name: 'signed_person_id' },
    signedAtMs: { ...column.instant({ nullable: true }), name: 'signed_at' },
    paidBy: { ...column.varchar(64, { nullable: true }), name: 'paid_by' },
    paidPersonId: { ...column.reference({ nullable: true }), name: 'paid_person_id' },
    paidAtMs: { ...column.instant({ nullable: true }), name: 'paid_at' },
    paidFrom: { ...column.varchar(64, { nullable: true }), name: 'paid_from' },
    bankReference: { ...column.varchar(64, { nullable: true }), name: 'bank_reference' },
  },
  indices: [
    { name: 'settlement_day', columns: ['billerId', 'day', 'currency'], unique: true },
    { name: 'settlement_state', columns: ['state', 'day'] },
    { name: 'settlement_newest', columns: ['day', 'id'] },
  ],
});

/** Who moved a settlement, when and why. Appended only. */
export interface SettlementEvent {
  id: string;
  settlementId: string;
  version: number;
  fromState: string;
  toState: string;
  actor: string;
  reason: string;
  atMs: number;
}

export const SettlementEventSchema = new EntitySchema<SettlementEvent>({
  name: 'settlement_event',
  columns: {
    id: column.id(),
    settlementId: { ...column.reference(), name: 'settlement_id' },
    version: column.count(),
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(64),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'settlement_event_settlement', columns: ['settlementId'] }],
});

/**
 * How far a biller's entries in the ledger have been looked through. Its row is also the lock under which one process at a
 * time draws up a biller's settlements.
 */
export interface SettlementProgress {
  billerId: string;
  /** Entries before this instant are all settled, or are none of the biller's. */
  scannedToMs: number;
}

export const SettlementProgressSchema = new EntitySchema<SettlementProgress>({
  name: 'settlement_progress',
  columns: {
    billerId: { type: 'varchar', length: 24, primary: true, name: 'biller_id' },
    scannedToMs: { ...column.instant(), name: 'scanned_to' },
  },
});
