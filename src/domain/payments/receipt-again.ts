import { Like, MoreThanOrEqual } from 'typeorm';
import { type Msisdn, Refusal, startOfDay } from '../../kernel/index.ts';
import { MessageSchema } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import { PaymentSchema } from './payment.ts';
import { queueReceiptAgain } from './receipt.ts';

const MOST_A_DAY = 3;

/** Sends the receipt of a posted payment once more. A repeated turn sends nothing twice. */
export async function sendReceiptAgain(
  deps: PaymentDeps,
  input: { paymentId: string; msisdn: Msisdn; language: string; turnKey: string },
): Promise<void> {
  const { paymentId, msisdn, language, turnKey } = input;
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (!payment || (payment.dialler !== msisdn && payment.payer !== msisdn)) throw new Refusal('payment.not-found');
    if (payment.state !== 'posted') throw new Refusal('receipt.not-yet');
    const factKey = `again:${turnKey}`;
    if (await tx.findOne(MessageSchema, { factKey })) return;
    const dayStartMs = startOfDay(deps.runtime.clock.now(), deps.paymentSettings.timeZone);
    const sent = await tx.manager.countBy(MessageSchema, {
      subjectId: paymentId,
      factKey: Like('again:%'),
      createdAtMs: MoreThanOrEqual(dayStartMs),
    });
    if (sent >= MOST_A_DAY) throw new Refusal('receipt.too-often', { most: MOST_A_DAY });
    await queueReceiptAgain(deps, tx, { ...payment, language }, msisdn, factKey);
  });
}
