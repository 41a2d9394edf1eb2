import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/** applying: registered, may prepare lists and pays nobody yet. active: may pay. suspended: by staff of ours, pays nobody. */
export type OrganisationState = 'applying' | 'active' | 'suspended';

export const organisationStates = transitionTable<OrganisationState>('organisation', ['applying'], {
  applying: ['active', 'suspended'],
  active: ['suspended'],
  suspended: ['active'],
});

/**
 * Why nothing of an organisation is sent, although it is active: the operator refuses us and not the people to be paid, its account holds too
 * little (which ends by itself when money comes), or a person said so.
 */
export type HaltReason = 'operator-refuses-us' | 'float-short' | 'stopped-by-person';

/** What those whom it pays hear from us by SMS: nothing, that it sent them money, or also the question whether it came. */
export const RECIPIENT_NEWS = ['none', 'told', 'asked'] as const;
export type RecipientNews = (typeof RECIPIENT_NEWS)[number];

/** Who pays many people through us, from money that is there beforehand. Its people are logins whose scope is its id. */
export interface Organisation {
  id: string;
  name: string;
  /** As in the register of companies; unique. */
  registrationNumber: string;
  state: OrganisationState;
  currency: string;
  /** ISO 3166: how its lists' numbers without a country code are read. */
  country: string;
  /** Of what people are told in its name. */
  language: string;
  /** Who pays for it: `mpesa`. */
  operator: string;
  /** Its own paybill; null: ours, which it shares with others. */
  shortCode: string | null;
  /** JSON `{name, credential}` of its own initiator, sealed; null: ours. */
  sealedInitiator: string | null;
  contactName: string;
  contactEmail: string;
  contactPhone: string;
  /** Of one row, both included. */
  leastMinor: bigint;
  mostMinor: bigint;
  /** Of one batch. */
  mostBatchMinor: bigint;
  mostRows: number;
  /** Of all that is reserved on one business day. */
  mostDayMinor: bigint;
  /** The last business day on which rows of batches of earlier days were paid again, and how much of that day's limit they took. */
  retriedDay: string | null;
  retriedMinor: bigint | null;
  /** What it may pay for, joined by spaces. */
  purposes: string;
  /** JSON bands of approval as menus/approvals.yaml has them; null: those of that file. */
  approvalBands: string | null;
  recipientNews: RecipientNews;
  haltReason: HaltReason | null;
  /** In the operator's or the person's words. */
  haltDetail: string | null;
  haltedAtMs: number | null;
  createdAtMs: number;
}

export const OrganisationSchema = new EntitySchema<Organisation>({
  name: 'organisation',
  columns: {
    id: column.id(),
    name: column.varchar(120),
    registrationNumber: { ...column.varchar(40), name: 'registration_number' },
    state: column.state(),
    currency: column.currency(),
    country: column.varchar(2),
    language: column.varchar(8),
    operator: column.varchar(24),
    shortCode: { ...column.varchar(16, { nullable: true }), name: 'short_code' },
    sealedInitiator: { ...column.text({ nullable: true }), name: 'sealed_initiator' },
    contactName: { ...column.varchar(120), name: 'contact_name' },
    contactEmail: { ...column.varchar(190), name: 'contact_email' },
    contactPhone: { ...column.msisdn(), name: 'contact_phone' },
    leastMinor: { ...column.amountMinor(), name: 'least_minor' },
    mostMinor: { ...column.amountMinor(), name: 'most_minor' },
    mostBatchMinor: { ...column.amountMinor(), name: 'most_batch_minor' },
    mostRows: { ...column.count(), name: 'most_rows' },
    mostDayMinor: { ...column.amountMinor(), name: 'most_day_minor' },
    retriedDay: { ...column.varchar(10, { nullable: true }), name: 'retried_day' },
    retriedMinor: { ...column.amountMinor({ nullable: true }), name: 'retried_minor' },
    purposes: column.varchar(255),
    approvalBands: { ...column.text({ nullable: true }), name: 'approval_bands' },
    recipientNews: { ...column.varchar(8), name: 'recipient_news' },
    haltReason: { ...column.varchar(24, { nullable: true }), name: 'halt_reason' },
    haltDetail: { ...column.varchar(255, { nullable: true }), name: 'halt_detail' },
    haltedAtMs: { ...column.instant({ nullable: true }), name: 'halted_at' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
  },
  indices: [{ name: 'organisation_registration', columns: ['registrationNumber'], unique: true }],
});

/** Who changed an organisation's state, or stopped or released its payouts, when and why. Appended only. */
export interface OrganisationEvent {
  id: string;
  organisationId: string;
  fromState: OrganisationState | 'none';
  toState: OrganisationState;
  /** `staff:<login>`, `service`, `operator`. */
  actor: string;
  reason: string;
  atMs: number;
}

export const OrganisationEventSchema = new EntitySchema<OrganisationEvent>({
  name: 'organisation_event',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'organisation_event_organisation', columns: ['organisationId', 'atMs'] }],
});
