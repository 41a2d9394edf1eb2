import { Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { languageOf } from '../customers/index.ts';
import { MessageSchema } from '../messages/index.ts';
import { PaymentSchema, queueReceiptAgain } from '../payments/index.ts';
import { type PaymentAct, recordPaymentAct, type SupportDeps } from './deps.ts';

/**
 * Sends the receipt of a posted payment once more, to one of the two who have to do with it. `onceKey` is of the form that asked:
 * sent twice, it acts once. Refuses with `payment.not-found` and `receipt.not-yet`.
 */
export async function sendReceipt(
  deps: SupportDeps,
  actor: Actor,
  input: PaymentAct & { to: 'dialler' | 'payer'; onceKey: string },
): Promise<void> {
  const before = await deps.database.reader.findOne(PaymentSchema, { where: { id: input.paymentId } });
  const recipient = before?.[input.to] ?? before?.payer;
  if (!before || !recipient) throw new Refusal('payment.not-found');
  const language = await languageOf(deps, recipient);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: input.paymentId });
    if (!payment) throw new Refusal('payment.not-found');
    if (payment.state !== 'posted') throw new Refusal('receipt.not-yet');
    const factKey = `again:staff:${input.onceKey}`.slice(0, 128);
    if (await tx.findOne(MessageSchema, { factKey })) return;
    await queueReceiptAgain(deps, tx, { ...payment, language }, recipient, factKey);
    await recordPaymentAct(deps, tx, actor, input, 'receipt.sent-again', { to: input.to });
  });
}
