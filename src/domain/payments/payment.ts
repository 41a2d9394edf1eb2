import { EntitySchema } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { TokenKind } from '../../providers/billers/index.ts';
import type { PaymentState } from './payment-states.ts';

/** Where a payment was confirmed that a prompt collects. */
export type PromptedChannel = 'ussd' | 'sms' | 'web';

/** `paybill`: the customer paid our short code himself. */
export type PaymentChannel = PromptedChannel | 'paybill';

/** A bill being paid. */
export interface Payment {
  id: string;
  /** What the customer reads everywhere; also the reference of its transfer and at the biller. */
  reference: string;
  channel: PaymentChannel;
  /** Unique: the turn or the form that confirmed it, or the transfer that brought it. */
  requestKey: string;
  /** The USSD session, by which its end finds the waiting prompt. */
  sessionKey: string | null;
  billerId: string | null;
  account: string;
  /** As shown, masked. */
  holder: string;
  amountMinor: bigint;
  currency: string;
  /** Who gets tokens and account details; null while a paybill payer is unknown, and on the web: there the payer gets them. */
  dialler: Msisdn | null;
  /** Who is asked for the money and gets the receipt. */
  payer: Msisdn | null;
  language: string;
  state: PaymentState;
  /** Text id of why it is held, failed or owed: `reasons.insufficient-funds`. */
  reason: string | null;
  transferId: string | null;
  /** Through whom the money comes; null until somebody is asked for it. */
  operator: string | null;
  operatorReceipt: string | null;
  /** While it is collected: the biller has booked it, and its token is not there yet. */
  billerReference: string | null;
  units: string | null;
  balanceMinor: bigint | null;
  debtTakenMinor: bigint | null;
  /** Set before the biller is first called: afterwards it is always looked up first. */
  postingSinceMs: number | null;
  createdAtMs: number;
  collectedAtMs: number | null;
  postedAtMs: number | null;
}

export const PaymentSchema = new EntitySchema<Payment>({
  name: 'payment',
  columns: {
    id: column.id(),
    reference: column.varchar(12),
    channel: column.varchar(8),
    requestKey: { ...column.varchar(96), name: 'request_key' },
    sessionKey: { ...column.varchar(160, { nullable: true }), name: 'session_key' },
    billerId: { ...column.varchar(24, { nullable: true }), name: 'biller_id' },
    account: column.varchar(64),
    holder: column.varchar(64),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    dialler: column.msisdn({ nullable: true }),
    payer: column.msisdn({ nullable: true }),
    language: column.varchar(8),
    state: column.state(),
    reason: column.varchar(48, { nullable: true }),
    transferId: { ...column.reference({ nullable: true }), name: 'transfer_id' },
    operator: column.varchar(24, { nullable: true }),
    operatorReceipt: { ...column.varchar(24, { nullable: true }), name: 'operator_receipt' },
    billerReference: { ...column.varchar(64, { nullable: true }), name: 'biller_reference' },
    units: column.varchar(32, { nullable: true }),
    balanceMinor: { ...column.amountMinor({ nullable: true }), name: 'balance_minor' },
    debtTakenMinor: { ...column.amountMinor({ nullable: true }), name: 'debt_taken_minor' },
    postingSinceMs: { ...column.instant({ nullable: true }), name: 'posting_since' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    collectedAtMs: { ...column.instant({ nullable: true }), name: 'collected_at' },
    postedAtMs: { ...column.instant({ nullable: true }), name: 'posted_at' },
  },
  indices: [
    { name: 'payment_reference', columns: ['reference'], unique: true },
    { name: 'payment_request', columns: ['requestKey'], unique: true },
    { name: 'payment_session', columns: ['sessionKey'] },
    { name: 'payment_transfer', columns: ['transferId'] },
    { name: 'payment_dialler', columns: ['dialler', 'createdAtMs'] },
    { name: 'payment_payer', columns: ['payer', 'createdAtMs'] },
    { name: 'payment_account', columns: ['billerId', 'account', 'createdAtMs'] },
    { name: 'payment_receipt', columns: ['operatorReceipt'] },
    { name: 'payment_state', columns: ['state', 'createdAtMs'] },
    { name: 'payment_created', columns: ['createdAtMs', 'id'] },
    { name: 'payment_biller', columns: ['billerId', 'createdAtMs'] },
    { name: 'payment_account_number', columns: ['account', 'createdAtMs'] },
    { name: 'payment_operator', columns: ['operator', 'createdAtMs'] },
    { name: 'payment_amount', columns: ['amountMinor', 'createdAtMs'] },
  ],
});

/** Who changed a payment's state, when and why. Appended only. */
export interface PaymentEvent {
  id: string;
  paymentId: string;
  fromState: string;
  toState: string;
  actor: string;
  reason: string;
  atMs: number;
}

export const PaymentEventSchema = new EntitySchema<PaymentEvent>({
  name: 'payment_event',
  columns: {
    id: column.id(),
    paymentId: { ...column.reference(), name: 'payment_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [
    { name: 'payment_event_payment', columns: ['paymentId'] },
    { name: 'payment_event_at', columns: ['atMs'] },
  ],
});

/** A prepaid token. Sealed, with a keyed hash by which it can be found. */
export interface PaymentToken {
  id: string;
  paymentId: string;
  /** In the order to enter them, from 1. */
  position: number;
  tokenKind: TokenKind;
  sealedDigits: string;
  fingerprint: string;
}

export const PaymentTokenSchema = new EntitySchema<PaymentToken>({
  name: 'payment_token',
  columns: {
    id: column.id(),
    paymentId: { ...column.reference(), name: 'payment_id' },
    position: column.count(),
    tokenKind: { ...column.varchar(16), name: 'token_kind' },
    sealedDigits: { ...column.varchar(160), name: 'sealed_digits' },
    fingerprint: column.varchar(64),
  },
  indices: [
    { name: 'payment_token_position', columns: ['paymentId', 'position'], unique: true },
    { name: 'payment_token_fingerprint', columns: ['fingerprint'] },
  ],
});
