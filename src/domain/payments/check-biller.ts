import { unreachable } from '../../kernel/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { PostAnswer } from '../../providers/billers/index.ts';
import { connectorOf } from '../accounts/index.ts';
import { isWithoutToken, lookAgain } from './await-token.ts';
import { BillerSilentError } from './biller-silent-error.ts';
import type { PaymentDeps } from './deps.ts';
import { recordPaymentEvent } from './move-payment.ts';
import { type Payment, PaymentSchema, PaymentTokenSchema } from './payment.ts';
import { keepTokens, postPayment, postRequestOf } from './post-payment.ts';
import { queueReceiptAgain } from './receipt.ts';

/**
 * Work of `payment.check-biller`: the biller's statement does not show a payment. It is asked by our reference, and what it does
 * not have is booked: money that was collected takes the ordinary way; what we hold for posted is sent again under the same
 * reference, so that it cannot be booked twice, and its customer gets what came with it: a new token when it is there.
 */
export async function checkBiller(deps: PaymentDeps, { paymentId, sinceMs }: CheckWork): Promise<Outcome> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { id: paymentId } });
  if (payment?.state === 'collected') return postPayment(deps, { paymentId });
  if (payment?.state !== 'posted' || !payment.billerId) return undefined;
  const answer = await findOrPost(deps, payment, payment.billerId);
  if (answer.kind === 'unknown') throw new BillerSilentError(answer.description);
  if (answer.kind === 'posted' && answer.billerReference.slice(0, 64) === payment.billerReference) {
    await note(deps, payment, 'has it, though its statement did not show it');
    return undefined;
  }
  if (answer.kind === 'posted' && isWithoutToken(deps, payment, answer)) {
    const beganMs = sinceMs ?? deps.runtime.clock.now();
    const again = lookAgain(deps, beganMs)?.again;
    return again && { again: { ...again, payload: { paymentId, sinceMs: beganMs } } };
  }
  await keepAnswer(deps, payment, answer);
  return undefined;
}

interface CheckWork {
  paymentId: string;
  /** Since when it is booked anew and its token is waited for. Epoch ms. */
  sinceMs?: number;
}

async function findOrPost(deps: PaymentDeps, payment: Payment, billerId: string): Promise<PostAnswer> {
  const connector = connectorOf(deps, billerId);
  const found = await connector.findByReference(payment.reference);
  return found.kind === 'absent' ? connector.post(postRequestOf(payment)) : found;
}

async function note(deps: PaymentDeps, { id }: Payment, reason: string): Promise<void> {
  await deps.database.transaction((tx) =>
    recordPaymentEvent(deps, tx, id, 'posted', 'posted', { actor: 'biller', reason }),
  );
}

async function keepAnswer(
  deps: PaymentDeps,
  { id }: Payment,
  answer: Exclude<PostAnswer, { kind: 'unknown' }>,
): Promise<void> {
  switch (answer.kind) {
    // The ledger stays as it is: we still owe the biller what it now refuses. Its break is waiting for a person.
    case 'rejected':
      return deps.database.transaction((tx) => {
        const reason = `lacks it, and refuses it: ${answer.why} ${answer.description}`;
        return recordPaymentEvent(deps, tx, id, 'posted', 'posted', { actor: 'biller', reason });
      });
    case 'posted':
      return deps.database.transaction(async (tx) => {
        const payment = await tx.lockOne(PaymentSchema, { id });
        if (payment?.state !== 'posted' || payment.billerReference === answer.billerReference.slice(0, 64)) return;
        const patch = {
          billerReference: answer.billerReference.slice(0, 64),
          units: answer.units?.slice(0, 32) ?? payment.units,
        };
        await tx.update(PaymentSchema, { id }, patch);
        const reason = `lacked it; booked again as ${answer.billerReference}`;
        await recordPaymentEvent(deps, tx, id, 'posted', 'posted', { actor: 'biller', reason });
        if (answer.tokens.length === 0) return;
        // The tokens that it sold before are worth nothing at a biller that does not know of them.
        await tx.manager.delete(PaymentTokenSchema, { paymentId: id });
        await keepTokens(deps, tx, payment, answer);
        const to = payment.dialler ?? payment.payer;
        if (to)
          await queueReceiptAgain(
            deps,
            tx,
            { ...payment, ...patch },
            to,
            `booked-again:${id}:${patch.billerReference}`,
          );
      });
    default:
      return unreachable(answer);
  }
}
