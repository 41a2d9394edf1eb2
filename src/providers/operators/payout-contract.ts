import type { Money, Msisdn } from '../../kernel/index.ts';
import type { Evidence, StatusAsked, StatusQuestion, StatusResult } from './contract.ts';
import type { PayoutCause } from './payout-cause.ts';

/** What the money is for, as the operator keeps it apart: a person is told in other words, and other limits may hold. */
export type PayoutPurpose = 'business' | 'salary' | 'promotion';

/**
 * An account of somebody who pays through us from money of his own, with the operator's user who may pay from it. A secret: it is in no
 * log, event or error.
 */
export interface PayoutAccount {
  shortCode: string;
  initiator: string;
  /** As the operator wants it: encrypted under its certificate. */
  securityCredential: string;
}

/** Money from our account, or from another's, to a person. */
export interface PayoutRequest {
  /** Ours, unique: the operator takes it as the id of the request, refuses a repeat by it and can be asked by it. */
  reference: string;
  /** Ends the addresses of result and time-out. */
  callbackToken: string;
  /** In whole major units, as operators move them. */
  amount: Money;
  recipient: Msisdn;
  purpose: PayoutPurpose;
  /** For the operator's own books, 2 to 100 characters. */
  remarks: string;
  /** Whose account pays; left out: ours. */
  account?: PayoutAccount;
}

export interface PayoutIds {
  conversationId: string;
  /** By which the operator can be asked what became of it: our reference, unless it drew one of its own. */
  requestId: string;
}

export type PayoutAnswer =
  /** Taken on; the outcome comes later. An acknowledgement proves nothing. */
  | { kind: 'accepted'; ids: PayoutIds }
  /** The operator has a request of this reference already: it is asked about, and not sent anew. */
  | { kind: 'known-before'; code: string; description: string }
  /** Proven that it was not taken; the same request may be sent again. `pace`: we send faster than we may. */
  | { kind: 'not-sent'; why: 'pace' | 'unreachable'; retryAfterMs: number; code: string; description: string }
  /** Proven that it was not taken, and would not be if it were sent again. */
  | { kind: 'rejected'; cause: PayoutCause; code: string; description: string }
  /** No proof either way: it is asked about. */
  | { kind: 'unknown'; code: string; description: string };

/** What a payout's result says of itself; checked against the transfer before it is believed. */
export interface PayoutResult {
  ids: PayoutIds;
  /** `payer` is who got the money, where the wire tells the number. An outcome `unproven` never becomes a failure by being repeated. */
  evidence: Evidence;
  /** The name that the recipient is registered under. */
  recipientName?: string;
}

/** What the accounts of a short code hold, in minor units of the operator's currency; the charges' may be negative. */
export interface AccountBalances {
  /** Spent by payouts: the float. */
  utilityMinor: bigint;
  workingMinor?: bigint;
  chargesMinor?: bigint;
}

/** What a balance result says; it answers by callback. Without `accounts` the operator refused to tell. */
export interface BalanceResult {
  conversationId: string;
  code: string;
  description: string;
  accounts?: AccountBalances;
  /** The operator's own time, epoch ms. */
  asOfMs?: number;
}

/**
 * The side of a mobile-money operator that pays people. Every method answers with a value; it throws only on a bug. Parsers return
 * undefined for a body that is not of the wire's shape: the route answers 4xx and keeps nothing.
 */
export interface PayoutOperator {
  /** As in the ledger's account names. The collecting operator's, when both use one account, since then both have one float. */
  readonly name: string;
  /** The collecting operator whose customers it pays. */
  readonly network: string;
  readonly currency: string;
  /** Our account that pays; undefined: it is not set up, and nothing may be asked of it. Those of others are given with each request. */
  readonly shortCode: string | undefined;

  /** Pays a person; the result comes to `b2c/result/:token`. */
  pay(request: PayoutRequest): Promise<PayoutAnswer>;
  /** Asks for one payout, of the account that paid it; the result comes to `status/result/:token`. Asking twice is harmless. */
  askStatus(question: StatusQuestion, account?: PayoutAccount): Promise<StatusAsked>;
  /** Asks what the account that pays holds; the result comes to `balance/result/:token`. Asking twice is harmless. */
  askBalance(token: string, account?: PayoutAccount): Promise<StatusAsked>;

  parsePayoutResult(body: unknown): PayoutResult | undefined;
  /** Whether it can be parsed; cheaper, for the moment in which the operator waits. */
  isPayoutResult(body: unknown): boolean;
  parseStatusResult(body: unknown): StatusResult | undefined;
  parseBalanceResult(body: unknown): BalanceResult | undefined;
  /** The reference of the request that ran out of time, which the operator sends back; undefined when it does not say. */
  parsePayoutTimeout(body: unknown): { requestId: string | undefined } | undefined;
}
