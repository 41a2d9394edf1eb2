import { In } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Payment } from '../payments/index.ts';
import { type Refund, type RefundEvent, RefundEventSchema, RefundSchema } from './refund.ts';

const MOST = 100;
const MOST_PAYMENTS = 500;

/** What was proposed for a payment, oldest first. */
export function refundsOf({ reader }: Database, paymentId: string): Promise<Refund[]> {
  return reader.find(RefundSchema, { where: { paymentId }, order: { id: 'ASC' }, take: MOST });
}

/** What these approvals are about; of another kind of thing there is none. */
export async function refundsOfApprovals({ reader }: Database, approvalIds: readonly string[]): Promise<Refund[]> {
  if (approvalIds.length === 0) return [];
  return reader.find(RefundSchema, { where: { approvalId: In([...approvalIds]) } });
}

/** What happened to these, oldest first. */
export async function refundEvents({ reader }: Database, refunds: readonly Refund[]): Promise<RefundEvent[]> {
  if (refunds.length === 0) return [];
  const where = refunds.map(({ id }) => ({ refundId: id }));
  return reader.find(RefundEventSchema, { where, order: { id: 'ASC' }, take: MOST * 4 });
}

/** How much of the money of these payments went back, by payment; of second money nothing is counted. At most 500 payments at once. */
export async function givenBackOf(
  { reader }: Database,
  payments: readonly Pick<Payment, 'id' | 'transferId'>[],
): Promise<Map<string, bigint>> {
  invariant(payments.length <= MOST_PAYMENTS, 'too many payments at once');
  const own = new Map(payments.map(({ id, transferId }) => [id, transferId]));
  const where = { paymentId: In([...own.keys()]), state: 'paid' as const };
  const paid = own.size === 0 ? [] : await reader.findBy(RefundSchema, where);
  const sums = new Map<string, bigint>();
  for (const { paymentId, transferId, amountMinor } of paid) {
    if (transferId === own.get(paymentId)) sums.set(paymentId, (sums.get(paymentId) ?? 0n) + amountMinor);
  }
  return sums;
}
