import { EntitySchema } from 'typeorm';
import { type Msisdn, transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/**
 * planned: to go out when its time comes. handed: its turn has come within the pace. sent: its message is queued. skipped: there is a
 * reason not to send it.
 */
export type ReminderState = 'planned' | 'handed' | 'sent' | 'skipped';

export const reminderStates = transitionTable<ReminderState>('reminder', ['planned'], {
  planned: ['handed'],
  handed: ['planned', 'sent', 'skipped'],
  sent: [],
  skipped: [],
});

/** Why one was not sent. */
export type SkipReason = 'opted-out' | 'unlinked' | 'paid' | 'paid-elsewhere' | 'nothing-due' | 'closed' | 'too-late';

/** One reminder of one bill to one number. */
export interface Reminder {
  id: string;
  billerId: string;
  /** The biller's own name of the bill. */
  bill: string;
  account: string;
  /** Days from the due date: `-3`, `0`, `3`. */
  stage: number;
  customerId: string;
  recipient: Msisdn;
  dueDay: string;
  /** Payments elsewhere since then end it. */
  paidSinceMs: number;
  /** What the list said; what is sent is asked anew. */
  amountMinor: bigint;
  currency: string;
  state: ReminderState;
  reason: SkipReason | null;
  /** Not before. */
  dueAtMs: number;
  /** Not after: it would tell old news. */
  lastAtMs: number;
  /** How often its turn has come. */
  tries: number;
  plannedAtMs: number;
  decidedAtMs: number | null;
}

export const ReminderSchema = new EntitySchema<Reminder>({
  name: 'bill_reminder',
  columns: {
    id: column.id(),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    bill: column.varchar(64),
    account: column.varchar(32),
    stage: column.count(),
    customerId: { ...column.reference(), name: 'customer_id' },
    recipient: column.msisdn(),
    dueDay: { ...column.varchar(10), name: 'due_day' },
    paidSinceMs: { ...column.instant(), name: 'paid_since' },
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    state: column.state(),
    reason: column.varchar(24, { nullable: true }),
    dueAtMs: { ...column.instant(), name: 'due_at' },
    lastAtMs: { ...column.instant(), name: 'last_at' },
    tries: column.count(),
    plannedAtMs: { ...column.instant(), name: 'planned_at' },
    decidedAtMs: { ...column.instant({ nullable: true }), name: 'decided_at' },
  },
  indices: [
    { name: 'bill_reminder_fact', columns: ['billerId', 'bill', 'stage', 'customerId'], unique: true },
    { name: 'bill_reminder_due', columns: ['state', 'dueAtMs'] },
    { name: 'bill_reminder_customer', columns: ['customerId'] },
  ],
});

/** How far the bills of one biller, day and stage have been read. */
export interface ReminderRun {
  id: string;
  day: string;
  billerId: string;
  stage: number;
  state: 'running' | 'done';
  /** Where the next page begins; null at the start. */
  cursorText: string | null;
  bills: number;
  planned: number;
  startedAtMs: number;
  finishedAtMs: number | null;
}

export const ReminderRunSchema = new EntitySchema<ReminderRun>({
  name: 'reminder_run',
  columns: {
    id: column.id(),
    day: column.varchar(10),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    stage: column.count(),
    state: column.state(),
    cursorText: { ...column.varchar(200, { nullable: true }), name: 'cursor_text' },
    bills: column.count(),
    planned: column.count(),
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [{ name: 'reminder_run_unique', columns: ['day', 'billerId', 'stage'], unique: true }],
});

/** Who wanted reminders or no more of them, when, and how he said it. Appended only. */
export interface ReminderConsent {
  id: string;
  msisdn: Msisdn;
  /** `on` or `off`. */
  wish: 'on' | 'off';
  /** `operator`: the network told us. */
  source: 'sms' | 'ussd' | 'operator';
  atMs: number;
}

export const ReminderConsentSchema = new EntitySchema<ReminderConsent>({
  name: 'reminder_consent',
  columns: {
    id: column.id(),
    msisdn: column.msisdn(),
    wish: column.varchar(4),
    source: column.varchar(12),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'reminder_consent_msisdn', columns: ['msisdn', 'atMs'] }],
});
