import type { Money, Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';

export type SmsLookup =
  | { kind: 'found'; account: string; holder: string; due: Money }
  | { kind: 'not-found' | 'closed' | 'malformed' | 'unavailable' | 'slow' };

export interface SmsPayment {
  id: string;
  reference: string;
  billerId: string | null;
  account: string;
  amount: Money;
  /** Its words are the texts `states.<situation>` and `next.<situation>`. */
  situation: string;
  dialler: Msisdn | null;
}

export type SmsRequested =
  | { kind: 'requested' | 'held'; payment: SmsPayment }
  | { kind: 'recent-same'; first: SmsPayment; retryAtMs: number };

/** Money that an organisation has sent to who writes, and about which he was asked. */
export interface SmsQuestion {
  organisation: string;
  /** In which the organisation has people told. */
  language: string;
  reference: string;
  answer: 'yes' | 'no' | null;
}

export type SmsAnswered =
  | { kind: 'noted'; question: SmsQuestion; answer: 'yes' | 'no' }
  | { kind: 'which'; questions: readonly SmsQuestion[] }
  | { kind: 'not-yours' | 'none' };

/** What the business does for who writes: the domain's functions with their deps bound. Each throws `Refusal` for a "no". */
export interface SmsDomain {
  findCustomer(input: { msisdn: Msisdn }): Promise<{ language: string; hasPin: boolean } | undefined>;
  lookUpAccount(input: { billerId: string; account: string; msisdn: Msisdn; timeoutMs: number }): Promise<SmsLookup>;
  findElsewhere(input: { billerId: string; account: string }): Promise<{ amount: Money; paidAtMs: number } | undefined>;
  listLinks(input: { msisdn: Msisdn }): Promise<readonly { billerId: string; account: string }[]>;
  /** Once for a key: a repeat finds what is there. */
  requestPayment(input: {
    turnKey: string;
    billerId: string;
    account: string;
    holder: string;
    amount: Money;
    msisdn: Msisdn;
    language: string;
  }): Promise<SmsRequested>;
  /** By our reference or the operator's receipt number; without one, his newest. Another's does not exist for him. */
  findPayment(input: { msisdn: Msisdn; reference?: string }): Promise<SmsPayment | undefined>;
  sendReceiptAgain(input: { paymentId: string; msisdn: Msisdn; language: string; turnKey: string }): Promise<void>;
  /** What he was asked and may answer: those without an answer first. */
  findQuestions(input: { msisdn: Msisdn }): Promise<readonly SmsQuestion[]>;
  /** Once for a key; never about what is another's, or was not paid. */
  answerQuestion(input: {
    msisdn: Msisdn;
    answer: 'yes' | 'no';
    reference?: string;
    turnKey: string;
  }): Promise<SmsAnswered>;
  /** False when nothing changed by it. */
  setReminders(tx: Tx, input: { msisdn: Msisdn; language: string; wanted: boolean }): Promise<boolean>;
}
