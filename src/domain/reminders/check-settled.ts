import { In, MoreThanOrEqual, Not } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { ElsewherePaymentSchema } from '../elsewhere/index.ts';
import { PaymentSchema } from '../payments/index.ts';

/** A payment that was begun a day before, or since, is on its way or has arrived: no reminder now. */
const RECENT_MS = 86_400_000;

/** States in which a payment means that its account was not paid. */
const NOT_PAID = ['failed', 'expired', 'refund-due', 'refunded'] as const;

export interface Bill {
  account: string;
  /** Payments elsewhere since then are for this bill. */
  paidSinceMs: number;
}

/** Which of these accounts of a biller were paid, here or elsewhere; from our own data. */
export async function findSettled(
  { reader }: Database,
  billerId: string,
  bills: readonly Bill[],
  sinceMs: number,
): Promise<Map<string, 'paid' | 'paid-elsewhere'>> {
  const settled = new Map<string, 'paid' | 'paid-elsewhere'>();
  if (bills.length === 0) return settled;
  const accounts = bills.map(({ account }) => account);
  const earliestMs = Math.min(...bills.map(({ paidSinceMs }) => paidSinceMs));
  const elsewhere = await reader.find(ElsewherePaymentSchema, {
    select: { account: true, paidAtMs: true },
    where: { billerId, account: In(accounts), paidAtMs: MoreThanOrEqual(earliestMs) },
  });
  const paidSince = new Map(bills.map(({ account, paidSinceMs }) => [account, paidSinceMs]));
  for (const { account, paidAtMs } of elsewhere) {
    if (paidAtMs >= (paidSince.get(account) ?? Number.POSITIVE_INFINITY)) settled.set(account, 'paid-elsewhere');
  }
  const paid = await reader.find(PaymentSchema, {
    select: { account: true },
    where: {
      billerId,
      account: In(accounts),
      createdAtMs: MoreThanOrEqual(sinceMs - RECENT_MS),
      state: Not(In([...NOT_PAID])),
    },
  });
  for (const { account } of paid) settled.set(account, 'paid');
  return settled;
}
