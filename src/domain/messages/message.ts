import { EntitySchema } from 'typeorm';
import { type Msisdn, transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/**
 * queued: to be sent. sending: handed to the provider; a process that dies here leaves it so, and it is sent again.
 * sent: the provider has it. delivered, failed: final. A lost answer can make a second delivery; it is counted.
 */
export type MessageState = 'queued' | 'sending' | 'sent' | 'delivered' | 'failed';

export const messageStates = transitionTable<MessageState>('message', ['queued'], {
  queued: ['sending'],
  sending: ['sending', 'sent', 'delivered', 'failed', 'queued'],
  sent: ['delivered', 'failed'],
  delivered: [],
  failed: [],
});

/** Receipts and reminders use different sender names: who blocks one still gets the other. */
export type MessageSender = 'receipts' | 'reminders';

/** One fact told to one number. */
export interface Message {
  id: string;
  /** Unique: the same fact is told once. */
  factKey: string;
  recipient: Msisdn;
  /** Text id without its namespace: `receipt-postpaid`. */
  kind: string;
  /** What it is about: a payment's id. */
  subjectId: string | null;
  /** Sealed: a text can hold tokens. */
  sealedText: string;
  sender: MessageSender;
  state: MessageState;
  segments: number;
  /** Calls that were made. */
  attempts: number;
  /** Calls whose answer was lost: each may have been a delivery. */
  lostAnswers: number;
  providerMessageId: string | null;
  /** As the provider writes it: `KES 0.8000`. */
  cost: string | null;
  failure: string | null;
  createdAtMs: number;
  /** After it the message is not sent any more; null: it must arrive. */
  expiresAtMs: number | null;
  sentAtMs: number | null;
  finishedAtMs: number | null;
}

export const MessageSchema = new EntitySchema<Message>({
  name: 'message',
  columns: {
    id: column.id(),
    factKey: { ...column.varchar(128), name: 'fact_key' },
    recipient: column.msisdn(),
    kind: column.varchar(40),
    subjectId: { ...column.reference({ nullable: true }), name: 'subject_id' },
    sealedText: { ...column.text(), name: 'sealed_text' },
    sender: column.varchar(12),
    state: column.state(),
    segments: column.count(),
    attempts: column.count(),
    lostAnswers: { ...column.count(), name: 'lost_answers' },
    providerMessageId: { ...column.varchar(80, { nullable: true }), name: 'provider_message_id' },
    cost: column.varchar(24, { nullable: true }),
    failure: column.varchar(80, { nullable: true }),
    createdAtMs: { ...column.instant(), name: 'created_at' },
    expiresAtMs: { ...column.instant({ nullable: true }), name: 'expires_at' },
    sentAtMs: { ...column.instant({ nullable: true }), name: 'sent_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [
    { name: 'message_fact', columns: ['factKey'], unique: true },
    { name: 'message_provider_id', columns: ['providerMessageId'] },
    { name: 'message_subject', columns: ['subjectId'] },
    { name: 'message_recipient', columns: ['recipient', 'createdAtMs'] },
    { name: 'message_state', columns: ['state'] },
    { name: 'message_sent', columns: ['sentAtMs'] },
  ],
});

/** A number that wants nothing more from one of our sender names. */
export interface SmsOptOut {
  id: string;
  msisdn: Msisdn;
  senderName: string;
  atMs: number;
}

export const SmsOptOutSchema = new EntitySchema<SmsOptOut>({
  name: 'sms_opt_out',
  columns: {
    id: column.id(),
    msisdn: column.msisdn(),
    senderName: { ...column.varchar(40), name: 'sender_name' },
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'sms_opt_out_unique', columns: ['msisdn', 'senderName'], unique: true }],
});
