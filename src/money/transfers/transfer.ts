import { EntitySchema } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { EvidenceRank, FailureCause, PayoutCause } from '../../providers/operators/index.ts';
import type { TransferState } from './transfer-states.ts';

/**
 * prompt: we asked the payer's handset. paybill: he paid our short code by himself. reversal: an earlier one is taken back; of the
 * purpose `refund` when we asked for it, `reversal` when the operator did it by itself, `return` when a payout came back to us. Its
 * purposeId is the earlier one.
 * payout: we pay a person, who is its `payer`; its purposeId is the one intent that is paid.
 */
export type TransferRoute = 'prompt' | 'paybill' | 'reversal' | 'payout';

/** Money that leaves us: a code that proves nothing is never a failure of it, since what follows a failure is another payment. */
export function isOutgoing({ route }: Pick<Transfer, 'route'>): boolean {
  return route === 'reversal' || route === 'payout';
}

/** One movement of money through one operator. */
export interface Transfer {
  id: string;
  operator: string;
  route: TransferRoute;
  /** Ours, at most 12 characters, unique: the operator's account reference of a prompt, its id of the request of a payout. */
  reference: string;
  /** Ends the callback addresses of this transfer. */
  callbackToken: string;
  /** What it is for (`payment`), and the id of that thing; a handler above money knows what to do with it. */
  purpose: string;
  purposeId: string | null;
  amountMinor: bigint;
  currency: string;
  /** The person at the other end, who paid or was paid: full number; null while whoever paid at the paybill is known only by his mask. */
  payer: Msisdn | null;
  /** How the operator showed who paid at the paybill. Of a prompt only where that is not the number that was asked. */
  maskedPayer: string | null;
  payerName: string | null;
  /** What the payer typed as account (paybill). */
  paybillAccount: string | null;
  state: TransferState;
  /** The operator's id of a prompt; of a reversal or payout its conversation, which its result names. */
  checkoutRequestId: string | null;
  /** Beside it; of a reversal or payout that by which the operator can be asked about it. */
  merchantRequestId: string | null;
  /** Of a payout from somebody's own account: whose, by the id under which its credential is found; null: from ours. */
  ownAccountId: string | null;
  /** The short code of that account when it was asked for. */
  ownShortCode: string | null;
  /** The operator's receipt number; unique with the operator. */
  receipt: string | null;
  resultCode: string | null;
  resultDescription: string | null;
  failureCause: FailureCause | PayoutCause | null;
  evidenceRank: EvidenceRank | null;
  /** Which inquiry a status result must belong to. */
  statusConversationId: string | null;
  createdAtMs: number;
  submittedAtMs: number | null;
  settledAtMs: number | null;
  /** The operator's own time of completion. */
  completedAtMs: number | null;
}

export const TransferSchema = new EntitySchema<Transfer>({
  name: 'transfer',
  columns: {
    id: column.id(),
    operator: column.varchar(24),
    route: column.varchar(8),
    reference: column.varchar(12),
    callbackToken: { ...column.varchar(64), name: 'callback_token' },
    purpose: column.varchar(24),
    purposeId: { ...column.reference({ nullable: true }), name: 'purpose_id' },
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    payer: column.msisdn({ nullable: true }),
    maskedPayer: { ...column.varchar(64, { nullable: true }), name: 'masked_payer' },
    payerName: { ...column.varchar(120, { nullable: true }), name: 'payer_name' },
    paybillAccount: { ...column.varchar(64, { nullable: true }), name: 'paybill_account' },
    state: column.state(),
    checkoutRequestId: { ...column.varchar(100, { nullable: true }), name: 'checkout_request_id' },
    merchantRequestId: { ...column.varchar(100, { nullable: true }), name: 'merchant_request_id' },
    ownAccountId: { ...column.reference({ nullable: true }), name: 'own_account_id' },
    ownShortCode: { ...column.varchar(16, { nullable: true }), name: 'own_short_code' },
    receipt: column.varchar(24, { nullable: true }),
    resultCode: { ...column.varchar(32, { nullable: true }), name: 'result_code' },
    resultDescription: { ...column.varchar(200, { nullable: true }), name: 'result_description' },
    failureCause: { ...column.varchar(24, { nullable: true }), name: 'failure_cause' },
    evidenceRank: { ...column.varchar(16, { nullable: true }), name: 'evidence_rank' },
    statusConversationId: { ...column.varchar(100, { nullable: true }), name: 'status_conversation_id' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    submittedAtMs: { ...column.instant({ nullable: true }), name: 'submitted_at' },
    settledAtMs: { ...column.instant({ nullable: true }), name: 'settled_at' },
    completedAtMs: { ...column.instant({ nullable: true }), name: 'completed_at' },
  },
  indices: [
    { name: 'transfer_reference', columns: ['reference'], unique: true },
    { name: 'transfer_callback_token', columns: ['callbackToken'], unique: true },
    { name: 'transfer_receipt', columns: ['operator', 'receipt'], unique: true },
    { name: 'transfer_checkout_request', columns: ['checkoutRequestId'] },
    { name: 'transfer_purpose', columns: ['purposeId'] },
    { name: 'transfer_state', columns: ['state', 'createdAtMs'] },
    { name: 'transfer_payer_name', columns: ['payerName'] },
    { name: 'transfer_payer', columns: ['payer', 'createdAtMs'] },
    { name: 'transfer_completed', columns: ['operator', 'completedAtMs'] },
  ],
});

/** Everything that was decided about a transfer: who, when, why. Appended only. */
export interface TransferEvent {
  id: string;
  transferId: string;
  fromState: string;
  toState: string;
  /** Who decided: `service`, `operator:callback`, `operator:query`, `staff:<id>`. */
  actor: string;
  reason: string;
  atMs: number;
}

export const TransferEventSchema = new EntitySchema<TransferEvent>({
  name: 'transfer_event',
  columns: {
    id: column.id(),
    transferId: { ...column.reference(), name: 'transfer_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'transfer_event_transfer', columns: ['transferId'] }],
});

export function amountOf(transfer: Transfer): { amountMinor: bigint; currency: string } {
  return { amountMinor: transfer.amountMinor, currency: transfer.currency };
}
