import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { Owner } from './endpoint.ts';

/** One fact, told to its owner under one `webhook-id`: its own id. */
export interface WebhookEvent extends Owner {
  id: string;
  eventType: string;
  /** Unique within the owner: a fact is told once. */
  factKey: string;
  /** The body that is sent: JSON of type, timestamp and data. Never a full phone number or a token. */
  body: string;
  createdAtMs: number;
}

export const WebhookEventSchema = new EntitySchema<WebhookEvent>({
  name: 'webhook_event',
  columns: {
    id: column.id(),
    ownerKind: { ...column.varchar(16), name: 'owner_kind' },
    ownerId: { ...column.varchar(36), name: 'owner_id' },
    eventType: { ...column.varchar(40), name: 'event_type' },
    factKey: { ...column.varchar(128), name: 'fact_key' },
    body: column.text(),
    createdAtMs: { ...column.instant(), name: 'created_at' },
  },
  indices: [
    { name: 'webhook_event_fact', columns: ['ownerKind', 'ownerId', 'factKey'], unique: true },
    { name: 'webhook_event_created', columns: ['createdAtMs'] },
  ],
});

/**
 * waiting: to be sent when due. delivered: answered with a 2xx. failed: every try of the schedule failed. dropped: its endpoint was
 * disabled. Each of the last three waits again when staff asks for it.
 */
export type DeliveryState = 'waiting' | 'delivered' | 'failed' | 'dropped';

export const deliveryStates = transitionTable<DeliveryState>('webhook delivery', ['waiting'], {
  waiting: ['waiting', 'delivered', 'failed', 'dropped'],
  delivered: ['waiting'],
  failed: ['waiting'],
  dropped: ['waiting'],
});

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: string;
  eventId: string;
  endpointId: string;
  state: DeliveryState;
  /** Not before; while claimed, the end of the lease. */
  dueAtMs: number;
  claimedBy: string | null;
  /** Tries of this round: a place in the schedule. Asked for again, a new round begins. */
  tries: number;
  /** All that was ever tried. */
  attempts: number;
  createdAtMs: number;
  finishedAtMs: number | null;
}

export const WebhookDeliverySchema = new EntitySchema<WebhookDelivery>({
  name: 'webhook_delivery',
  columns: {
    id: column.id(),
    eventId: { ...column.reference(), name: 'event_id' },
    endpointId: { ...column.reference(), name: 'endpoint_id' },
    state: column.state(),
    dueAtMs: { ...column.instant(), name: 'due_at' },
    claimedBy: { ...column.varchar(36, { nullable: true }), name: 'claimed_by' },
    tries: column.count(),
    attempts: column.count(),
    createdAtMs: { ...column.instant(), name: 'created_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [
    { name: 'webhook_delivery_once', columns: ['eventId', 'endpointId'], unique: true },
    { name: 'webhook_delivery_due', columns: ['state', 'endpointId', 'dueAtMs'] },
    { name: 'webhook_delivery_state', columns: ['state', 'dueAtMs'] },
    { name: 'webhook_delivery_endpoint', columns: ['endpointId', 'createdAtMs'] },
  ],
});

/** One request that was made, and what came back. Without an end: the process died before it kept the answer. */
export interface WebhookAttempt {
  id: string;
  eventId: string;
  deliveryId: string;
  /** From 1. */
  attempt: number;
  startedAtMs: number;
  durationMs: number | null;
  /** Of the answer; null when none came. */
  status: number | null;
  /** The first bytes of the answer, or why there is none. */
  answer: string | null;
}

export const WebhookAttemptSchema = new EntitySchema<WebhookAttempt>({
  name: 'webhook_attempt',
  columns: {
    id: column.id(),
    eventId: { ...column.reference(), name: 'event_id' },
    deliveryId: { ...column.reference(), name: 'delivery_id' },
    attempt: column.count(),
    startedAtMs: { ...column.instant(), name: 'started_at' },
    durationMs: { ...column.count({ nullable: true }), name: 'duration_ms' },
    status: column.count({ nullable: true }),
    answer: column.text({ nullable: true }),
  },
  indices: [
    { name: 'webhook_attempt_delivery', columns: ['deliveryId', 'attempt'], unique: true },
    { name: 'webhook_attempt_event', columns: ['eventId'] },
  ],
});
