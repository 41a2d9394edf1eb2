import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Payment, PaymentEventSchema, PaymentSchema } from './payment.ts';
import { type PaymentState, paymentStates } from './payment-states.ts';

/** The one way in which a payment's state changes: an allowed transition and its event, on a row that is locked. */
export async function movePayment(
  deps: { runtime: Runtime },
  tx: Tx,
  payment: Payment,
  to: PaymentState,
  cause: { actor: string; reason: string },
  patch: Partial<Payment> = {},
): Promise<Payment> {
  paymentStates.assert(payment.state, to);
  await tx.update(PaymentSchema, { id: payment.id }, { ...patch, state: to });
  await recordPaymentEvent(deps, tx, payment.id, payment.state, to, cause);
  return { ...payment, ...patch, state: to };
}

export async function recordPaymentEvent(
  deps: { runtime: Runtime },
  tx: Tx,
  paymentId: string,
  fromState: string,
  toState: string,
  { actor, reason }: { actor: string; reason: string },
): Promise<void> {
  await tx.insert(PaymentEventSchema, {
    id: deps.runtime.ids.next(),
    paymentId,
    fromState,
    toState,
    actor,
    reason: reason.slice(0, 255),
    atMs: deps.runtime.clock.now(),
  });
}
