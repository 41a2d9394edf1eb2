/** What owners are told of; docs/biller-webhooks.md describes each. `endpoint.test` comes when staff tries an endpoint. */
export const EVENT_TYPES = ['payment.received', 'payment.posted', 'payment.reversed', 'settlement.ready'] as const;
export const TEST_EVENT = 'endpoint.test';

export type EventType = (typeof EVENT_TYPES)[number] | typeof TEST_EVENT;

export function isEventType(text: string): text is EventType {
  return (EVENT_TYPES as readonly string[]).includes(text);
}
