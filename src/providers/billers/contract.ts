import type { Money } from '../../kernel/index.ts';

/** Prepaid tokens in the order to enter them. KEY_CHANGE comes first. */
export type TokenKind = 'KEY_CHANGE' | 'STANDARD' | 'BSST' | 'REFUND' | 'POWER_LIMIT';

export interface BillerToken {
  kind: TokenKind;
  /** Twenty digits, without separators. */
  digits: string;
}

export interface AccountFound {
  kind: 'found';
  account: string;
  /** As the biller writes it; shown only partly masked. */
  holderName: string;
  /** Postpaid: what is owed (negative: credit). Prepaid: debt taken from the next purchase. */
  due: Money;
  /** Epoch ms. */
  dueDateMs?: number;
}

export type LookupAnswer =
  | AccountFound
  | { kind: 'not-found' }
  /** The account exists and may not be paid into. */
  | { kind: 'closed' }
  /** `timedOut`: it did not answer in time, and may later. */
  | { kind: 'unknown'; timedOut: boolean; description: string };

export interface PostRequest {
  /** Ours: the biller books one payment for it, however often it is sent. */
  reference: string;
  account: string;
  amount: Money;
  operatorReceipt?: string;
  /** Epoch ms at which the money was collected. */
  paidAtMs: number;
}

export interface PostedPayment {
  kind: 'posted';
  billerReference: string;
  /** Postpaid: what is owed after it. */
  balance?: Money;
  tokens: BillerToken[];
  /** Prepaid: as the biller writes it, for example `23.4 kWh`. */
  units?: string;
  debtTaken?: Money;
}

export type PostAnswer =
  | PostedPayment
  /** Proven that it was not booked and never will be under this reference. */
  | { kind: 'rejected'; why: 'account-not-found' | 'account-closed' | 'refused'; description: string }
  | { kind: 'unknown'; description: string };

export type CancelAnswer =
  /** Nothing is booked under the reference any more, and nothing ever will be. */
  | { kind: 'cancelled' }
  /** Nothing was booked under it, and nothing ever will be. */
  | { kind: 'not-booked' }
  /** The booking stays, for good: its token was used, its month is closed. */
  | { kind: 'refused'; description: string }
  | { kind: 'unknown'; description: string };

export type FindAnswer = PostedPayment | { kind: 'absent' } | { kind: 'unknown'; description: string };

/** One bill that is not paid. */
export interface DueBill {
  /** The biller's own name of it, unique for the biller. */
  bill: string;
  account: string;
  /** What is owed of it; more than nothing. */
  due: Money;
  /** A calendar day of the biller: `2026-11-30`. */
  dueDay: string;
  /** The day on which it was issued, if it is told. */
  issuedDay?: string;
}

export type BillsAnswer =
  /** `unreadable`: entries that were left out because they make no sense. `next`: where the next page begins. */
  | { kind: 'page'; bills: DueBill[]; unreadable: number; next: string | null }
  /** This biller does not tell its bills. */
  | { kind: 'not-offered' }
  | { kind: 'unknown'; description: string };

/** A utility's billing system. Methods answer with a value; they throw only on a bug. */
export interface BillerConnector {
  lookUp(account: string, timeoutMs: number): Promise<LookupAnswer>;
  /** Idempotent by `reference`. Prepaid: vends. */
  post(request: PostRequest): Promise<PostAnswer>;
  /** Asked before any second `post`. `absent` is a proof only because the biller's contract says so. */
  findByReference(reference: string): Promise<FindAnswer>;
  /** Takes a booking back; idempotent. A reference that was cancelled is refused when it is posted afterwards. */
  cancel(reference: string): Promise<CancelAnswer>;
  /** What the biller booked on a day (`2026-11-20`) of its own time zone, page by page. */
  statement(day: string): AsyncIterable<StatementLine>;
  /** Unpaid bills that are due on these calendar days of the biller, the last included; a page of at most 1,000. */
  dueBills(range: { fromDay: string; toDay: string; cursor: string | null }): Promise<BillsAnswer>;
}

export interface StatementLine {
  reference: string;
  billerReference: string;
  account: string;
  amount: Money;
  /** Epoch ms. */
  bookedAtMs: number;
}
