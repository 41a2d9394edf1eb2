import { invariant, type Money } from '../../kernel/index.ts';
import { requestTransfer } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PaymentDeps } from './deps.ts';
import { movePayment } from './move-payment.ts';
import type { Payment } from './payment.ts';

/** From here on the payer will be asked; also how a hold is released. */
export async function startPrompt(deps: PaymentDeps, tx: Tx, payment: Payment, actor = 'service'): Promise<Payment> {
  invariant(payment.payer, 'somebody is asked to pay');
  const amount: Money = { amountMinor: payment.amountMinor, currency: payment.currency };
  const transfer = await requestTransfer(deps, tx, {
    operator: deps.paymentSettings.operator,
    reference: payment.reference,
    purpose: 'payment',
    purposeId: payment.id,
    amount,
    payer: payment.payer,
  });
  const cause = { actor, reason: 'the payer is asked' };
  return movePayment(deps, tx, payment, 'prompting', cause, {
    transferId: transfer.id,
    operator: transfer.operator,
    reason: null,
  });
}
