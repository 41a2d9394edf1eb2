import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { announcePayment } from './announce-payment.ts';
import { type Payment, PaymentEventSchema, PaymentSchema } from './payment.ts';
import { type PaymentState, paymentStates } from './payment-states.ts';

/** The one way in which a payment's state changes: an allowed transition, its event and what its biller is told, on a locked row. */
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
  const moved = { ...payment, ...patch, state: to };
  await announcePayment(deps, tx, moved);
  return moved;
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
