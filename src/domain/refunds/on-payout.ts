import { In } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import { emitBreak, isTakenBack, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  closeRefunded,
  heldForPayer,
  type Payment,
  PaymentSchema,
  reopenRefunded,
  tellPart,
} from '../payments/index.ts';
import { holderBefore, putBack, setAside } from './book-part.ts';
import type { RefundDeps } from './deps.ts';
import { toldOf } from './grant-part.ts';
import { moveRefund } from './move-refund.ts';
import { isOfPayment } from './part-rules.ts';
import { type Refund, RefundSchema } from './refund.ts';

interface Part {
  refund: Refund;
  payment: Payment;
  /** What had brought the money. */
  brought: Transfer;
  payout: Transfer;
}

type PayoutNews = { transferId: string };

/** Runs `work` behind the locks of payment and refund. False when the payout is of no refund. */
async function withPart(
  deps: RefundDeps,
  { transferId }: PayoutNews,
  work: (tx: Tx, part: Part) => Promise<void>,
): Promise<boolean> {
  const known = await deps.database.reader.findOne(RefundSchema, { where: { reversalId: transferId, kind: 'part' } });
  if (!known) return false;
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: known.paymentId });
    const refund = await tx.lockOne(RefundSchema, { id: known.id });
    const brought = await tx.findOne(TransferSchema, { id: known.transferId });
    const payout = await tx.findOne(TransferSchema, { id: transferId });
    invariant(payment && refund && brought && payout, 'a refund has its payment and its transfers');
    await work(tx, { refund, payment, brought, payout });
  });
  return true;
}

/** The operator proves that it paid: also after its failure had been proven, when it was owed again. */
export function onRefundPaid(deps: RefundDeps, news: PayoutNews): Promise<boolean> {
  return withPart(deps, news, async (tx, part) => {
    const { refund, payment, brought, payout } = part;
    if (refund.state !== 'granted' && refund.state !== 'failed') return;
    if (refund.state === 'failed') {
      // Of one that had come back the news is old.
      if (await isTakenBack(tx, payout.id)) return;
      const holder = await holderBefore(tx, refund);
      await setAside(deps, tx, refund, { subjectId: payout.id, holder, operator: payout.operator });
    }
    const cause = { actor: 'operator', reason: payout.receipt ?? 'no receipt yet' };
    await moveRefund(deps, tx, refund, 'paid', cause);
    await tellPart(deps, tx, payment, 'part-paid', toldOf(refund, brought, payout.receipt));
    if (isOfPayment(refund, payment) && heldForPayer(payment) && (await isAllPaid(tx, brought)))
      await closeRefunded(deps, tx, payment);
  });
}

async function isAllPaid(tx: Tx, { id, amountMinor }: Transfer): Promise<boolean> {
  const paid = await tx.manager.findBy(RefundSchema, { transferId: id, kind: 'part', state: In(['paid']) });
  return paid.reduce((sum, one) => sum + one.amountMinor, 0n) >= amountMinor;
}

/** Proven that nothing was paid: it is owed as before, its payer hears so, and people decide anew. */
export function onRefundPayoutFailed(deps: RefundDeps, news: PayoutNews): Promise<boolean> {
  return withPart(deps, news, async (tx, { refund, payment, brought, payout }) => {
    // Late proof of money may have come since.
    if (refund.state !== 'granted' || payout.state !== 'failed') return;
    const reason = `${payout.resultCode ?? ''} ${payout.resultDescription ?? ''}`.trim() || 'proven';
    await failPart(deps, tx, refund, payout, reason);
    // All of it went back by another way meanwhile: he has his money.
    if (await isTakenBack(tx, brought.id)) return;
    await emitBreak(deps, tx, 'refund-failed', refund.id, reason);
    await tellPart(deps, tx, payment, 'part-failed', toldOf(refund, brought));
  });
}

/** Its payout is proven not to have happened, and what was set aside stands where it did. */
export async function failPart(
  deps: RefundDeps,
  tx: Tx,
  refund: Refund,
  payout: Transfer,
  reason: string,
): Promise<void> {
  const holder = await holderBefore(tx, refund);
  await putBack(deps, tx, refund, { subjectId: payout.id, holder, operator: payout.operator });
  await moveRefund(deps, tx, refund, 'failed', { actor: 'operator', reason });
}

/** Asked about by itself, and paid by no other way meanwhile: there is nothing to do but to know that it is ours. */
export async function onRefundPayoutOpen({ database }: RefundDeps, { transferId }: PayoutNews): Promise<boolean> {
  return database.reader.existsBy(RefundSchema, { reversalId: transferId, kind: 'part' });
}

/** What was paid came back: it is owed again. */
export function onRefundReturned(deps: RefundDeps, news: PayoutNews): Promise<boolean> {
  return withPart(deps, news, async (tx, { refund, payment, brought, payout }) => {
    const back = await tx.findOne(TransferSchema, { route: 'reversal', purposeId: payout.id, state: 'succeeded' });
    if (!back || refund.state === 'failed') return;
    // The news that it was paid is on its way still: this comes again.
    if (refund.state !== 'paid') throw new Error('the refund does not know that it was paid');
    const isReopened =
      payment.state === 'refunded' && isOfPayment(refund, payment) && !(await isTakenBack(tx, brought.id));
    if (isReopened) await reopenRefunded(deps, tx, payment);
    const holder = (isReopened && heldForPayer({ state: 'refund-due' })) || (await holderBefore(tx, refund));
    await putBack(deps, tx, refund, { subjectId: back.id, holder, operator: payout.operator });
    const reason = `came back: ${back.receipt ?? ''}`;
    await moveRefund(deps, tx, refund, 'failed', { actor: 'operator', reason });
    await emitBreak(deps, tx, 'refund-failed', refund.id, reason);
    await tellPart(deps, tx, payment, 'part-failed', toldOf(refund, brought));
  });
}
