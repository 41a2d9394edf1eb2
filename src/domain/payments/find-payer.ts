import { fitsMask } from '../../kernel/index.ts';
import { emitBreak, TransferSchema, transferEvent } from '../../money/transfers/index.ts';
import { findLinkedNumbers } from '../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';
import { PaymentSchema } from './payment.ts';

/**
 * The operator would not tell who paid. If exactly one number that is linked to the account fits the mask, it is he;
 * otherwise a person must find out.
 */
export async function onPayerUnknown(deps: PaymentDeps, { transferId }: { transferId: string }): Promise<void> {
  const { reader } = deps.database;
  const transfer = await reader.findOne(TransferSchema, { where: { id: transferId } });
  const payment = await reader.findOne(PaymentSchema, { where: { transferId } });
  if (!transfer || transfer.payer !== null) return;
  // Its payment is still being made while a biller is asked whose account it is. Second money has none: its break is open.
  if (!payment && transfer.purpose === 'paybill') throw new Error('the payment is not made yet');
  if (!payment) return;
  const linked = payment.billerId
    ? await findLinkedNumbers(deps, { billerId: payment.billerId, account: payment.account })
    : [];
  const fitting = linked.filter((msisdn) => fitsMask(msisdn, transfer.maskedPayer ?? ''));
  const [only] = fitting;
  await deps.database.transaction(async (tx) => {
    const current = await tx.lockOne(TransferSchema, { id: transferId });
    // The operator's own word has come meanwhile.
    if (current?.payer !== null) return;
    if (only && fitting.length === 1) {
      await tx.update(TransferSchema, { id: transferId }, { payer: only });
      await deps.outbox.emit(tx, { topic: transferEvent.payerFound, key: transferId, payload: { transferId } });
    } else {
      await emitBreak(deps, tx, 'payer-unknown', transferId, `${fitting.length} numbers fit`);
    }
  });
}
