import { formatDecimal, type Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { announce } from '../webhooks/index.ts';
import type { Payment } from './payment.ts';
import type { PaymentState } from './payment-states.ts';

/** What a biller hears of a payment, by the state that it comes into. */
const EVENTS: Partial<Record<PaymentState, 'payment.received' | 'payment.posted' | 'payment.reversed'>> = {
  collected: 'payment.received',
  posted: 'payment.posted',
  'refund-due': 'payment.reversed',
  refunded: 'payment.reversed',
};

/**
 * Commits what the payment's biller is told of its new state, with the state. Each once: money that is owed back and then
 * given back is one reversal. Nobody's telephone number is in it.
 */
export async function announcePayment({ runtime }: { runtime: Runtime }, tx: Tx, payment: Payment): Promise<void> {
  const eventType = EVENTS[payment.state];
  const { billerId } = payment;
  if (eventType === undefined || billerId === null) return;
  const { amountMinor, currency } = payment;
  await announce({ runtime }, tx, {
    ownerKind: 'biller',
    ownerId: billerId,
    eventType,
    factKey: `${eventType}:${payment.id}`,
    data: {
      reference: payment.reference,
      account: payment.account,
      amount: formatDecimal({ amountMinor, currency }),
      currency,
      channel: payment.channel,
      operatorReceipt: payment.operatorReceipt,
      billerReference: payment.billerReference,
      paidAt: instantOf(payment.collectedAtMs),
      postedAt: instantOf(payment.postedAtMs),
    },
  });
}

function instantOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
