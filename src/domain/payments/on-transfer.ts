import { invariant } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { amountOf, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { languageOf } from '../customers/index.ts';
import { queueMessage } from '../messages/index.ts';
import { announcePayment } from './announce-payment.ts';
import { planDelays } from './delays.ts';
import type { PaymentDeps } from './deps.ts';
import { findBillerOfPaybill } from './find-biller.ts';
import { blankPayment } from './insert-payment.ts';
import { movePayment, recordPaymentEvent } from './move-payment.ts';
import { tellIfBack } from './on-reversal.ts';
import { isAgreed } from './owe-back.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { queueBelatedReceipt } from './receipt.ts';
import { tellFailure, tellRefundGranted, tellReversed, tellSuspense, tellUnknown } from './tell-customer.ts';
import { paymentTopic } from './topics.ts';

interface TransferNews {
  transferId: string;
}

async function transferOf(deps: PaymentDeps, { transferId }: TransferNews): Promise<Transfer> {
  const transfer = await deps.database.reader.findOne(TransferSchema, { where: { id: transferId } });
  invariant(transfer, 'news is about a transfer that is there');
  return transfer;
}

/** Money has come: the payment it was for is collected, or one is made for a customer who paid by himself. */
export async function onTransferSucceeded(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const transfer = await transferOf(deps, news);
  if (transfer.purpose === 'paybill') return takePaybill(deps, transfer);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: transfer.purposeId ?? '' });
    if (!payment || payment.collectedAtMs !== null) return;
    // Read again behind the lock: its receipt may have come since.
    await collect(deps, tx, payment, (await tx.findOne(TransferSchema, { id: transfer.id })) ?? transfer);
  });
}

async function collect(deps: PaymentDeps, tx: Tx, payment: Payment, transfer: Transfer): Promise<void> {
  const cause = { actor: 'operator', reason: transfer.receipt ?? 'no receipt yet' };
  await movePayment(deps, tx, payment, 'collected', cause, {
    ...paidBy(payment, transfer),
    collectedAtMs: paidAtMs(deps, transfer),
    operatorReceipt: transfer.receipt,
    reason: null,
  });
  await planPosting(deps, tx, payment.id);
}

/** Another number may have paid, which may not be known yet. Whoever was to pay for himself is then the one for whom it was paid. */
function paidBy(payment: Payment, { payer }: Transfer): Pick<Payment, 'payer' | 'dialler'> {
  return { payer, dialler: payer === payment.payer ? payment.dialler : (payment.dialler ?? payment.payer) };
}

const OLDEST_MS = 3 * 86_400_000;

/** When the customer paid, by the operator's clock: what his receipt and the biller are told, however late we heard of it. */
function paidAtMs({ runtime }: PaymentDeps, { completedAtMs }: Transfer): number {
  const now = runtime.clock.now();
  return Math.min(now, Math.max(completedAtMs ?? now, now - OLDEST_MS));
}

async function planPosting(deps: PaymentDeps, tx: Tx, paymentId: string): Promise<void> {
  const now = deps.runtime.clock.now();
  const payload = { paymentId };
  await deps.outbox.emit(tx, { topic: paymentTopic.post, key: paymentId, payload });
  const dueAtMs = now + deps.paymentSettings.noticeDelayMs;
  await deps.outbox.emit(tx, { topic: paymentTopic.notice, key: paymentId, payload, dueAtMs });
  await planDelays(deps, tx, paymentId, 'collected');
}

async function takePaybill(deps: PaymentDeps, transfer: Transfer): Promise<void> {
  const meant = await findBillerOfPaybill(deps, transfer.paybillAccount ?? '');
  const language = transfer.payer ? await languageOf(deps, transfer.payer) : deps.defaultLanguage;
  await deps.database.transaction(async (tx) => {
    const payment: Payment = {
      ...blankPayment(deps),
      channel: 'paybill',
      requestKey: `transfer:${transfer.id}`,
      billerId: meant?.billerId ?? null,
      account: meant?.account ?? transfer.paybillAccount ?? '',
      reference: transfer.reference,
      ...amountOf(transfer),
      dialler: transfer.payer,
      payer: transfer.payer,
      language,
      state: 'collected',
      transferId: transfer.id,
      operator: transfer.operator,
      operatorReceipt: transfer.receipt,
      collectedAtMs: paidAtMs(deps, transfer),
    };
    if (!(await tx.insertOnce(PaymentSchema, payment))) return;
    const cause = { actor: 'operator', reason: `paybill ${transfer.receipt}` };
    await recordPaymentEvent(deps, tx, payment.id, 'none', 'collected', cause);
    await announcePayment(deps, tx, payment);
    if (meant) return planPosting(deps, tx, payment.id);
    await planDelays(deps, tx, payment.id, 'collected');
    await moveToSuspense(deps, tx, payment, 'no biller has such accounts');
  });
}

/** Money without a home: kept apart in the books, and its sender is told as soon as he is known. */
export async function moveToSuspense(deps: PaymentDeps, tx: Tx, payment: Payment, why: string): Promise<void> {
  await postEntry(deps, tx, {
    kind: 'to-suspense',
    subjectId: payment.id,
    movements: [
      {
        debit: ledgerAccount.collectedUnposted,
        credit: ledgerAccount.suspense,
        amount: { amountMinor: payment.amountMinor, currency: payment.currency },
      },
    ],
  });
  const reason = 'reasons.account-not-found';
  const moved = await movePayment(deps, tx, payment, 'suspense', { actor: 'service', reason: why }, { reason });
  await tellSuspense(deps, tx, moved);
}

/** Proven that nothing was charged: the customer hears why, and what to do. */
export async function onTransferFailed(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const { purposeId } = await transferOf(deps, news);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: purposeId ?? '' });
    const transfer = await tx.lockOne(TransferSchema, { id: news.transferId });
    // Proof of money may have come since: then nobody is told that nothing was charged.
    if (payment?.state !== 'prompting' || transfer?.state !== 'failed') return;
    // What another's handset answered is his: the one who dialled hears that he did not pay, and no more.
    const whose = payment.dialler !== payment.payer ? 'other-' : '';
    const reason = `reasons.${whose}${transfer.failureCause ?? 'other'}`;
    const cause = { actor: 'operator', reason: `${transfer.resultCode} ${transfer.resultDescription ?? ''}` };
    const failed = await movePayment(deps, tx, payment, 'failed', cause, { reason });
    await tellFailure(deps, tx, failed);
  });
}

/** Nobody can say yet whether money moved: he is told not to pay again. */
export async function onTransferUnknown(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const { purposeId } = await transferOf(deps, news);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: purposeId ?? '' });
    const transfer = await tx.findOne(TransferSchema, { id: news.transferId });
    if (payment?.state !== 'prompting' || transfer?.state !== 'unknown') return;
    await tellUnknown(deps, tx, payment);
    await planDelays(deps, tx, payment.id, 'unknown');
  });
}

/** The operator's receipt number came after its success. */
export async function onReceiptFound(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const transfer = await transferOf(deps, news);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { transferId: transfer.id });
    if (!payment) return;
    // Its receipt may show that it was another who paid.
    const patch = { operatorReceipt: transfer.receipt, ...paidBy(payment, transfer) };
    await tx.update(PaymentSchema, { id: payment.id }, patch);
    if (patch.payer !== null && patch.payer !== payment.payer) await tellBelated(deps, tx, { ...payment, ...patch });
  });
}

/** Who paid at the paybill is known now: he gets what could not be sent before. */
export async function onPayerFound(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const transfer = await transferOf(deps, news);
  const { payer } = transfer;
  invariant(payer, 'a payer that was found is known');
  if (transfer.purpose === 'second-money') {
    await onSecondMoney(deps, news);
    return tellIfBack(deps, transfer);
  }
  const language = await languageOf(deps, payer);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { transferId: transfer.id });
    // Not made yet: it will be made with its payer.
    if (!payment) throw new Error('the payment is not made yet');
    if (payment.payer === payer) return;
    const patch = payment.channel === 'paybill' ? { payer, dialler: payer, language } : paidBy(payment, transfer);
    await tx.update(PaymentSchema, { id: payment.id }, patch);
    const known = { ...payment, ...patch };
    await tellBelated(deps, tx, known);
  });
}

/** What he would have heard by now. */
async function tellBelated(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  switch (payment.state) {
    case 'posted':
      return queueBelatedReceipt(deps, tx, payment);
    case 'suspense':
      return tellSuspense(deps, tx, payment);
    case 'refund-due':
      return isAgreed(payment) ? tellRefundGranted(deps, tx, payment) : tellFailure(deps, tx, payment);
    case 'refunded':
      return tellReversed(deps, tx, payment);
    default:
      // It is on its way, and what comes of it is told then.
      return;
  }
}

/** Money came twice for one payment: whoever paid is told that he gets it back. */
export async function onSecondMoney(deps: PaymentDeps, news: TransferNews): Promise<void> {
  const transfer = await transferOf(deps, news);
  const { payer } = transfer;
  if (!payer) return;
  const language = await languageOf(deps, payer);
  await deps.database.transaction((tx) =>
    queueMessage(deps, tx, {
      factKey: `second-money:${transfer.id}`,
      to: payer,
      kind: 'second-money',
      language,
      values: { amount: amountOf(transfer), receipt: transfer.receipt ?? '' },
      subjectId: transfer.purposeId ?? transfer.id,
    }),
  );
}
