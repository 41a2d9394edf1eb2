import type { Database } from '../../platform/database/index.ts';
import type { Payment } from '../payments/index.ts';
import { isSelective, type PaymentCursor, type PaymentFilters, pageOf, UNSELECTIVE_MS } from './payment-pages.ts';

export interface PaymentPage {
  payments: Payment[];
  /** Undefined on the last page. */
  next: PaymentCursor | undefined;
  /** Where the list begins because nothing selective was asked for: older payments are not in it. Else undefined. */
  sinceMs: number | undefined;
}

export const MOST_A_PAGE = 100;

/**
 * Payments newest first, a page at a time, by an index whatever is asked: a number, an account and an amount have one of their own;
 * without any of these a list is of at most 31 days.
 */
export async function findPayments(
  { database }: { database: Database },
  filters: PaymentFilters,
  { after, limit, nowMs }: { after?: PaymentCursor; limit: number; nowMs: number },
): Promise<PaymentPage> {
  const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = filters;
  const endMs = Math.min(toMs, nowMs + 1);
  const earliestMs = isSelective(filters) ? 0 : endMs - UNSELECTIVE_MS;
  const range = { fromMs: Math.max(fromMs, earliestMs), lastMs: endMs - 1 };
  const page = await pageOf(database, filters, range, after, Math.min(limit, MOST_A_PAGE));
  return { ...page, sinceMs: fromMs < earliestMs ? earliestMs : undefined };
}
