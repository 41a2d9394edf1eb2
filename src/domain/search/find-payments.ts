import { Between, type FindOptionsWhere, In, LessThan } from 'typeorm';
import type { Money, Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Payment, PaymentSchema, type PaymentState } from '../payments/index.ts';

/** What a list of payments is narrowed by; all of it must fit. */
export interface PaymentFilters {
  /** Dialler or payer. */
  msisdn?: Msisdn;
  billerId?: string;
  account?: string;
  states?: readonly PaymentState[];
  amount?: Money;
  /** Created from the first instant up to, not including, the second, epoch ms. */
  fromMs?: number;
  toMs?: number;
}

/** The last row of the page before. */
export interface PaymentCursor {
  createdAtMs: number;
  id: string;
}

export interface PaymentPage {
  payments: Payment[];
  /** Undefined on the last page. */
  next: PaymentCursor | undefined;
  /** Where the list begins because nothing selective was asked for: older payments are not in it. Else undefined. */
  sinceMs: number | undefined;
}

export const MOST_A_PAGE = 100;
const UNSELECTIVE_MS = 31 * 86_400_000;

/**
 * Payments newest first, a page at a time, by an index whatever is asked: a number, an account and an amount have one of their own;
 * without any of these a list is of at most 31 days.
 */
export async function findPayments(
  { database }: { database: Database },
  filters: PaymentFilters,
  { after, limit, nowMs }: { after?: PaymentCursor; limit: number; nowMs: number },
): Promise<PaymentPage> {
  const most = Math.min(limit, MOST_A_PAGE);
  const { msisdn, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = filters;
  const isSelective = msisdn !== undefined || filters.account !== undefined || filters.amount !== undefined;
  const endMs = Math.min(toMs, nowMs + 1);
  const earliestMs = isSelective ? 0 : endMs - UNSELECTIVE_MS;
  const range = { fromMs: Math.max(fromMs, earliestMs), lastMs: endMs - 1 };
  const conditions = conditionsOf(filters);
  const wanted = msisdn
    ? [
        { ...conditions, dialler: msisdn },
        { ...conditions, payer: msisdn },
      ]
    : [conditions];
  const lists = await Promise.all(wanted.map((where) => newest(database, where, range, after, most + 1)));
  const found = [...new Map(lists.flat().map((payment) => [payment.id, payment])).values()].sort(newestFirst);
  const payments = found.slice(0, most);
  const last = payments.at(-1);
  return {
    payments,
    next: found.length > most && last ? { createdAtMs: last.createdAtMs, id: last.id } : undefined,
    sinceMs: fromMs < earliestMs ? earliestMs : undefined,
  };
}

function conditionsOf({ billerId, account, states, amount }: PaymentFilters): FindOptionsWhere<Payment> {
  return {
    ...(billerId === undefined ? {} : { billerId }),
    ...(account === undefined ? {} : { account }),
    ...(states === undefined ? {} : { state: In([...states]) }),
    ...(amount === undefined ? {} : { amountMinor: amount.amountMinor, currency: amount.currency }),
  };
}

async function newest(
  { reader }: Database,
  where: FindOptionsWhere<Payment>,
  range: { fromMs: number; lastMs: number },
  after: PaymentCursor | undefined,
  take: number,
): Promise<Payment[]> {
  const order = { createdAtMs: 'DESC', id: 'DESC' } as const;
  const lastMs = Math.min(range.lastMs, after ? after.createdAtMs - 1 : range.lastMs);
  const older = { ...where, createdAtMs: Between(range.fromMs, lastMs) };
  // Several payments may be of the cursor's millisecond; some of them were on the page before.
  const same = after ? [{ ...where, createdAtMs: after.createdAtMs, id: LessThan(after.id) }] : [];
  const lists = await Promise.all(
    [...same, older].map((one) => reader.find(PaymentSchema, { where: one, order, take })),
  );
  return lists.flat().slice(0, take);
}

function newestFirst(one: Payment, other: Payment): number {
  return other.createdAtMs - one.createdAtMs || (other.id < one.id ? -1 : 1);
}
