import { invariant, unreachable } from '../../kernel/index.ts';
import { emitBreak, requestReversal } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  askToCancel,
  BillerSilentError,
  mustCancelFirst,
  oweBack,
  type Payment,
  PaymentSchema,
} from '../payments/index.ts';
import type { RefundDeps } from './deps.ts';
import { grantPart } from './grant-part.ts';
import { moveRefund } from './move-refund.ts';
import { isOfPayment } from './part-rules.ts';
import { type Refund, RefundSchema } from './refund.ts';

/**
 * Work of `refund.release`: people have agreed. The biller gives the payment up first, if it may have booked it: asked as often as
 * it takes, since it knows a repeat. Then one commit makes the money owed to its payer and asks for the transfer that takes it back.
 * No biller has what a part is given back of.
 */
export async function releaseRefund(deps: RefundDeps, { refundId }: { refundId: string }): Promise<void> {
  const { reader } = deps.database;
  const refund = await reader.findOne(RefundSchema, { where: { id: refundId } });
  if (refund?.state !== 'agreed') return;
  const payment = await reader.findOne(PaymentSchema, { where: { id: refund.paymentId } });
  invariant(payment, 'a refund is of a payment that is there');
  const isAsked = refund.kind === 'whole' && isOfPayment(refund, payment) && mustCancelFirst(payment);
  if (!isAsked) return grant(deps, refundId, false);
  const answer = await askToCancel(deps, payment);
  switch (answer.kind) {
    case 'unknown':
      throw new BillerSilentError(answer.description);
    case 'refused':
      return refuse(deps, refundId, answer.description);
    case 'cancelled':
    case 'not-booked':
      return grant(deps, refundId, true);
    default:
      return unreachable(answer);
  }
}

/** The locks are taken in the order in which everything else takes them: the payment, what is asked of it, the transfer. */
async function takeBoth(tx: Tx, refundId: string): Promise<{ refund: Refund; payment: Payment } | undefined> {
  const known = await tx.findOne(RefundSchema, { id: refundId });
  const payment = known && (await tx.lockOne(PaymentSchema, { id: known.paymentId }));
  const refund = payment && (await tx.lockOne(RefundSchema, { id: refundId }));
  return payment && refund?.state === 'agreed' ? { refund, payment } : undefined;
}

async function grant(deps: RefundDeps, refundId: string, isCancelled: boolean): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const both = await takeBoth(tx, refundId);
    if (!both) return;
    const { refund, payment } = both;
    if (refund.kind === 'part') return grantPart(deps, tx, refund, payment);
    const cause = { actor: 'operator', reason: 'it was taken back meanwhile' };
    if (isOfPayment(refund, payment)) {
      if (payment.state === 'refunded') return void (await moveRefund(deps, tx, refund, 'overtaken', cause));
      // It was told to the biller since we looked: the biller is asked next time.
      if (mustCancelFirst(payment) && !isCancelled) throw new Error('the payment has changed meanwhile');
      if (payment.state !== 'refund-due') await oweBack(deps, tx, payment, isCancelled ? 'biller' : 'service');
    }
    const reversal = await requestReversal(deps, tx, refund.transferId);
    if (!reversal) return void (await moveRefund(deps, tx, refund, 'overtaken', cause));
    const reason = isCancelled ? 'the biller has given it up' : 'the biller has nothing of it';
    await moveRefund(deps, tx, refund, 'granted', { actor: 'service', reason }, { reversalId: reversal.id });
  });
}

/** It stays paid: its token was used, its month is closed. Whoever proposed it must talk to the customer. */
async function refuse(deps: RefundDeps, refundId: string, description: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const both = await takeBoth(tx, refundId);
    if (!both) return;
    const reason = `the biller keeps its booking: ${description}`;
    await moveRefund(deps, tx, both.refund, 'refused', { actor: 'biller', reason });
    await emitBreak(deps, tx, 'cancel-refused', refundId, description || 'the biller keeps its booking');
  });
}
