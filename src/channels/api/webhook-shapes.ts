import { z } from 'zod';
import {
  type DeliveryView,
  EVENT_TYPES,
  type WebhookAttempt,
  type WebhookEndpoint,
} from '../../domain/webhooks/index.ts';
import { answerShapes, requestShapes } from './endpoint.ts';
import { Id, Instant, instantOf, instantOrNull } from './shapes.ts';

const EventName = z.enum(EVENT_TYPES.organisation);
const Url = z.string().max(500).describe('Begins with https:// and is on the public internet');

const webhookFields = {
  id: Id,
  url: Url,
  events: z.array(EventName).describe('What it is told'),
  state: z.enum(['enabled', 'disabled']).describe('A disabled one is told nothing; an answer of 410 disables it'),
  reason: z.string().describe('Why it is in that state'),
  createdAt: Instant,
  changedAt: Instant,
};

export const WebhookShape = z.object(webhookFields).register(answerShapes, { id: 'Webhook' });

const Secret = z
  .string()
  .describe('`whsec_` and the base64 of the bytes that sign. It is told in this answer alone: keep it');

export const NewWebhookShape = z
  .object({ ...webhookFields, secret: Secret })
  .register(answerShapes, { id: 'WebhookWithSecret' });

export const RotatedShape = z
  .object({ secret: Secret, oldEndsAt: Instant.describe('Until then the one before signs beside it') })
  .register(answerShapes, { id: 'RotatedSecret' });

export const DeliveryShape = z
  .object({
    id: Id,
    eventId: Id.describe('The `webhook-id` under which it is sent, however often'),
    event: z.string().describe('`payout.settled`, `payout.answered`, `batch.closed`, or `endpoint.test`'),
    state: z
      .enum(['waiting', 'delivered', 'failed', 'dropped'])
      .describe('failed: given up after every try; dropped: the webhook was disabled'),
    attempts: z.int().describe('How often it was tried'),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    lastAttempt: z
      .object({
        at: Instant,
        status: z.int().nullable().describe('What you answered; null: nothing came'),
        answer: z.string().nullable().describe('The first bytes of it, or why there was none'),
      })
      .nullable(),
  })
  .register(answerShapes, { id: 'Delivery' });

export const AddBody = z
  .strictObject({
    url: z.string().min(1).max(500).describe('Begins with https:// and is on the public internet'),
    events: z.array(EventName).max(EVENT_TYPES.organisation.length).optional().describe('Left out or empty: all'),
  })
  .register(requestShapes, { id: 'NewWebhook' });

const LONGEST_OVERLAP_HOURS = 168;

export const RotateBody = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(LONGEST_OVERLAP_HOURS)
      .default(24)
      .describe('How long the secret before signs beside the new one'),
  })
  .register(requestShapes, { id: 'RotateSecret' });

export function showWebhook(endpoint: WebhookEndpoint): z.input<typeof WebhookShape> {
  const { id, url, eventTypes, state, reason, createdAtMs, changedAtMs } = endpoint;
  const wanted = eventTypes === '' ? undefined : eventTypes.split(',');
  return {
    ...{ id, url, state, reason },
    events: EVENT_TYPES.organisation.filter((type) => wanted?.includes(type) ?? true),
    ...{ createdAt: instantOf(createdAtMs), changedAt: instantOf(changedAtMs) },
  };
}

export function showDelivery(
  delivery: DeliveryView,
  attempts: readonly WebhookAttempt[],
): z.input<typeof DeliveryShape> {
  const { id, eventId, eventType, state, createdAtMs, finishedAtMs } = delivery;
  const last = attempts.findLast(({ deliveryId }) => deliveryId === id);
  return {
    ...{ id, eventId, event: eventType, state, attempts: delivery.attempts },
    ...{ createdAt: instantOf(createdAtMs), finishedAt: instantOrNull(finishedAtMs) },
    lastAttempt: last ? { at: instantOf(last.startedAtMs), status: last.status, answer: last.answer } : null,
  };
}
