import type { RetentionKind } from './retention-kind.ts';

/** Days by kind, as the configuration names them. */
export interface RetentionDays {
  readonly rawDays: number;
  readonly outboxDays: number;
  readonly tokenDays: number;
  readonly dialogDays: number;
  readonly messageDays: number;
  readonly noteDays: number;
  readonly reminderDays: number;
  readonly elsewhereDays: number;
  readonly webhookDays: number;
  readonly mailDays: number;
  readonly statementDays: number;
  readonly exportDays: number;
  readonly payoutListDays: number;
  readonly staffSessionDays: number;
  readonly paymentDays: number;
  readonly idleDays: number;
}

/** Money is on its way, or owed. */
const OPEN_PAYMENT = "('requested', 'held', 'prompting', 'collected', 'suspense', 'refund-due')";
const OPEN_TRANSFER = "('requested', 'submitted', 'unknown')";
const OPEN_REFUND = "('proposed', 'agreed', 'granted')";

const openPayment = (on: string) => `EXISTS (SELECT 1 FROM payment p WHERE ${on} AND p.state IN ${OPEN_PAYMENT})`;
const openRefund = (on: string) => `EXISTS (SELECT 1 FROM refund f WHERE ${on} AND f.state IN ${OPEN_REFUND})`;
const openTransfer = (on: string) => `EXISTS (SELECT 1 FROM transfer t WHERE ${on} AND t.state IN ${OPEN_TRANSFER})`;
const openBreak = (subject: string) =>
  `EXISTS (SELECT 1 FROM reconciliation_break b WHERE b.subject_id = ${subject} AND b.state <> 'resolved')`;

const anyOf = (...conditions: string[]) => conditions.map((one) => `(${one})`).join(' OR ');
const never = () => '1 = 0';

/** What a payment waits for, or what was found about it and is not explained yet. */
const aboutPayment = (id: string) =>
  anyOf(openPayment(`p.id = ${id}`), openRefund(`f.payment_id = ${id}`), openBreak(id));

const API_ANSWER_DAYS = 1;

const deleted = { order: 'made', forget: 'delete' } as const;

/** Everything that is forgotten by its age, row by row. Statements are forgotten as wholes, by `purgeStatements`. */
export function retentionKinds(days: RetentionDays): RetentionKind[] {
  return [...messengers(days), ...aroundPayments(days), ...ofTheHouse(days), ...books(days)];
}

/** What came, what was to be done about it, and what was said. */
function messengers(days: RetentionDays): RetentionKind[] {
  const subject = 'inbox_event.subject_id';
  return [
    {
      ...{ ...deleted, name: 'raw', days: days.rawDays, table: 'inbox_event' },
      held: () =>
        anyOf(
          "inbox_event.state IN ('new', 'staff')",
          openTransfer(`t.id = ${subject}`),
          openPayment(`p.transfer_id = ${subject}`),
          openBreak(subject),
          openBreak('inbox_event.id'),
        ),
    },
    {
      ...{ ...deleted, name: 'outbox', days: days.outboxDays, table: 'outbox' },
      held: (beforeMs) => `outbox.state <> 'done' OR outbox.finished_at >= ${beforeMs}`,
    },
    {
      ...{ name: 'messages', days: days.messageDays, table: 'message', order: 'made' },
      // That it was sent, when and for how much stays with its payment.
      forget: { set: "sealed_text = ''" },
      held: () => "message.state IN ('queued', 'sending')",
    },
    {
      ...{ ...deleted, name: 'mails', days: days.mailDays, table: 'mail' },
      held: () => "mail.state IN ('queued', 'sending')",
    },
    {
      ...{ ...deleted, name: 'webhooks', days: days.webhookDays, table: 'webhook_event' },
      held: () =>
        "EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.event_id = webhook_event.id AND d.state = 'waiting')",
      with: [
        { table: 'webhook_attempt', column: 'event_id' },
        { table: 'webhook_delivery', column: 'event_id' },
      ],
    },
    {
      ...{ ...deleted, name: 'webhook-secrets', days: days.webhookDays, table: 'webhook_secret' },
      held: (beforeMs) => `webhook_secret.ends_at IS NULL OR webhook_secret.ends_at >= ${beforeMs}`,
    },
  ];
}

function aroundPayments(days: RetentionDays): RetentionKind[] {
  return [
    {
      ...{ ...deleted, name: 'tokens', days: days.tokenDays, table: 'payment_token' },
      held: (beforeMs) =>
        anyOf(
          aboutPayment('payment_token.payment_id'),
          `EXISTS (SELECT 1 FROM payment p WHERE p.id = payment_token.payment_id AND p.posted_at >= ${beforeMs})`,
        ),
    },
    { ...deleted, name: 'dialogs', days: days.dialogDays, table: 'dialog_part', held: never },
    {
      ...{ ...deleted, name: 'notes', days: days.noteDays, table: 'note' },
      held: () => aboutPayment('note.subject_id'),
    },
    {
      ...{ ...deleted, name: 'reminders', days: days.reminderDays, table: 'bill_reminder' },
      held: () => "bill_reminder.state IN ('planned', 'handed')",
    },
    { ...deleted, name: 'elsewhere', days: days.elsewhereDays, table: 'elsewhere_payment', held: never },
    {
      ...{ name: 'idle', days: days.idleDays, table: 'customer', order: 'last-seen' },
      forget: { set: 'pin_hash = NULL, pin_failures = 0, pin_locked_until = NULL, pin_turn_key = NULL' },
      with: [{ table: 'account_link', column: 'customer_id' }],
      held: never,
    },
    { ...deleted, name: 'wishes', days: days.idleDays, table: 'kept_wish', held: never },
  ];
}

function ofTheHouse(days: RetentionDays): RetentionKind[] {
  return [
    { ...deleted, name: 'exports', days: days.exportDays, table: 'export_run', held: never },
    // Rows first, some at a time: a list may have a hundred thousand.
    { ...deleted, name: 'payout-list-rows', days: days.payoutListDays, table: 'payout_list_row', held: never },
    { ...deleted, name: 'payout-lists', days: days.payoutListDays, table: 'payout_list', held: never },
    // What an API was answered, for a repeat of the request: the interface promises a day.
    { ...deleted, name: 'api-answers', days: API_ANSWER_DAYS, table: 'idempotent_request', held: never },
    {
      ...{ ...deleted, name: 'staff-sessions', days: days.staffSessionDays, table: 'staff_session' },
      held: (beforeMs) => `staff_session.expires_at >= ${beforeMs}`,
    },
  ];
}

/** Amounts, accounts, states, receipts and the ledger stay; whose they were goes. */
function books(days: RetentionDays): RetentionKind[] {
  const common = { days: days.paymentDays, order: 'made' } as const;
  return [
    {
      ...{ ...common, name: 'payments', table: 'payment' },
      forget: { set: "dialler = NULL, payer = NULL, holder = '', session_key = NULL" },
      held: () =>
        anyOf(`payment.state IN ${OPEN_PAYMENT}`, openRefund('f.payment_id = payment.id'), openBreak('payment.id')),
    },
    {
      ...{ ...common, name: 'transfers', table: 'transfer' },
      forget: { set: 'payer = NULL, masked_payer = NULL, payer_name = NULL' },
      held: () =>
        anyOf(
          `transfer.state IN ${OPEN_TRANSFER}`,
          openPayment('p.transfer_id = transfer.id'),
          openRefund('f.transfer_id = transfer.id'),
          openBreak('transfer.id'),
        ),
    },
    {
      ...{ ...common, name: 'message-numbers', table: 'message', forget: 'delete' },
      held: () => "message.state IN ('queued', 'sending')",
    },
    {
      ...{ ...common, name: 'erasures', table: 'erasure', forget: 'delete' },
      held: () => "erasure.state IN ('proposed', 'granted', 'running')",
    },
    { ...common, name: 'consents', table: 'reminder_consent', forget: 'delete', held: never },
  ];
}
