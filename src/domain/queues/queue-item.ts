/** The queues, in the order in which they are shown. */
export const QUEUES = [
  'breaks',
  'unknown',
  'unbooked',
  'owed',
  'held',
  'claims',
  'settlements',
  'work',
  'webhooks',
] as const;
export type Queue = (typeof QUEUES)[number];

export function isQueue(text: string | undefined): text is Queue {
  return (QUEUES as readonly string[]).includes(text ?? '');
}

/** One thing that waits for a person. */
export interface QueueItem {
  queue: Queue;
  /** Of the break, payment, claim, settlement, outbox row or delivery. */
  id: string;
  /** What it is about, where that is a payment: its page tells the rest. */
  paymentId: string | null;
  /** Of a delivery: to which endpoint. */
  endpointId?: string;
  /** Of a claim: whose payout it is about. */
  organisationId?: string;
  /** Of a break that is about a transfer, payment or refund: its reference. */
  reference?: string;
  /** What it is called: a reference, a kind, a biller and a day, an organisation with its batch and row. */
  name: string;
  /** A word of the thing itself: its type, its reason, its last error. */
  detail: string;
  amountMinor: bigint | null;
  currency: string | null;
  /** Since when it waits. */
  sinceMs: number;
  /** Who has taken it on; null when nobody has. */
  ownerId: string | null;
}
