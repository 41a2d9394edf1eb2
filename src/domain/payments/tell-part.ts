import type { Money } from '../../kernel/index.ts';
import type { Transfer } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { queueMessage } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { Payment } from './payment.ts';
import { commonValues } from './receipt.ts';
import { inHisWords } from './tell-customer.ts';

export interface ToldPart {
  /** Of the fact, which is told once. */
  refundId: string;
  /** What brought the money: its payer is told, and by its receipt he knows it. */
  brought: Pick<Transfer, 'payer' | 'receipt'>;
  amount: Money;
  /** Of what was paid back; null while the operator has not told it. */
  paidReceipt?: string | null;
}

/** Tells whoever paid what becomes of a part that he gets back. He alone: of the bill nothing changes by it. */
export async function tellPart(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  kind: 'part-granted' | 'part-paid' | 'part-failed',
  { refundId, brought, amount, paidReceipt }: ToldPart,
): Promise<void> {
  const { payer, receipt } = brought;
  if (payer === null) return;
  const shown = await inHisWords(tx, payment, payer);
  const unknown = deps.texts.format(shown.language, 'sms.no-receipt-yet');
  await queueMessage(deps, tx, {
    ...{ factKey: `${kind}:${refundId}`, to: payer, kind, language: shown.language, subjectId: payment.id },
    values: {
      ...commonValues(deps, shown),
      ...{ amount, receipt: receipt ?? unknown, paidReceipt: paidReceipt ?? unknown },
    },
  });
}
