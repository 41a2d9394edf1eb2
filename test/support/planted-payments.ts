import { setImmediate } from 'node:timers/promises';
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

const TOGETHER = 5_000;

/** Writes them with a transfer each through that operator (null: none). */
export async function plantPayments(
  database: Database,
  payments: readonly Payment[],
  operator: string | null = 'mpesa',
): Promise<void> {
  for (let at = 0; at < payments.length; at += TOGETHER) {
    const some = payments.slice(at, at + TOGETHER);
    await database.transaction(async (tx) => {
      if (operator !== null) {
        const transfers = some.map((payment) => transferOf(payment, operator));
        await bulkInsert(tx.manager, TransferSchema, transfers);
      }
      const rows = some.map((one) => ({ ...one, operator, transferId: operator === null ? null : one.id }));
      await bulkInsert(tx.manager, PaymentSchema, rows);
    });
    // The embedded store never waits: connections that were kept too long meanwhile are closed now, not under the next request.
    await setImmediate();
  }
}

function transferOf({ id, reference, createdAtMs, amountMinor, currency }: Payment, operator: string): Transfer {
  return {
    ...BLANK_TRANSFER,
    ...{ id, reference, createdAtMs, amountMinor, currency, callbackToken: id, purposeId: id, operator },
  };
}
