import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';
import type { RefundState } from './refund-states.ts';

/** whole: the operator takes the payment back. part: a payout to whoever paid. */
export type RefundKind = 'whole' | 'part';

/** Money that came and is to go back to whoever paid it. */
export interface Refund {
  id: string;
  /** The payment that it is about; of second money the one that it came for again. */
  paymentId: string;
  /** The transfer that brought the money. */
  transferId: string;
  kind: RefundKind;
  amountMinor: bigint;
  currency: string;
  state: RefundState;
  reason: string;
  /** Login of who proposed it. */
  proposedBy: string;
  approvalId: string;
  /** The transfer that takes it back; of a part the payout. */
  reversalId: string | null;
  proposedAtMs: number;
  /** Since when it is in its state. */
  changedAtMs: number;
}

export const RefundSchema = new EntitySchema<Refund>({
  name: 'refund',
  columns: {
    id: column.id(),
    paymentId: { ...column.reference(), name: 'payment_id' },
    transferId: { ...column.reference(), name: 'transfer_id' },
    kind: column.varchar(8),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    state: column.state(),
    reason: column.varchar(500),
    proposedBy: { ...column.reference(), name: 'proposed_by' },
    approvalId: { ...column.reference(), name: 'approval_id' },
    reversalId: { ...column.reference({ nullable: true }), name: 'reversal_id' },
    proposedAtMs: { ...column.instant(), name: 'proposed_at' },
    changedAtMs: { ...column.instant(), name: 'changed_at' },
  },
  indices: [
    { name: 'refund_payment', columns: ['paymentId'] },
    { name: 'refund_transfer', columns: ['transferId'] },
    { name: 'refund_reversal', columns: ['reversalId'] },
    { name: 'refund_approval', columns: ['approvalId'], unique: true },
    { name: 'refund_state', columns: ['state', 'proposedAtMs'] },
  ],
});

/** Who changed a refund's state, when and why. Appended only. */
export interface RefundEvent {
  id: string;
  refundId: string;
  fromState: RefundState | 'none';
  toState: RefundState;
  /** `staff:<id>`, `service`, `biller`, `operator`, `approvals`. */
  actor: string;
  reason: string;
  atMs: number;
}

export const RefundEventSchema = new EntitySchema<RefundEvent>({
  name: 'refund_event',
  columns: {
    id: column.id(),
    refundId: { ...column.reference(), name: 'refund_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'refund_event_refund', columns: ['refundId'] }],
});
