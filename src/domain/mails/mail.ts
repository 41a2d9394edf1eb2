import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/**
 * queued: to be sent. sending: handed to the mail server; a process that dies here leaves it so, and it is sent again. sent: a mail server
 * has it. failed: it was refused for good. A lost answer can make a second delivery, under the same Message-ID; it is counted.
 */
export type MailState = 'queued' | 'sending' | 'sent' | 'failed';

export const mailStates = transitionTable<MailState>('mail', ['queued'], {
  queued: ['sending'],
  sending: ['sending', 'sent', 'failed', 'queued'],
  sent: [],
  failed: [],
});

/** One fact told to one mailbox. */
export interface MailRow {
  id: string;
  /** Unique: the same fact is told once. */
  factKey: string;
  recipient: string;
  sealedSubject: string;
  sealedText: string;
  sealedHtml: string | null;
  state: MailState;
  /** Calls that were made. */
  attempts: number;
  /** Calls whose answer was lost: each may have been a delivery. */
  lostAnswers: number;
  failure: string | null;
  createdAtMs: number;
  sentAtMs: number | null;
  finishedAtMs: number | null;
}

export const MailSchema = new EntitySchema<MailRow>({
  name: 'mail',
  columns: {
    id: column.id(),
    factKey: { ...column.varchar(128), name: 'fact_key' },
    recipient: column.varchar(254),
    sealedSubject: { ...column.text(), name: 'sealed_subject' },
    sealedText: { ...column.text(), name: 'sealed_text' },
    sealedHtml: { ...column.text({ nullable: true }), name: 'sealed_html' },
    state: column.state(),
    attempts: column.count(),
    lostAnswers: { ...column.count(), name: 'lost_answers' },
    failure: column.varchar(255, { nullable: true }),
    createdAtMs: { ...column.instant(), name: 'created_at' },
    sentAtMs: { ...column.instant({ nullable: true }), name: 'sent_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [
    { name: 'mail_fact', columns: ['factKey'], unique: true },
    { name: 'mail_recipient', columns: ['recipient', 'createdAtMs'] },
    { name: 'mail_state', columns: ['state'] },
    { name: 'mail_created', columns: ['createdAtMs'] },
  ],
});
