import type { Money, Msisdn } from '../../kernel/index.ts';

/** A utility as the page needs it. */
export interface CheckoutBiller {
  id: string;
  name: string;
  kind: 'prepaid' | 'postpaid';
  currency: string;
  accountPattern: RegExp;
}

export type Lookup =
  | { kind: 'found'; account: string; holder: string; due: Money }
  | { kind: 'not-found' | 'closed' | 'malformed' | 'unavailable' | 'slow' };

export interface PaymentView {
  id: string;
  reference: string;
  billerId: string | null;
  account: string;
  /** Masked. */
  holder: string;
  amount: Money;
  /** Its words are the texts `pay.state.<situation>.*`. */
  situation: string;
  /** Text id. */
  reason?: string;
  operatorReceipt?: string;
  createdAtMs: number;
  payer: Msisdn | null;
}

/** What was looked up and is to be confirmed. */
export interface Bill {
  billerId: string;
  account: string;
  holder: string;
  amount: Money;
  payer: Msisdn;
  language: string;
}

/** What a short address of a reminder fills in. */
export interface PrefilledBill {
  billerId: string;
  account: string;
  amount?: Money;
  language: string;
}

/**
 * What the business does for the page: the domain's functions with their deps bound. Each throws `Refusal` for a "no" of the
 * business. Nobody knows who fills in a page: what is held against guessing is the address that it comes from.
 */
export interface CheckoutDomain {
  lookUpAccount(input: { billerId: string; account: string; timeoutMs: number; address: string }): Promise<Lookup>;
  checkPayer(input: { payerText: string }): Promise<Msisdn>;
  checkAmount(input: { billerId: string; account: string; amount: Money; payer: Msisdn }): Promise<void>;
  /** One payment for one key, however often it is called. */
  requestPayment(input: Bill & { requestKey: string }): Promise<void>;
  findPayment(input: { requestKey: string }): Promise<PaymentView | undefined>;
  viewPayments(ids: readonly string[]): Promise<readonly PaymentView[]>;
  openLink(code: string): PrefilledBill | undefined;
}
