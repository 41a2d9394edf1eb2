import { createHash } from 'node:crypto';
import { In } from 'typeorm';
import { type Money, Refusal } from '../../kernel/index.ts';
import { reversalsOf, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { policyFor, submitApproval } from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { type Payment, PaymentSchema, type PaymentState } from '../payments/index.ts';
import { REFUND, type RefundActDeps } from './deps.ts';
import { recordRefundEvent } from './move-refund.ts';
import { checkPart } from './part-rules.ts';
import { type Refund, type RefundKind, RefundSchema } from './refund.ts';
import { COMMITTED } from './refund-states.ts';

export interface RefundProposal {
  paymentId: string;
  /** Of money that came a second time; left out, it is the payment's own. */
  transferId?: string;
  /** Left out, it is all that is left of it. */
  amount?: Money;
  reason: string;
  /** The person who proposes, not the login: he does not vote. */
  makerId: string;
}

/** Payments whose money is with us, or with the biller through us. */
export const REFUNDABLE: readonly PaymentState[] = ['collected', 'posted', 'suspense', 'refund-due'];

/**
 * Proposes to give money back; it waits for other people's votes. Refuses with `payment.not-found`, `refund.not-refundable`,
 * `refund.no-receipt` (the operator's number of it is not known yet), `refund.too-much`, `refund.already` (proposed, under way or
 * done), `refund.no-policy`, and of a part as `checkPart` does. Whose votes it takes is by all that was proposed of this money: it is not
 * made less by proposing it in pieces.
 */
export function proposeRefund(deps: RefundActDeps, actor: Actor, proposal: RefundProposal): Promise<Refund> {
  return deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: proposal.paymentId });
    if (!payment) throw new Refusal('payment.not-found');
    const transfer = await takeTransfer(tx, payment, proposal);
    const { kind, amount, total } = await checkAmount(tx, transfer, proposal.amount);
    if (kind === 'part') await checkPart(deps, tx, { payment, transfer, amount });
    const policy = policyFor(bandsOf(deps), total);
    if (!policy) throw new Refusal('refund.no-policy');
    const id = deps.runtime.ids.next();
    const { makerId, reason } = proposal;
    const subject = { id, paymentId: payment.id, transferId: transfer.id, kind, ...amount };
    const approval = await submitApproval(deps, tx, {
      ...{ kind: REFUND, subjectId: id, subjectHash: hashOf(subject), scope: actor.scope },
      ...{ amount, policy, makerId, reason },
    });
    const now = deps.runtime.clock.now();
    const refund: Refund = {
      ...{ ...subject, state: 'proposed', reason: reason.slice(0, 500), proposedBy: actor.id },
      ...{ approvalId: approval.id, reversalId: null, proposedAtMs: now, changedAtMs: now },
    };
    await tx.insert(RefundSchema, refund);
    await recordRefundEvent(deps, tx, id, 'none', 'proposed', { actor: `staff:${actor.id}`, reason });
    const after = { paymentId: payment.id, transferId: transfer.id, amountMinor: amount.amountMinor };
    await recordAct(deps, tx, {
      ...{ actor, act: 'refund.proposed', subject: { kind: 'refund', id }, reason, after },
    });
    return refund;
  });
}

function bandsOf({ approvalBands }: RefundActDeps) {
  const bands = approvalBands.get(REFUND);
  if (!bands) throw new Refusal('refund.no-policy');
  return bands;
}

/** The transfer that brought the money, locked: whoever else wants it back waits here. */
async function takeTransfer(tx: Tx, payment: Payment, { transferId }: RefundProposal): Promise<Transfer> {
  const id = transferId ?? payment.transferId;
  const transfer = id === null ? null : await tx.lockOne(TransferSchema, { id });
  const isSecond = transfer?.purpose === 'second-money' && transfer.purposeId === payment.id;
  if (!transfer || (!isSecond && transfer.id !== payment.transferId) || transfer.state !== 'succeeded') {
    throw new Refusal('refund.not-refundable', { state: payment.state });
  }
  if (!isSecond && payment.state === 'refunded') throw new Refusal('refund.already');
  if (!isSecond && !REFUNDABLE.includes(payment.state)) {
    throw new Refusal('refund.not-refundable', { state: payment.state });
  }
  if (transfer.receipt === null) throw new Refusal('refund.no-receipt');
  return transfer;
}

interface Asked {
  kind: RefundKind;
  amount: Money;
  /** With everything that was proposed of this money before. */
  total: Money;
}

/** Never more than came, with everything that is proposed, granted or paid already. */
async function checkAmount(tx: Tx, transfer: Transfer, asked: Money | undefined): Promise<Asked> {
  const { amountMinor, currency } = transfer;
  const where = { transferId: transfer.id, state: In([...COMMITTED]) };
  const committed = await tx.manager.findBy(RefundSchema, where);
  const reversals = await reversalsOf(tx, transfer.id);
  const takenMinor = committed.reduce((sum, one) => sum + one.amountMinor, 0n);
  if (takenMinor >= amountMinor || reversals.some(({ state }) => state !== 'failed'))
    throw new Refusal('refund.already');
  const most = { amountMinor: amountMinor - takenMinor, currency };
  const amount = asked ?? most;
  if (amount.currency !== currency || amount.amountMinor > most.amountMinor || amount.amountMinor <= 0n) {
    throw new Refusal('refund.too-much', { most });
  }
  const total = { amountMinor: takenMinor + amount.amountMinor, currency };
  return { kind: amount.amountMinor < amountMinor ? 'part' : 'whole', amount, total };
}

/** Of everything that whoever votes says yes to. */
function hashOf(subject: Pick<Refund, 'id' | 'paymentId' | 'transferId' | 'kind' | 'amountMinor' | 'currency'>) {
  const { id, paymentId, transferId, kind, amountMinor, currency } = subject;
  const text = JSON.stringify([id, paymentId, transferId, kind, String(amountMinor), currency]);
  return createHash('sha256').update(text).digest('hex');
}
