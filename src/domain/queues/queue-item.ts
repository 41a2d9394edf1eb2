/** The queues, in the order in which they are shown. */
export const QUEUES = ['breaks', 'unknown', 'unbooked', 'owed', 'held', 'work', 'webhooks'] as const;
export type Queue = (typeof QUEUES)[number];

export function isQueue(text: string | undefined): text is Queue {
  return (QUEUES as readonly string[]).includes(text ?? '');
}

/** One thing that waits for a person. */
export interface QueueItem {
  queue: Queue;
  /** Of the break, payment, outbox row or delivery. */
  id: string;
  /** What it is about, where that is a payment: its page tells the rest. */
  paymentId: string | null;
  /** What it is called: a reference, a kind. */
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
