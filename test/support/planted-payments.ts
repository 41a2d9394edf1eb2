import { type Payment, PaymentSchema } from '../../src/domain/payments/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { type Transfer, TransferSchema } from '../../src/money/transfers/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { BLANK_PAYMENT, BLANK_TRANSFER } from './booked-payments.ts';
import { bulkInsert } from './bulk-insert.ts';

let planted = 0;

/** A payment as it stands in its table, and no more: nothing of it is in the ledger. */
export function plantedPayment(patch: Partial<Payment> = {}): Payment {
  planted += 1;
  const id = systemRuntime.ids.next();
  const reference = `P${planted.toString(36).toUpperCase().padStart(9, '0')}`;
  return { ...BLANK_PAYMENT, id, reference, requestKey: id, amountMinor: 100n, currency: 'KES', ...patch };
}

/** Writes them with a transfer each through that operator (null: none). */
export async function plantPayments(
  database: Database,
  payments: readonly Payment[],
  operator: string | null = 'mpesa',
): Promise<void> {
  const transfers = payments.map(
    ({ id, reference, createdAtMs, amountMinor, currency }): Transfer => ({
      ...BLANK_TRANSFER,
      ...{ id, reference, createdAtMs, amountMinor, currency, callbackToken: id, purposeId: id },
      operator: operator ?? '',
    }),
  );
  const rows = payments.map((payment) => ({ ...payment, transferId: operator === null ? null : payment.id }));
  for (let at = 0; at < rows.length; at += 5_000) {
    await database.transaction(async (tx) => {
      if (operator !== null) await bulkInsert(tx.manager, TransferSchema, transfers.slice(at, at + 5_000));
      await bulkInsert(tx.manager, PaymentSchema, rows.slice(at, at + 5_000));
    });
  }
}
