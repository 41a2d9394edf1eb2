import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type WebhookDelivery, WebhookDeliverySchema, WebhookEventSchema } from './delivery.ts';
import { type Owner, type WebhookEndpoint, WebhookEndpointSchema } from './endpoint.ts';
import type { EventType } from './event-types.ts';

export interface Announcement extends Owner {
  eventType: EventType;
  /** The fact within its owner: a second announcement of it changes nothing. */
  factKey: string;
  /** Plain JSON; amounts as decimal texts, never a full phone number or a token. */
  data: Readonly<Record<string, unknown>>;
}

/** More endpoints than one owner can have. */
const MOST_ENDPOINTS = 50;

/**
 * Commits an event, and its delivery to each endpoint that wants it, with the fact that it tells. One read, and no more, when
 * the owner has no endpoint. False when there was nobody to tell or it was told before.
 */
export async function announce(
  { runtime }: { runtime: Runtime },
  tx: Tx,
  announcement: Announcement,
): Promise<boolean> {
  const { ownerKind, ownerId, eventType, factKey, data } = announcement;
  const endpoints = await tx.manager.find(WebhookEndpointSchema, {
    where: { ownerKind, ownerId },
    take: MOST_ENDPOINTS,
  });
  if (endpoints.length === 0) return false;
  const { ids, clock } = runtime;
  const now = clock.now();
  const id = ids.next();
  const body = JSON.stringify({ type: eventType, timestamp: new Date(now).toISOString(), data });
  const event = { id, ownerKind, ownerId, eventType, factKey, body, createdAtMs: now };
  // Kept also when every endpoint is disabled: it can be sent afterwards.
  if (!(await tx.insertOnce(WebhookEventSchema, event))) return false;
  for (const endpoint of endpoints) {
    if (endpoint.state === 'enabled' && wants(endpoint, eventType)) {
      await insertDelivery(runtime, tx, { eventId: id, endpointId: endpoint.id });
    }
  }
  return true;
}

export function wants({ eventTypes }: WebhookEndpoint, eventType: string): boolean {
  return eventTypes === '' || eventTypes.split(',').includes(eventType);
}

export async function insertDelivery(
  runtime: Runtime,
  tx: Tx,
  which: { eventId: string; endpointId: string },
): Promise<string | undefined> {
  const delivery = newDelivery(runtime, which);
  return (await tx.insertOnce(WebhookDeliverySchema, delivery)) ? delivery.id : undefined;
}

function newDelivery(
  { ids, clock }: Runtime,
  { eventId, endpointId }: { eventId: string; endpointId: string },
): WebhookDelivery {
  const now = clock.now();
  return {
    ...{ id: ids.next(), eventId, endpointId, state: 'waiting', dueAtMs: now, claimedBy: null },
    ...{ tries: 0, attempts: 0, createdAtMs: now, finishedAtMs: null },
  };
}

/** Facts of one owner that are told together. */
export type Fact = Pick<Announcement, 'eventType' | 'factKey' | 'data'>;

const INSERTED_TOGETHER = 500;

/**
 * The same for many facts of one owner that nobody was told of: some statements for all of them, and one read where the owner has
 * no endpoint. Whoever calls holds a lock by which each fact comes here once. Returns how many were told.
 */
export async function announceAll(
  { runtime }: { runtime: Runtime },
  tx: Tx,
  { ownerKind, ownerId }: Owner,
  facts: () => readonly Fact[],
): Promise<number> {
  const endpoints = await tx.manager.find(WebhookEndpointSchema, {
    where: { ownerKind, ownerId },
    take: MOST_ENDPOINTS,
  });
  if (endpoints.length === 0) return 0;
  const now = runtime.clock.now();
  const events = facts().map(({ eventType, factKey, data }) => ({
    ...{ id: runtime.ids.next(), ownerKind, ownerId, eventType, factKey, createdAtMs: now },
    body: JSON.stringify({ type: eventType, timestamp: new Date(now).toISOString(), data }),
  }));
  const deliveries = events.flatMap(({ id: eventId, eventType }) =>
    endpoints
      .filter((endpoint) => endpoint.state === 'enabled' && wants(endpoint, eventType))
      .map(({ id: endpointId }) => newDelivery(runtime, { eventId, endpointId })),
  );
  for (let at = 0; at < events.length; at += INSERTED_TOGETHER) {
    await tx.manager.insert(WebhookEventSchema, events.slice(at, at + INSERTED_TOGETHER));
  }
  for (let at = 0; at < deliveries.length; at += INSERTED_TOGETHER) {
    await tx.manager.insert(WebhookDeliverySchema, deliveries.slice(at, at + INSERTED_TOGETHER));
  }
  return events.length;
}
