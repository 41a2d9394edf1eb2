import type { Database } from '../../platform/database/index.ts';
import { type Refund, type RefundEvent, RefundEventSchema, RefundSchema } from './refund.ts';

const MOST = 100;

/** What was proposed for a payment, oldest first. */
export function refundsOf({ reader }: Database, paymentId: string): Promise<Refund[]> {
  return reader.find(RefundSchema, { where: { paymentId }, order: { id: 'ASC' }, take: MOST });
}

export function findRefund({ reader }: Database, id: string): Promise<Refund | null> {
  return reader.findOne(RefundSchema, { where: { id } });
}

/** What happened to these, oldest first. */
export async function refundEvents({ reader }: Database, refunds: readonly Refund[]): Promise<RefundEvent[]> {
  if (refunds.length === 0) return [];
  const where = refunds.map(({ id }) => ({ refundId: id }));
  return reader.find(RefundEventSchema, { where, order: { id: 'ASC' }, take: MOST * 4 });
}
