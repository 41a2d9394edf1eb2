import { Between, type FindOptionsWhere, In, LessThan } from 'typeorm';
import type { Money, Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Payment, PaymentSchema, type PaymentState } from '../payments/index.ts';

/** What a list of payments is narrowed by; all of it must fit. */
export interface PaymentFilters {
  /** Dialler or payer. */
  msisdn?: Msisdn;
  billerId?: string;
  operator?: string;
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

export interface Range {
  fromMs: number;
  lastMs: number;
}

/** Without a number, an account or an amount a list is of so many days at most. */
export const UNSELECTIVE_MS = 31 * 86_400_000;

export function isSelective({ msisdn, account, amount }: PaymentFilters): boolean {
  return msisdn !== undefined || account !== undefined || amount !== undefined;
}

/** Up to `most` payments of a range behind a cursor, newest first, each by an index. */
export async function pageOf(
  database: Database,
  filters: PaymentFilters,
  range: Range,
  after: PaymentCursor | undefined,
  most: number,
): Promise<{ payments: Payment[]; next: PaymentCursor | undefined }> {
  const lists = await Promise.all(wantedOf(filters).map((where) => newest(database, where, range, after, most + 1)));
  const found = [...new Map(lists.flat().map((payment) => [payment.id, payment])).values()].sort(newestFirst);
  const payments = found.slice(0, most);
  const last = payments.at(-1);
  return { payments, next: found.length > most && last ? { createdAtMs: last.createdAtMs, id: last.id } : undefined };
}

/** A number has two indexes: of who dialled and of who paid. */
export function wantedOf(filters: PaymentFilters): FindOptionsWhere<Payment>[] {
  const conditions = conditionsOf(filters);
  const { msisdn } = filters;
  if (!msisdn) return [conditions];
  return [
    { ...conditions, dialler: msisdn },
    { ...conditions, payer: msisdn },
  ];
}

function conditionsOf({ billerId, operator, account, states, amount }: PaymentFilters): FindOptionsWhere<Payment> {
  return {
    ...(billerId === undefined ? {} : { billerId }),
    ...(operator === undefined ? {} : { operator }),
    ...(account === undefined ? {} : { account }),
    ...(states === undefined ? {} : { state: In([...states]) }),
    ...(amount === undefined ? {} : { amountMinor: amount.amountMinor, currency: amount.currency }),
  };
}

async function newest(
  { reader }: Database,
  where: FindOptionsWhere<Payment>,
  range: Range,
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
