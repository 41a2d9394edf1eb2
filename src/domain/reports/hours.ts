import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** Payments that were confirmed in one hour. Empty texts: a payment without a biller, or without a transfer. */
export interface HourPayments {
  id: string;
  /** First instant of the hour, as all of these. */
  hourMs: number;
  billerId: string;
  operator: string;
  state: string;
  currency: string;
  payments: number;
  amountMinor: bigint;
}

export const HourPaymentsSchema = new EntitySchema<HourPayments>({
  name: 'hour_payments',
  columns: {
    id: column.id(),
    hourMs: { ...column.instant(), name: 'hour_at' },
    billerId: { ...column.varchar(24), name: 'biller_id' },
    operator: column.varchar(24),
    state: column.state(),
    currency: column.currency(),
    payments: column.count(),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
  },
  indices: [
    { name: 'hour_payments_row', columns: ['hourMs', 'billerId', 'operator', 'state', 'currency'], unique: true },
  ],
});

/** How long those waited for their receipt who confirmed in one hour. */
export interface HourWaits {
  id: string;
  hourMs: number;
  billerId: string;
  operator: string;
  /** `seconds:payments` by the shortest wait of a step (waits.ts), separated by spaces. */
  waits: string;
}

export const HourWaitsSchema = new EntitySchema<HourWaits>({
  name: 'hour_waits',
  columns: {
    id: column.id(),
    hourMs: { ...column.instant(), name: 'hour_at' },
    billerId: { ...column.varchar(24), name: 'biller_id' },
    operator: column.varchar(24),
    waits: column.text(),
  },
  indices: [{ name: 'hour_waits_row', columns: ['hourMs', 'billerId', 'operator'], unique: true }],
});

/** Messages that the provider took in one hour. */
export interface HourMessages {
  id: string;
  hourMs: number;
  /** Of the payment that they are about; empty for others. */
  billerId: string;
  kind: string;
  /** Of the cost; empty where the provider told none. */
  currency: string;
  messages: number;
  segments: number;
  /** Ten-thousandths of the major unit, as providers tell it: 0.8 KES is 8000. */
  costE4: bigint;
}

export const HourMessagesSchema = new EntitySchema<HourMessages>({
  name: 'hour_messages',
  columns: {
    id: column.id(),
    hourMs: { ...column.instant(), name: 'hour_at' },
    billerId: { ...column.varchar(24), name: 'biller_id' },
    kind: column.varchar(40),
    currency: column.currency(),
    messages: column.count(),
    segments: column.count(),
    costE4: { ...column.amountMinor(), name: 'cost_e4' },
  },
  indices: [{ name: 'hour_messages_row', columns: ['hourMs', 'billerId', 'kind', 'currency'], unique: true }],
});

/** Sessions that began in one hour, by the screens that they saw. The row without a screen is of all sessions. */
export interface HourScreens {
  id: string;
  hourMs: number;
  screen: string;
  /** That saw it. */
  sessions: number;
  /** Whose last it was, and who were cut off or hung up there. */
  dropped: number;
  /** Whose last it was, and which it ended. */
  ended: number;
  /** Sum of its places in them, from 1: by it screens stand in the order in which they are met. */
  places: number;
}

export const HourScreensSchema = new EntitySchema<HourScreens>({
  name: 'hour_screens',
  columns: {
    id: column.id(),
    hourMs: { ...column.instant(), name: 'hour_at' },
    screen: column.varchar(64),
    sessions: column.count(),
    dropped: column.count(),
    ended: column.count(),
    places: column.count(),
  },
  indices: [{ name: 'hour_screens_row', columns: ['hourMs', 'screen'], unique: true }],
});

/** What was booked on an account of the ledger in one hour: debits less credits. */
export interface HourMovements {
  id: string;
  hourMs: number;
  account: string;
  currency: string;
  amountMinor: bigint;
}

export const HourMovementsSchema = new EntitySchema<HourMovements>({
  name: 'hour_movements',
  columns: {
    id: column.id(),
    hourMs: { ...column.instant(), name: 'hour_at' },
    account: column.varchar(64),
    currency: column.currency(),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
  },
  indices: [
    { name: 'hour_movements_row', columns: ['hourMs', 'account', 'currency'], unique: true },
    // With the amount, so that a balance is summed from the index alone.
    { name: 'hour_movements_account', columns: ['account', 'currency', 'amountMinor'] },
  ],
});

/** How far the hours are gathered: one row, locked while an hour is written. */
export interface ReportProgress {
  id: string;
  /** Every hour before it was gathered at least once. */
  doneUntilMs: number;
  /** What happened before it was looked at for what it changes in earlier hours. */
  lookedUntilMs: number;
  gatheredAtMs: number;
}

export const ReportProgressSchema = new EntitySchema<ReportProgress>({
  name: 'report_progress',
  columns: {
    id: column.id(),
    doneUntilMs: { ...column.instant(), name: 'done_until' },
    lookedUntilMs: { ...column.instant(), name: 'looked_until' },
    gatheredAtMs: { ...column.instant(), name: 'gathered_at' },
  },
});

export const PROGRESS_ID = 'hours';
