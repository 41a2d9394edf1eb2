import { In, MoreThanOrEqual } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { ElsewherePaymentSchema } from '../elsewhere/index.ts';
import { PaymentSchema, type PaymentState } from '../payments/index.ts';

/** What the biller booked a day before, or since, may not be in his list of bills yet. */
const RECENT_MS = 86_400_000;

/** Money that came or may come and that the biller has not booked: he knows nothing of it, however old it is. */
const ON_ITS_WAY: PaymentState[] = ['requested', 'held', 'prompting', 'collected', 'suspense'];

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
  // The few payments of an account are found by its index, whatever their age.
  const ofAccounts = { billerId, account: In(accounts) };
  const booked = { state: 'posted' as const, postedAtMs: MoreThanOrEqual(sinceMs - RECENT_MS) };
  const paid = await reader.find(PaymentSchema, {
    select: { account: true },
    where: [
      { ...ofAccounts, state: In(ON_ITS_WAY) },
      { ...ofAccounts, ...booked },
    ],
  });
  for (const { account } of paid) settled.set(account, 'paid');
  return settled;
}
