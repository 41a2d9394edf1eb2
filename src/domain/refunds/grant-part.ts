import { invariant } from '../../kernel/index.ts';
import { emitBreak, isTakenBack, requestPayout, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Payment, tellPart } from '../payments/index.ts';
import { holderOfPart, setAside } from './book-part.ts';
import type { RefundDeps } from './deps.ts';
import { moveRefund } from './move-refund.ts';
import { payoutOperatorFor, recipientOf } from './part-rules.ts';
import type { Refund } from './refund.ts';

/**
 * A part that was agreed to: set aside and asked of the operator in the commit that grants it. Payment and refund are locked by the caller.
 * No biller is asked, since none has this money. It goes before any list of payees: one person waits for it, and for no other.
 */
export async function grantPart(deps: RefundDeps, tx: Tx, refund: Refund, payment: Payment): Promise<void> {
  const transfer = await tx.lockOne(TransferSchema, { id: refund.transferId });
  invariant(transfer, 'a refund is of money that came');
  const holder = holderOfPart(refund, payment);
  if (!holder || (await isTakenBack(tx, transfer.id))) {
    const cause = { actor: 'operator', reason: 'the money is not with us any more' };
    return void (await moveRefund(deps, tx, refund, 'overtaken', cause));
  }
  const recipient = await recipientOf(deps, tx, transfer);
  if (!recipient) return refuse(deps, tx, refund);
  const payer = payoutOperatorFor(deps, transfer);
  // Its settings were taken away since it was proposed: it waits for them, and then a person sees that it does.
  if (!payer) throw new Error('no account is set up that pays people');
  await setAside(deps, tx, refund, { subjectId: refund.id, holder, operator: payer.name });
  const payout = await requestPayout(deps, tx, {
    ...{ operator: payer.name, purposeId: refund.id, amount: amountOfRefund(refund), recipient },
    ...{ kind: 'business', turn: 'first', remarks: `Refund ${payment.reference}` },
  });
  invariant(payout, 'each refund is paid out once');
  const cause = { actor: 'service', reason: 'a part goes back to whoever paid' };
  await moveRefund(deps, tx, refund, 'granted', cause, { reversalId: payout.id });
  await tellPart(deps, tx, payment, 'part-granted', toldOf(refund, transfer));
}

async function refuse(deps: RefundDeps, tx: Tx, refund: Refund): Promise<void> {
  const reason = 'the number that paid is unknown by now or has another owner';
  await moveRefund(deps, tx, refund, 'refused', { actor: 'service', reason });
  await emitBreak(deps, tx, 'refund-failed', refund.id, reason);
}

export const amountOfRefund = ({ amountMinor, currency }: Refund) => ({ amountMinor, currency });

/** What its payer is told of a part. */
export function toldOf(refund: Refund, brought: Transfer, paidReceipt: string | null = null) {
  return { refundId: refund.id, brought, amount: amountOfRefund(refund), paidReceipt };
}
