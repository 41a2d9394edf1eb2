import { In } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import {
  type WebhookAttempt,
  WebhookAttemptSchema,
  type WebhookDelivery,
  WebhookDeliverySchema,
  WebhookEventSchema,
} from './delivery.ts';
import { type EndpointChange, EndpointChangeSchema, type WebhookEndpoint, WebhookEndpointSchema } from './endpoint.ts';

interface Reading {
  database: Database;
}

/** With the type of its event. */
export type DeliveryView = WebhookDelivery & { eventType: string };

/** The last one of the page before. */
export interface EndpointCursor {
  ownerId: string;
  id: string;
}

export interface DeliveryCursor {
  createdAtMs: number;
  id: string;
}

const MOST_CHANGES = 100;

/** Billers' endpoints by biller, the oldest of each first, a page at a time; `next` is undefined on the last one. */
export async function pageEndpoints(
  { database }: Reading,
  { billerId, after, limit }: { billerId?: string | undefined; after?: EndpointCursor | undefined; limit: number },
): Promise<{ endpoints: WebhookEndpoint[]; next: EndpointCursor | undefined }> {
  const query = database.reader
    .createQueryBuilder(WebhookEndpointSchema, 'e')
    .where('e.ownerKind = :kind', { kind: 'biller' })
    .orderBy('e.ownerId', 'ASC')
    .addOrderBy('e.id', 'ASC');
  if (billerId) query.andWhere('e.ownerId = :billerId', { billerId });
  if (after) query.andWhere('e.ownerId >= :ownerId AND (e.ownerId > :ownerId OR e.id > :id)', after);
  const rows = await query.take(limit + 1).getMany();
  const endpoints = rows.slice(0, limit);
  const last = endpoints.at(-1);
  return { endpoints, next: rows.length > limit && last ? { ownerId: last.ownerId, id: last.id } : undefined };
}

export function findEndpoint({ database }: Reading, id: string): Promise<WebhookEndpoint | null> {
  return database.reader.findOneBy(WebhookEndpointSchema, { id });
}

/** Who changed it, the newest first. */
export function endpointChanges({ database }: Reading, endpointId: string): Promise<EndpointChange[]> {
  return database.reader.find(EndpointChangeSchema, {
    ...{ where: { endpointId }, order: { atMs: 'DESC', id: 'DESC' }, take: MOST_CHANGES },
  });
}

/** Deliveries of an endpoint, the newest first, from a place on. */
export async function listDeliveries(
  { database }: Reading,
  { endpointId, after, limit }: { endpointId: string; after?: DeliveryCursor | undefined; limit: number },
): Promise<DeliveryView[]> {
  const query = database.reader
    .createQueryBuilder(WebhookDeliverySchema, 'd')
    .where('d.endpointId = :endpointId', { endpointId })
    .orderBy('d.createdAtMs', 'DESC')
    .addOrderBy('d.id', 'DESC')
    .take(limit);
  if (after) query.andWhere('d.createdAtMs <= :createdAtMs AND (d.createdAtMs < :createdAtMs OR d.id < :id)', after);
  const deliveries = await query.getMany();
  const events = await database.reader.find(WebhookEventSchema, {
    select: { id: true, eventType: true },
    where: { id: In(deliveries.map(({ eventId }) => eventId)) },
  });
  const typeOf = new Map(events.map(({ id, eventType }) => [id, eventType]));
  return deliveries.map((delivery) => ({ ...delivery, eventType: typeOf.get(delivery.eventId) ?? '' }));
}

/** One of an endpoint; null when it has none with this id. */
export async function findDelivery(
  { database }: Reading,
  { endpointId, id }: { endpointId: string; id: string },
): Promise<DeliveryView | null> {
  const delivery = await database.reader.findOneBy(WebhookDeliverySchema, { id, endpointId });
  if (!delivery) return null;
  const event = await database.reader.findOneBy(WebhookEventSchema, { id: delivery.eventId });
  return { ...delivery, eventType: event?.eventType ?? '' };
}

/** What was tried for these deliveries, in that order. */
export async function listAttempts({ database }: Reading, deliveryIds: string[]): Promise<WebhookAttempt[]> {
  return database.reader.find(WebhookAttemptSchema, {
    where: { deliveryId: In(deliveryIds) },
    order: { startedAtMs: 'ASC', attempt: 'ASC' },
  });
}

/** What an endpoint was told last, and what it answered; undefined where it was told nothing yet. */
export interface LastAnswer {
  delivery: DeliveryView;
  /** The last one; undefined when none was made yet. */
  attempt: WebhookAttempt | undefined;
}

export async function lastAnswers(deps: Reading, endpointIds: readonly string[]): Promise<Map<string, LastAnswer>> {
  const newest = await Promise.all(endpointIds.map((endpointId) => listDeliveries(deps, { endpointId, limit: 1 })));
  const deliveries = newest.flat();
  const attempts = await listAttempts(
    deps,
    deliveries.map(({ id }) => id),
  );
  return new Map(
    deliveries.map((delivery) => [
      delivery.endpointId,
      { delivery, attempt: attempts.findLast(({ deliveryId }) => deliveryId === delivery.id) },
    ]),
  );
}
