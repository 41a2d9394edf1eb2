import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PaymentDeps } from './deps.ts';
import { movePayment } from './move-payment.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { startPrompt } from './start-prompt.ts';
import { tellExpired } from './tell-customer.ts';
import { paymentTopic } from './topics.ts';

/** Suspicious: nobody is asked until a person has looked, and after a while nobody is any more. */
export async function hold(deps: PaymentDeps, tx: Tx, payment: Payment, reason: string): Promise<Payment> {
  await deps.outbox.emit(tx, {
    topic: paymentTopic.expireHold,
    key: payment.id,
    payload: { paymentId: payment.id },
    dueAtMs: payment.createdAtMs + deps.paymentSettings.holdMs,
  });
  return movePayment(deps, tx, payment, 'held', { actor: 'service', reason }, { reason });
}

/** Work of `payment.expire-hold`: nobody released it in time. */
export async function expireHold(deps: PaymentDeps, { paymentId }: { paymentId: string }): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (payment?.state !== 'held') return;
    const cause = { actor: 'service', reason: 'nobody released it in time' };
    await tellExpired(deps, tx, await movePayment(deps, tx, payment, 'expired', cause));
  });
}

/** A person looked and found nothing wrong: the payer is asked now. `alongside` is committed with it. */
export async function releaseHold(
  deps: PaymentDeps,
  { reference, staff, alongside }: { reference: string; staff: string; alongside?: (tx: Tx) => Promise<unknown> },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { reference });
    if (payment?.state !== 'held') throw new Refusal('payment.not-held', { reference });
    await startPrompt(deps, tx, payment, `staff:${staff}`);
    await alongside?.(tx);
  });
}
