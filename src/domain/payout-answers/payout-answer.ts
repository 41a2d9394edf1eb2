import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

export type AnswerWord = 'yes' | 'no';
export type AnswerChannel = 'sms' | 'ussd';

/** How a word came, in the service's own words. */
export const ANSWERED_BY: Readonly<Record<AnswerChannel, string>> = {
  sms: 'answered by SMS',
  ussd: 'answered by USSD',
};

/** One word of the recipient of a row on whether the money came. Appended; who changes his mind adds another. */
export interface PayoutAnswer {
  id: string;
  rowId: string;
  batchId: string;
  answer: AnswerWord;
  channel: AnswerChannel;
  /** Of the message or the turn that said it, so that a repeat of it says nothing new; unique. */
  turnKey: string;
  atMs: number;
  /** When another word took its place. */
  replacedAtMs: number | null;
}

export const PayoutAnswerSchema = new EntitySchema<PayoutAnswer>({
  name: 'payout_answer',
  columns: {
    id: column.id(),
    rowId: { ...column.reference(), name: 'row_id' },
    batchId: { ...column.reference(), name: 'batch_id' },
    answer: column.varchar(8),
    channel: column.varchar(8),
    turnKey: { ...column.varchar(80), name: 'turn_key' },
    atMs: { ...column.instant(), name: 'at' },
    replacedAtMs: { ...column.instant({ nullable: true }), name: 'replaced_at' },
  },
  indices: [
    { name: 'payout_answer_turn', columns: ['turnKey'], unique: true },
    { name: 'payout_answer_row', columns: ['rowId', 'atMs'] },
    { name: 'payout_answer_batch', columns: ['batchId', 'replacedAtMs', 'answer'] },
  ],
});
