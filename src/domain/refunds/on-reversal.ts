import { invariant } from '../../kernel/index.ts';
import { emitBreak, isTakenBack, TransferSchema, withdrawPayout } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { outdateApproval } from '../approvals/index.ts';
import { PaymentSchema, tellRefundFailed } from '../payments/index.ts';
import type { RefundDeps } from './deps.ts';
import { moveRefund } from './move-refund.ts';
import { failPart } from './on-payout.ts';
import { type Refund, RefundSchema } from './refund.ts';

/** The operator took money back, asked or not: the transfer is the one that had brought it. */
export async function onMoneyBack(deps: RefundDeps, { transferId }: { transferId: string }): Promise<void> {
  const refunds = await deps.database.reader.findBy(RefundSchema, { transferId });
  for (const { id } of refunds) {
    await deps.database.transaction(async (tx) => {
      const refund = await tx.lockOne(RefundSchema, { id });
      if (refund) await (refund.kind === 'part' ? closePart(deps, tx, refund) : close(deps, tx, refund));
    });
  }
}

async function close(deps: RefundDeps, tx: Tx, refund: Refund): Promise<void> {
  const cause = { actor: 'operator', reason: 'the money went back' };
  if (refund.state === 'granted' || refund.state === 'failed') {
    const reversal = await tx.findOne(TransferSchema, { id: refund.reversalId ?? '', state: 'succeeded' });
    if (reversal) await moveRefund(deps, tx, refund, 'paid', cause);
  } else if (refund.state === 'proposed' || refund.state === 'agreed') {
    const reason = 'the operator took it back by itself';
    await moveRefund(deps, tx, refund, 'overtaken', { ...cause, reason });
    await outdateApproval(deps, tx, refund.approvalId);
  }
}

/** All of it is back: a part that has not gone out does not go, and one that has is money too much, which a person sees to. */
async function closePart(deps: RefundDeps, tx: Tx, refund: Refund): Promise<void> {
  if (refund.state !== 'granted' && refund.state !== 'paid') return close(deps, tx, refund);
  const why = 'the operator took all of it back';
  const payout = await tx.findOne(TransferSchema, { id: refund.reversalId ?? '' });
  invariant(payout, 'a part that was granted has its payout');
  if (refund.state === 'granted' && (await withdrawPayout(deps, tx, payout.id, why))) {
    return failPart(deps, tx, refund, payout, why);
  }
  await emitBreak(
    deps,
    tx,
    'contradiction',
    refund.transferId,
    `taken back whole, and a part was paid out: ${refund.id}`,
  );
}

/** Proven that nothing went back: it is still owed, the customer hears so, and a person sees what is to be done. */
export async function onReversalFailed(deps: RefundDeps, { transferId }: { transferId: string }): Promise<void> {
  const { reader } = deps.database;
  const reversal = await reader.findOne(TransferSchema, { where: { id: transferId } });
  const known = await reader.findOne(RefundSchema, { where: { reversalId: transferId } });
  invariant(reversal && known, 'a reversal that we asked for belongs to a refund');
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: known.paymentId });
    const refund = await tx.lockOne(RefundSchema, { id: known.id });
    // Late proof may have come since.
    const current = await tx.findOne(TransferSchema, { id: transferId });
    if (refund?.state !== 'granted' || current?.state !== 'failed') return;
    const reason = `${current.resultCode} ${current.resultDescription ?? ''}`;
    await moveRefund(deps, tx, refund, 'failed', { actor: 'operator', reason });
    // Another request has: he has his money, and nothing is left to do.
    if (await isTakenBack(tx, refund.transferId)) return;
    await emitBreak(deps, tx, 'refund-failed', refund.id, reason);
    if (payment) await tellRefundFailed(deps, tx, payment);
  });
}
