import { type FindOptionsWhere, LessThanOrEqual } from 'typeorm';
import { WebhookAttemptSchema, type WebhookDelivery, WebhookDeliverySchema } from './delivery.ts';
import type { WebhookDeps } from './deps.ts';

/** A delivery in hand, and the attempt that is about to be made. */
export interface ClaimedDelivery extends WebhookDelivery {
  claimedBy: string;
  attemptId: string;
}

/** Longer than one request can take, name server included: what a dead process had in hand is taken up after it. */
const leaseMs = ({ timeoutMs }: { timeoutMs: number }) => timeoutMs * 2 + 10_000;

/** Claims what is due to one endpoint. The attempt is committed before its first byte leaves. */
export function claimDue(deps: WebhookDeps, endpointId: string, limit: number): Promise<ClaimedDelivery[]> {
  return claim(deps, { endpointId, state: 'waiting', dueAtMs: LessThanOrEqual(deps.runtime.clock.now()) }, limit);
}

/** Claims one delivery that is due; undefined when it is not, or another has it. */
export async function claimOne(deps: WebhookDeps, id: string): Promise<ClaimedDelivery | undefined> {
  const due = LessThanOrEqual(deps.runtime.clock.now());
  const [claimed] = await claim(deps, { id, state: 'waiting', dueAtMs: due }, 1);
  return claimed;
}

function claim(
  { runtime, database, webhookSettings }: WebhookDeps,
  where: FindOptionsWhere<WebhookDelivery>,
  limit: number,
): Promise<ClaimedDelivery[]> {
  const now = runtime.clock.now();
  return database.transaction(async (tx) => {
    const rows = await tx.manager.find(WebhookDeliverySchema, {
      where,
      order: { dueAtMs: 'ASC' },
      take: limit,
      ...(database.kind === 'mysql'
        ? { lock: { mode: 'pessimistic_write' as const, onLocked: 'skip_locked' as const } }
        : {}),
    });
    const claimed: ClaimedDelivery[] = [];
    for (const row of rows) {
      const patch = {
        // New at every claim: a process that comes back after its lease is told apart.
        claimedBy: runtime.ids.next(),
        dueAtMs: now + leaseMs(webhookSettings),
        tries: row.tries + 1,
        attempts: row.attempts + 1,
      };
      const attemptId = runtime.ids.next();
      await tx.update(WebhookDeliverySchema, { id: row.id }, patch);
      await tx.insert(WebhookAttemptSchema, {
        id: attemptId,
        eventId: row.eventId,
        deliveryId: row.id,
        attempt: patch.attempts,
        startedAtMs: now,
        durationMs: null,
        status: null,
        answer: null,
      });
      claimed.push({ ...row, ...patch, attemptId });
    }
    return claimed;
  });
}
