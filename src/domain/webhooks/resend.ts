import { MoreThan, MoreThanOrEqual } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import { insertDelivery, wants } from './announce.ts';
import { claimOne } from './claim.ts';
import {
  deliveryStates,
  type WebhookAttempt,
  type WebhookDelivery,
  WebhookDeliverySchema,
  WebhookEventSchema,
} from './delivery.ts';
import type { WebhookDeps } from './deps.ts';
import { type WebhookEndpoint, WebhookEndpointSchema } from './endpoint.ts';
import type { Alongside } from './endpoint-changes.ts';
import { listAttempts } from './endpoint-pages.ts';
import { TEST_EVENT } from './event-types.ts';
import { sendDelivery } from './send-delivery.ts';

/**
 * Sends a delivery again, whatever became of it, under the same `webhook-id` and with a new round of retries. `alongside` is
 * committed with it.
 */
export async function resendDelivery(deps: WebhookDeps, deliveryId: string, alongside?: Alongside): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const found = await tx.findOne(WebhookDeliverySchema, { id: deliveryId });
    if (!found) throw new Refusal('webhook.delivery-unknown');
    await lockEnabled(tx, found.endpointId);
    const delivery = await tx.lockOne(WebhookDeliverySchema, { id: deliveryId });
    if (delivery) await waitAgain(deps, tx, delivery);
    await alongside?.(tx);
  });
}

const CHUNK = 200;

/**
 * Sends an endpoint whatever its owner's events since then did not deliver there: what failed, what was dropped, and
 * what happened while it was disabled. How many.
 */
export async function resendSince(deps: WebhookDeps, endpointId: string, sinceMs: number): Promise<number> {
  let afterId = '';
  let total = 0;
  for (;;) {
    const { seen, lastId, planned } = await deps.database.transaction(async (tx) => {
      const endpoint = await lockEnabled(tx, endpointId);
      const { ownerKind, ownerId } = endpoint;
      const events = await tx.manager.find(WebhookEventSchema, {
        where: { ownerKind, ownerId, createdAtMs: MoreThanOrEqual(sinceMs), id: MoreThan(afterId) },
        order: { id: 'ASC' },
        take: CHUNK,
      });
      let count = 0;
      for (const { id, eventType } of events) {
        if (eventType !== TEST_EVENT && wants(endpoint, eventType) && (await planAgain(deps, tx, id, endpointId)))
          count += 1;
      }
      return { seen: events.length, lastId: events.at(-1)?.id ?? '', planned: count };
    });
    total += planned;
    if (seen < CHUNK) return total;
    afterId = lastId;
  }
}

/** Work of this folder that a person asks for. */
export const RESEND_SINCE = 'webhook.resend-since';

/**
 * Has the worker do the same: there may be many. Refuses, at once, with `webhook.endpoint-unknown` and `webhook.endpoint-disabled`; one that is
 * disabled meanwhile is told nothing.
 */
export async function askToResendSince(
  deps: WebhookDeps & { outbox: Outbox },
  { endpointId, sinceMs }: { endpointId: string; sinceMs: number },
  alongside: Alongside,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockEnabled(tx, endpointId);
    const key = `${endpointId}:${deps.runtime.ids.next()}`;
    await deps.outbox.emit(tx, { topic: RESEND_SINCE, key, payload: { endpointId, sinceMs } });
    await alongside(tx);
  });
}

/** Work of `webhook.resend-since`. */
export async function onResendAsked(
  deps: WebhookDeps,
  { endpointId, sinceMs }: { endpointId: string; sinceMs: number },
): Promise<void> {
  try {
    await resendSince(deps, endpointId, sinceMs);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deps.log.info({ endpointId, code: error.code }, 'webhooks were not sent again');
  }
}

async function planAgain(deps: WebhookDeps, tx: Tx, eventId: string, endpointId: string): Promise<boolean> {
  if (await insertDelivery(deps.runtime, tx, { eventId, endpointId })) return true;
  const delivery = await tx.lockOne(WebhookDeliverySchema, { eventId, endpointId });
  if (delivery?.state !== 'failed' && delivery?.state !== 'dropped') return false;
  await waitAgain(deps, tx, delivery);
  return true;
}

async function waitAgain({ runtime }: WebhookDeps, tx: Tx, delivery: WebhookDelivery): Promise<void> {
  deliveryStates.assert(delivery.state, 'waiting');
  // An attempt under way ends by itself: moving its due time would end its lease.
  if (delivery.claimedBy !== null) return;
  const patch = { state: 'waiting' as const, dueAtMs: runtime.clock.now(), tries: 0, finishedAtMs: null };
  await tx.update(WebhookDeliverySchema, { id: delivery.id }, patch);
}

async function lockEnabled(tx: Tx, id: string): Promise<WebhookEndpoint> {
  const endpoint = await tx.lockOne(WebhookEndpointSchema, { id });
  if (!endpoint) throw new Refusal('webhook.endpoint-unknown');
  if (endpoint.state === 'disabled') throw new Refusal('webhook.endpoint-disabled', { reason: endpoint.reason });
  return endpoint;
}

/** Sends an `endpoint.test` event now, with `alongside` committed before its first byte, and gives what came back; undefined when the service was faster and has it in hand. */
export async function testEndpoint(
  deps: WebhookDeps,
  endpointId: string,
  alongside?: Alongside,
): Promise<WebhookAttempt | undefined> {
  const { ids, clock } = deps.runtime;
  const now = clock.now();
  const deliveryId = await deps.database.transaction(async (tx) => {
    const { ownerKind, ownerId } = await lockEnabled(tx, endpointId);
    const id = ids.next();
    const body = JSON.stringify({ type: TEST_EVENT, timestamp: new Date(now).toISOString(), data: { endpointId } });
    const factKey = `${TEST_EVENT}:${id}`;
    await tx.insert(WebhookEventSchema, {
      id,
      ownerKind,
      ownerId,
      eventType: TEST_EVENT,
      factKey,
      body,
      createdAtMs: now,
    });
    await alongside?.(tx);
    return insertDelivery(deps.runtime, tx, { eventId: id, endpointId });
  });
  const claimed = deliveryId && (await claimOne(deps, deliveryId));
  if (!claimed) return undefined;
  await sendDelivery(deps, claimed);
  const [attempt] = await listAttempts(deps, [claimed.id]);
  return attempt;
}
