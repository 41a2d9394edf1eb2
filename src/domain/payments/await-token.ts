import type { Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { PostedPayment } from '../../providers/billers/index.ts';
import type { PaymentDeps } from './deps.ts';
import { recordPaymentEvent } from './move-payment.ts';
import { type Payment, PaymentSchema } from './payment.ts';

/** Thrown to give the search for a token to staff: it is asked for a while longer, and then shown as work that was given up. */
export class NoTokenYetError extends Error {
  override readonly name = 'NoTokenYetError';
}

/** The biller has booked a prepaid sale, and its token is not there yet. */
export function awaitsToken({ state, billerReference }: Pick<Payment, 'state' | 'billerReference'>): boolean {
  return state === 'collected' && billerReference !== null;
}

/** Whether this answer of a biller says: sold, and the token follows. */
export function isWithoutToken(
  { billers }: Pick<PaymentDeps, 'billers'>,
  { billerId }: Payment,
  answer: PostedPayment,
) {
  return answer.tokens.length === 0 && billers.get(billerId ?? '').kind === 'prepaid';
}

/** Keeps that it is booked, once; from now on it is looked up and never sent again. */
export async function keepBooked(deps: PaymentDeps, tx: Tx, payment: Payment, answer: PostedPayment): Promise<void> {
  if (payment.billerReference !== null) return;
  const billerReference = answer.billerReference.slice(0, 64);
  await tx.update(PaymentSchema, { id: payment.id }, { billerReference });
  const cause = { actor: 'biller', reason: `booked as ${billerReference}; its token is not there yet` };
  await recordPaymentEvent(deps, tx, payment.id, payment.state, payment.state, cause);
}

const FIRST_MS = 5_000;
const LONGEST_MS = 600_000;
const GIVEN_TO_STAFF_AFTER_MS = 7 * 86_400_000;

/** When it is looked up again: soon at first, since most tokens are seconds late, then every ten minutes for a week. */
export function lookAgain({ runtime }: PaymentDeps, sinceMs: number): Outcome {
  const waitedMs = runtime.clock.now() - sinceMs;
  if (waitedMs > GIVEN_TO_STAFF_AFTER_MS) throw new NoTokenYetError('booked a week ago, and no token came');
  const growing = Math.min(Math.max(waitedMs / 2, FIRST_MS), LONGEST_MS);
  return { again: { inMs: Math.round(growing * (0.75 + runtime.chance.fraction() / 2)) } };
}
