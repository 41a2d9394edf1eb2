import { type BreakAction, type BreakType, TransferSchema, transferEvent } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PaymentDeps } from './deps.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { type Situation, viewOf } from './payment-view.ts';
import { tellLate } from './tell-customer.ts';
import { paymentTopic } from './topics.ts';

/**
 * Plans what is done about money that stays on its way, or whose fate stays unknown; in the commit that began it. Each step looks
 * at the payment again when it is due, and does nothing when it has come to its end meanwhile.
 */
export async function planDelays(
  deps: PaymentDeps,
  tx: Tx,
  paymentId: string,
  since: 'unknown' | 'collected',
): Promise<void> {
  const { payerMs, staffMs, refundMs } = deps.paymentSettings.delays;
  const steps: [string, number][] = [[paymentTopic.latePayer, payerMs]];
  // Of unknown money staff hears after the last inquiry; and what nobody has is not paid back.
  if (since === 'collected') steps.push([paymentTopic.lateStaff, staffMs], [paymentTopic.lateRefund, refundMs]);
  const now = deps.runtime.clock.now();
  for (const [topic, afterMs] of steps) {
    await deps.outbox.emit(tx, {
      topic,
      key: `${since}:${paymentId}`,
      payload: { paymentId },
      dueAtMs: now + afterMs,
    });
  }
}

interface PaymentNews {
  paymentId: string;
}

/** Work of `payment.late-payer`: he hears what is known and what happens next; once for each number. */
export async function tellPayerLate(deps: PaymentDeps, news: PaymentNews): Promise<void> {
  await whileIn(deps, news, ['collected', 'token-due', 'unknown'], (tx, payment, situation) =>
    tellLate(deps, tx, payment, situation),
  );
}

/** Work of `payment.late-staff`. */
export async function showStaffLate(deps: PaymentDeps, news: PaymentNews): Promise<void> {
  await whileIn(deps, news, ['collected', 'token-due', 'suspense'], (tx, payment, situation) =>
    openBreak(deps, tx, 'payment-delayed', payment, situation),
  );
}

/** Work of `payment.late-refund`: proposed only. A person decides, since the biller may book it the next minute. */
export async function proposeRefund(deps: PaymentDeps, news: PaymentNews): Promise<void> {
  await whileIn(deps, news, ['collected', 'token-due', 'suspense'], (tx, payment, situation) =>
    openBreak(deps, tx, 'refund-proposed', payment, situation),
  );
}

async function whileIn(
  deps: PaymentDeps,
  { paymentId }: PaymentNews,
  situations: readonly Situation[],
  act: (tx: Tx, payment: Payment, situation: Situation) => Promise<void>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (!payment) return;
    const transfer = payment.transferId ? await tx.findOne(TransferSchema, { id: payment.transferId }) : null;
    const { situation } = viewOf(payment, transfer);
    if (situations.includes(situation)) await act(tx, payment, situation);
  });
}

async function openBreak(
  deps: PaymentDeps,
  tx: Tx,
  breakType: Extract<BreakType, 'payment-delayed' | 'refund-proposed'>,
  payment: Payment,
  situation: Situation,
): Promise<void> {
  const since = new Date(payment.collectedAtMs ?? payment.createdAtMs).toISOString();
  const where = `${payment.billerId ?? 'no biller'} ${payment.account}`;
  await deps.outbox.emit(tx, {
    topic: transferEvent.breakFound,
    key: `${breakType}:${payment.id}`,
    payload: {
      breakType,
      subjectId: payment.id,
      detail: `${payment.reference} ${situation} since ${since}, ${where}`,
      amount: { amountMinor: payment.amountMinor.toString(), currency: payment.currency },
      ...(payment.billerId ? { party: payment.billerId } : {}),
      suggestedAction: (breakType === 'refund-proposed' ? 'refund' : 'ask-biller') satisfies BreakAction,
    },
  });
}
