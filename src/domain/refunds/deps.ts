import type { ApprovalBands, ApprovalDeps } from '../approvals/index.ts';
import type { AuditDeps } from '../audit/index.ts';
import type { PaymentDeps } from '../payments/index.ts';

/** What giving a part back needs: it is paid out. */
export type PartDeps = Pick<PaymentDeps, 'runtime' | 'payoutOperators'>;

/** What staff do about refunds. */
export interface RefundActDeps extends ApprovalDeps, AuditDeps, PartDeps {
  approvalBands: ApprovalBands;
}

/** What then happens by itself. */
export type RefundDeps = PaymentDeps;

/** Of the approvals that are asked for here, and of their file. */
export const REFUND = 'refund';

/** Work of this folder; payload `{refundId}`. */
export const refundTopic = {
  /** Have the biller give the payment up, and then the operator take it back. */
  release: 'refund.release',
} as const;
