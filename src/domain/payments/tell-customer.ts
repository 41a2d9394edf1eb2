import type { Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { TextValues } from '../../platform/texts/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { type MessageKind, MessageSchema, queueMessage } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import type { Situation } from './payment-view.ts';
import { commonValues } from './receipt.ts';

/** Everything but the receipt. Each fact is told once to each number that it concerns. */
async function tell(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  kind: MessageKind,
  to: (Msisdn | null)[],
  more: (language: string) => TextValues = () => ({}),
): Promise<void> {
  for (const recipient of new Set(to)) {
    if (recipient === null) continue;
    const shown = await inHisWords(tx, payment, recipient);
    const reason = deps.texts.format(shown.language, payment.reason ?? 'reasons.other');
    const { serviceCode, supportPhone } = deps.paymentSettings;
    await queueMessage(deps, tx, {
      factKey: `${kind}:${payment.id}:${recipient}`,
      to: recipient,
      kind,
      language: shown.language,
      values: {
        ...commonValues(deps, shown),
        ...more(shown.language),
        ...{ reason, serviceCode, support: supportPhone ?? '', hasSupport: supportPhone ? 'yes' : 'no' },
      },
      subjectId: payment.id,
    });
  }
}

/** The account's details are the dialler's; who only pays reads its end, in his own language. */
export async function inHisWords(tx: Tx, payment: Payment, recipient: Msisdn): Promise<Payment> {
  if (payment.dialler === null || recipient === payment.dialler) return payment;
  const customer = await tx.findOne(CustomerSchema, { msisdn: recipient });
  return {
    ...payment,
    language: customer?.language ?? payment.language,
    account: `***${payment.account.slice(-3)}`,
  };
}

/** It failed, nothing was charged; or the biller refused it, and the money goes back. */
export async function tellFailure(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const { payer, dialler } = payment;
  if (payment.state !== 'refund-due') {
    // Who only pays is told if he was told before that nobody knew.
    const wasLeftOpen = await tx.findOne(MessageSchema, { factKey: `unknown:${payment.id}:${payer}` });
    return tell(deps, tx, payment, 'failed', wasLeftOpen ? [dialler, payer] : [dialler]);
  }
  await tell(deps, tx, payment, 'refund-due', [payer]);
  // The money is not his: it goes back to whoever paid.
  if (dialler !== payer) await tell(deps, tx, payment, 'refund-due-dialler', [dialler]);
}

export async function tellUnknown(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  await tell(deps, tx, payment, 'unknown', [payment.payer, payment.dialler]);
}

export async function tellSuspense(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  await tell(deps, tx, payment, 'suspense', [payment.payer]);
}

/** Work of `payment.notice`: paid a while ago and still not booked. A notice is not a receipt. */
export async function tellOnItsWay(deps: PaymentDeps, { paymentId }: { paymentId: string }): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (payment?.state === 'collected') await tell(deps, tx, payment, 'on-its-way', [payment.dialler ?? payment.payer]);
  });
}

/** It takes long: what is known of it, and what happens next. */
export async function tellLate(deps: PaymentDeps, tx: Tx, payment: Payment, situation: Situation): Promise<void> {
  const { payer, dialler } = payment;
  // Who only pays was told of it before if nobody knows where his money is; else he has its receipt from the operator.
  const to = situation === 'unknown' ? [payer, dialler] : [dialler ?? payer];
  await tell(deps, tx, payment, 'late', to, (language) => stateAndNext(deps, language, situation));
}

/** The words for a state and for what happens next. */
export function stateAndNext({ texts }: Pick<PaymentDeps, 'texts'>, language: string, situation: Situation) {
  return { state: texts.format(language, `states.${situation}`), next: texts.format(language, `next.${situation}`) };
}

export async function tellExpired(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  await tell(deps, tx, payment, 'hold-expired', [payment.dialler]);
}

/** A refund was agreed to: it is not paid any more, and the money goes back to whoever paid. */
export async function tellRefundGranted(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const isPrepaid = payment.billerId && deps.billers.get(payment.billerId).kind === 'prepaid' ? 'yes' : 'no';
  await tell(deps, tx, payment, 'refund-granted', [payment.payer, payment.dialler], () => ({ isPrepaid }));
}

/** The operator could not give it back: it is still owed, and a person sees to it. */
export async function tellRefundFailed(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  await tell(deps, tx, payment, 'refund-failed', [payment.payer]);
}

/** The operator gave the money back to whoever paid; who dialled for another hears that it is not paid any more. */
export async function tellReversed(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  await tell(deps, tx, payment, 'reversed', [payment.payer, payment.dialler]);
}
