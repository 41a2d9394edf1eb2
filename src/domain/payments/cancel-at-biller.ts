import { unreachable } from '../../kernel/index.ts';
import { ledgerAccount } from '../../money/ledger/index.ts';
import { emitBreak } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { CancelAnswer } from '../../providers/billers/index.ts';
import { connectorOf } from '../accounts/index.ts';
import { BillerSilentError } from './biller-silent-error.ts';
import type { PaymentDeps } from './deps.ts';
import { recordPaymentEvent } from './move-payment.ts';
import { giveUp, wasGivenUp } from './on-reversal.ts';
import { type Payment, PaymentSchema } from './payment.ts';

/**
 * Work of `payment.cancel`: the money of a refunded payment has gone back, so the biller is asked to take its booking back.
 * The biller knows a repeat by our reference, and never books a reference that was cancelled.
 */
export async function cancelAtBiller(deps: PaymentDeps, { paymentId }: { paymentId: string }): Promise<void> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { id: paymentId } });
  if (payment?.state !== 'refunded' || !payment.billerId) return;
  const answer = await connectorOf(deps, payment.billerId).cancel(payment.reference);
  if (answer.kind === 'unknown') throw new BillerSilentError(answer.description);
  await deps.database.transaction(async (tx) => {
    const current = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (current) await keepAnswer(deps, tx, current, answer);
  });
}

async function keepAnswer(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  answer: Exclude<CancelAnswer, { kind: 'unknown' }>,
): Promise<void> {
  const { id, billerId, state } = payment;
  const note = (reason: string) => recordPaymentEvent(deps, tx, id, state, state, { actor: 'biller', reason });
  switch (answer.kind) {
    case 'cancelled':
    case 'not-booked':
      // A payment that was never known as posted was given up when it was refunded.
      if (await wasGivenUp(tx, id)) return;
      await giveUp(deps, tx, id, ledgerAccount.payable(billerId ?? ''), payment);
      return note(answer.kind === 'cancelled' ? 'cancelled' : 'there was nothing to cancel');
    case 'refused':
      await note(`refuses to cancel: ${answer.description}`);
      return emitBreak(deps, tx, 'cancel-refused', id, answer.description || 'the biller keeps its booking');
    default:
      return unreachable(answer);
  }
}
