import type { Money, Msisdn } from '../../kernel/index.ts';
import type { PayoutCause } from './payout-cause.ts';

/** How much an observation is worth, weakest first. */
export const EVIDENCE_RANKS = ['acknowledgement', 'callback', 'query', 'statement'] as const;
export type EvidenceRank = (typeof EVIDENCE_RANKS)[number];

/** Why no money moved, in terms that a customer's words can be chosen by. */
export type FailureCause =
  | 'insufficient-funds'
  | 'wrong-pin'
  | 'cancelled'
  | 'no-answer'
  | 'unreachable'
  | 'operator-limit'
  | 'busy'
  /** The number has no account at this operator: another number must pay. */
  | 'not-registered'
  | 'other';

/** What an operator told us about one movement of money, whatever wire it came by. */
export interface Evidence {
  rank: EvidenceRank;
  /**
   * succeeded: money moved. failed: proven that none moved. unproven: the operator says no, but the code proves
   * nothing. pending: still in flight.
   */
  outcome: 'succeeded' | 'failed' | 'unproven' | 'pending';
  /** The operator's own code as text (`0`, `1032`, `500.001.1001`); `none` where the wire has none. */
  code: string;
  /** The operator's words, for staff. Never shown to a customer. */
  description: string;
  /** For a failure, or a code that proves nothing; `other` when the code says nothing that helps the customer. */
  cause?: FailureCause | PayoutCause;
  /** The operator's receipt number; a success can lack one (a query). */
  receipt?: string;
  amount?: Money;
  payer?: Msisdn;
  /** The operator's time of completion, epoch ms. */
  completedAtMs?: number;
}

export interface CollectRequest {
  /** Ours, unique, at most 12 characters: the operator's account reference. */
  reference: string;
  /** Ends the callback address; finds the transfer even if the acknowledgement is lost. */
  callbackToken: string;
  amount: Money;
  payer: Msisdn;
  description: string;
}

/** The identifiers by which the operator can be asked again. */
export interface OperatorIds {
  checkoutRequestId: string;
  merchantRequestId: string;
}

export type CollectAnswer =
  /** Taken on; the outcome comes later. */
  | { kind: 'accepted'; ids: OperatorIds }
  /**
   * Proven that no prompt went out and no money moves. `cause` says whose fault, for the customer's words and alarms;
   * `not-registered`: the payer's number has no account at this operator.
   */
  | { kind: 'rejected'; cause: 'busy' | 'our-fault' | 'not-registered'; code: string; description: string }
  /** Proven that it was not sent, and the operator allows the same request once more after `retryAfterMs`. */
  | { kind: 'not-sent'; retryAfterMs: number; code: string; description: string }
  /** No proof either way: never sent again. */
  | { kind: 'unknown'; code: string; description: string };

/** One payment seen in the operator's own list (pull), or told by a paybill confirmation. */
export interface PaybillMovement {
  receipt: string;
  amount: Money;
  /** What the payer typed as account; our reference for a prompt. */
  account: string;
  shortCode: string;
  completedAtMs: number;
  /** Present where the wire tells the full number. */
  payer?: Msisdn;
  /** Present where the wire masks it: `2547 ***** 126`. */
  maskedPayer?: string;
  /** Only what a receipt or staff may need; never the full name in a log. */
  payerName?: string;
}

export type PullAnswer =
  | { kind: 'movements'; movements: PaybillMovement[] }
  /** Nothing usable; absence proves nothing anyway. */
  | { kind: 'unknown'; code: string; description: string };

export type StatusAsked =
  /** The result comes later to the address with the given token. */
  { kind: 'accepted'; conversationId: string } | { kind: 'unknown'; code: string; description: string };

/** What a transaction-status result says; it answers by callback. */
export interface StatusResult {
  conversationId: string;
  found: boolean;
  completed: boolean;
  /** The operator says that what was asked about was taken back since. */
  reversed: boolean;
  code: string;
  description: string;
  receipt?: string;
  amount?: Money;
  payer?: Msisdn;
  payerName?: string;
  completedAtMs?: number;
}

/** What the operator can be asked about: a transaction by its receipt, or a request of ours by the id that it was given. */
export type StatusQuestion = { token: string } & ({ receipt: string } | { requestId: string });

/** Money that came to our short code is to go back whole, to whoever paid it. */
export interface ReverseRequest {
  /** Of what is taken back: the operator reverses a receipt once, however often it is asked. */
  receipt: string;
  /** All of it. */
  amount: Money;
  /** Ends the addresses of result and time-out. */
  callbackToken: string;
  /** For the operator's own books, at most 100 characters. */
  remarks: string;
}

export interface ReverseIds {
  conversationId: string;
  /** By which the operator can be asked what became of it. */
  requestId: string;
}

export type ReverseAnswer =
  /** Taken on; the outcome comes later. An acknowledgement proves nothing. */
  | { kind: 'accepted'; ids: ReverseIds }
  /** Proven that the operator did not take it on. `busy`: the same request may be sent again. */
  | { kind: 'rejected'; cause: 'busy' | 'our-fault' | 'refused'; code: string; description: string }
  /** No proof either way: it is asked about. */
  | { kind: 'unknown'; code: string; description: string };

/** What a reversal's result says of itself; checked against the transfer before it is believed. */
export interface ReversalResult {
  ids: ReverseIds;
  /** `payer` is who got the money back. An outcome `unproven` never becomes a failure by being repeated. */
  evidence: Evidence;
  /** The receipt that was taken back, where the wire tells it. */
  ofReceipt?: string;
  /** The operator says that it was taken back before, by whomever: to be asked about. */
  reversedBefore: boolean;
}

/** What a prompt's callback says of itself; checked against the transfer before it is believed. */
export interface CollectCallback {
  checkoutRequestId: string;
  merchantRequestId: string;
  evidence: Evidence;
}

export interface PaybillValidation {
  account: string;
  amount: Money;
  shortCode: string;
}

/** Why a paybill payment is refused before it is made; each adapter has its own codes for these. */
export type ValidationRefusal = 'account' | 'amount' | 'short-code' | 'other';

/**
 * A mobile-money operator from which we collect. Every method answers with a value; it throws only on a bug.
 * Parsers return undefined for a body that is not of the wire's shape: the route answers 4xx and keeps nothing.
 */
export interface CollectionOperator {
  /** As in the ledger's account names and in configuration: `mpesa`. */
  readonly name: string;
  /** As the customer knows it: `M-PESA`. */
  readonly displayName: string;
  readonly currency: string;
  /** The paybill or till that collects. */
  readonly shortCode: string;

  collect(request: CollectRequest): Promise<CollectAnswer>;
  /** Evidence of rank `query`; `pending` when in flight or when nothing usable came. */
  queryCollection(ids: OperatorIds, amount: Money): Promise<Evidence>;
  /** What arrived at the paybill between two instants (epoch ms; at most 48 h back). All pages. */
  pullMovements(fromMs: number, toMs: number): Promise<PullAnswer>;
  /** Asks for one transaction; the result comes to `status/result/:token`. Asking twice is harmless. */
  askStatus(question: StatusQuestion): Promise<StatusAsked>;
  /** Takes a collected payment back; the result comes to `reversal/result/:token`. */
  reverse(request: ReverseRequest): Promise<ReverseAnswer>;
  /** Tells the operator where paybill payments are announced. */
  registerPaybill(): Promise<{ kind: 'accepted' } | { kind: 'failed'; description: string }>;

  parseCollectCallback(body: unknown): CollectCallback | undefined;
  parsePaybillConfirmation(body: unknown): PaybillMovement | undefined;
  parsePaybillValidation(body: unknown): PaybillValidation | undefined;
  parseStatusResult(body: unknown): StatusResult | undefined;
  parseReversalResult(body: unknown): ReversalResult | undefined;

  /** Bodies to answer with, as the wire defines them. */
  readonly answers: {
    callbackTaken(): unknown;
    confirmationTaken(): unknown;
    validationAccepted(): unknown;
    validationRefused(why: ValidationRefusal): unknown;
  };
}
