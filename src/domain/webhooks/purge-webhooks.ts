import { In, LessThan } from 'typeorm';
import { WebhookAttemptSchema, WebhookDeliverySchema, WebhookEventSchema } from './delivery.ts';
import type { WebhookDeps } from './deps.ts';
import { WebhookSecretSchema } from './endpoint.ts';

/** Forgets up to `limit` events of before that instant with their deliveries and answers, and secrets that ended; how many events. */
export async function purgeWebhooks({ database }: WebhookDeps, beforeMs: number, limit: number): Promise<number> {
  // By age alone: the last retry of a delivery comes three days after its event.
  const old = await database.reader.find(WebhookEventSchema, {
    select: { id: true },
    where: { createdAtMs: LessThan(beforeMs) },
    take: limit,
  });
  const ids = old.map(({ id }) => id);
  await database.transaction(async ({ manager }) => {
    await manager.delete(WebhookSecretSchema, { endsAtMs: LessThan(beforeMs) });
    if (ids.length === 0) return;
    await manager.delete(WebhookAttemptSchema, { eventId: In(ids) });
    await manager.delete(WebhookDeliverySchema, { eventId: In(ids) });
    await manager.delete(WebhookEventSchema, { id: In(ids) });
  });
  return ids.length;
}
