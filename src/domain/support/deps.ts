import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import { type AuditDeps, recordAct } from '../audit/index.ts';
import type { PaymentDeps } from '../payments/index.ts';

export type SupportDeps = PaymentDeps & AuditDeps;

/** Who acts on which payment, and why. */
export interface PaymentAct {
  paymentId: string;
  reason: string;
}

export function recordPaymentAct(
  deps: SupportDeps,
  tx: Tx,
  actor: Actor,
  { paymentId, reason }: PaymentAct,
  act: string,
  after?: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const subject = { kind: 'payment', id: paymentId };
  return recordAct(deps, tx, { actor, act, subject, reason, ...(after ? { after } : {}) });
}
