import { In } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type Refund, type RefundEvent, RefundEventSchema, RefundSchema } from './refund.ts';

const MOST = 100;

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
