import { sleep } from '../../kernel/index.ts';
import { type ClaimedDelivery, claimDue } from './claim.ts';
import type { WebhookDeps } from './deps.ts';
import { type AttemptOutcome, sendDelivery } from './send-delivery.ts';

export interface WebhookSender {
  start(): void;
  /** Claims nothing more and resolves when what is in hand is finished. */
  stop(): Promise<void>;
}

export interface SenderObserver {
  attempted(outcome: AttemptOutcome, durationMs: number): void;
  faulted(error: unknown): void;
}

/** How many endpoints with something due are looked at in one round. */
const MOST_LANES = 1_000;

const LANES = `SELECT endpoint_id, MIN(due_at) AS due_at FROM webhook_delivery
  WHERE state = 'waiting' GROUP BY endpoint_id ORDER BY due_at LIMIT ${MOST_LANES}`;

/**
 * Sends what waits. Each endpoint has a lane of its own, with few requests in it at once, and only one while its last
 * attempt failed: what a slow one takes are its own places, never the slots of the outbox.
 */
export function makeWebhookSender(deps: WebhookDeps, observer: SenderObserver): WebhookSender {
  const { clock } = deps.runtime;
  const { perEndpoint, atOnce, pollMs } = deps.webhookSettings;
  const stopping = new AbortController();
  const inHand = new Set<Promise<void>>();
  const lanes = new Map<string, number>();
  const failing = new Set<string>();
  let wakeUp = new AbortController();
  let loop: Promise<void> | undefined;

  const freeIn = (endpointId: string) =>
    Math.min(atOnce - inHand.size, (failing.has(endpointId) ? 1 : perEndpoint) - (lanes.get(endpointId) ?? 0));

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wakeUp = new AbortController();
      let nextDueAtMs: number | undefined;
      try {
        nextDueAtMs = await sendWhatIsDue();
      } catch (error) {
        observer.faulted(error);
      }
      const untilDue = nextDueAtMs === undefined ? pollMs : nextDueAtMs - clock.now();
      if (wakeUp.signal.aborted || stopping.signal.aborted) continue;
      const delayMs = Math.min(pollMs, Math.max(untilDue, 10));
      await sleep(clock, delayMs, AbortSignal.any([wakeUp.signal, stopping.signal]));
    }
  }

  /** Claims for every lane that has room; when the next one falls due. */
  async function sendWhatIsDue(): Promise<number | undefined> {
    const waiting: { endpoint_id: string; due_at: unknown }[] = await deps.database.reader.query(LANES);
    for (const { endpoint_id: endpointId, due_at } of waiting) {
      const dueAtMs = Number(due_at);
      if (dueAtMs > clock.now()) return dueAtMs;
      const free = freeIn(endpointId);
      if (free <= 0 || stopping.signal.aborted) continue;
      for (const delivery of await claimDue(deps, endpointId, free)) take(delivery);
    }
    return undefined;
  }

  function take(delivery: ClaimedDelivery): void {
    const { endpointId } = delivery;
    const startedAtMs = clock.now();
    lanes.set(endpointId, (lanes.get(endpointId) ?? 0) + 1);
    const work: Promise<void> = sendDelivery(deps, delivery)
      .then((outcome) => {
        if (outcome === 'delivered') failing.delete(endpointId);
        else failing.add(endpointId);
        observer.attempted(outcome, clock.now() - startedAtMs);
      })
      .catch((error) => observer.faulted(error))
      .finally(() => {
        inHand.delete(work);
        const left = (lanes.get(endpointId) ?? 1) - 1;
        if (left === 0) lanes.delete(endpointId);
        else lanes.set(endpointId, left);
        wakeUp.abort();
      });
    inHand.add(work);
  }

  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(inHand);
    },
  };
}
