import type { OwnerKind } from './endpoint.ts';

/**
 * What owners are told of, by their kind: nobody is offered another kind's. docs/biller-webhooks.md describes those of billers, the page
 * at /docs those of organisations.
 */
export const EVENT_TYPES = {
  biller: ['payment.received', 'payment.posted', 'payment.reversed', 'settlement.ready'],
  organisation: ['payout.settled', 'payout.answered', 'batch.closed'],
} as const satisfies Readonly<Record<OwnerKind, readonly string[]>>;

/** Comes when somebody tries an endpoint, whatever it wants. */
export const TEST_EVENT = 'endpoint.test';

export type EventType = (typeof EVENT_TYPES)[OwnerKind][number] | typeof TEST_EVENT;
