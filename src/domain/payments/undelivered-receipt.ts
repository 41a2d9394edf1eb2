import { In } from 'typeorm';
import type { Money, Msisdn } from '../../kernel/index.ts';
import { MessageSchema } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import { type Payment, PaymentSchema, PaymentTokenSchema } from './payment.ts';
import { formatToken, RECEIPT_KINDS } from './receipt.ts';

/** What the receipt would have said. Whoever only paid for another reads neither tokens nor what is left to pay. */
export interface UndeliveredReceipt {
  /** As they are printed, in the order to enter them. */
  tokens: string[];
  units?: string;
  debtTaken?: Money;
  /** Postpaid: what is owed after the payment; negative: credit. */
  balance?: Money;
}

/**
 * The receipt that this number cannot get by SMS: of those with an outcome the last was refused for good, or did not reach it.
 * Undefined for every other payment, and for one that is not the number's.
 */
export async function findUndeliveredReceipt(
  deps: Pick<PaymentDeps, 'database' | 'sealing'>,
  { paymentId, msisdn }: { paymentId: string; msisdn: Msisdn },
): Promise<UndeliveredReceipt | undefined> {
  const { reader } = deps.database;
  const payment = await reader.findOne(PaymentSchema, { where: { id: paymentId } });
  if (payment?.state !== 'posted' || (payment.dialler !== msisdn && payment.payer !== msisdn)) return undefined;
  const last = await reader.findOne(MessageSchema, {
    where: {
      subjectId: paymentId,
      recipient: msisdn,
      kind: In([...RECEIPT_KINDS]),
      state: In(['sent', 'delivered', 'failed']),
    },
    order: { id: 'DESC' },
  });
  if (last?.state !== 'failed') return undefined;
  // As for the receipt once more.
  const isHis = payment.dialler === msisdn || payment.dialler === null;
  return isHis ? detailsOf(deps, payment) : { tokens: [] };
}

async function detailsOf(
  { database, sealing }: Pick<PaymentDeps, 'database' | 'sealing'>,
  { id, units, debtTakenMinor, balanceMinor, currency }: Payment,
): Promise<UndeliveredReceipt> {
  const rows = await database.reader.find(PaymentTokenSchema, {
    where: { paymentId: id },
    order: { position: 'ASC' },
  });
  return {
    tokens: rows.map(({ sealedDigits }) => formatToken(sealing.open(sealedDigits))),
    ...(units === null ? {} : { units }),
    ...(debtTakenMinor === null || debtTakenMinor === 0n
      ? {}
      : { debtTaken: { amountMinor: debtTakenMinor, currency } }),
    ...(balanceMinor === null ? {} : { balance: { amountMinor: balanceMinor, currency } }),
  };
}
