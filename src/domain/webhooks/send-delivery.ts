import { invariant } from '../../kernel/index.ts';
import { HttpFault } from '../../platform/http/index.ts';
import type { ClaimedDelivery } from './claim.ts';
import {
  type DeliveryState,
  deliveryStates,
  WebhookAttemptSchema,
  WebhookDeliverySchema,
  WebhookEventSchema,
} from './delivery.ts';
import type { WebhookDeps } from './deps.ts';
import { WebhookEndpointSchema } from './endpoint.ts';
import { moveEndpoint } from './endpoint-changes.ts';
import { signingSecrets } from './endpoint-secrets.ts';
import { signedHeaders } from './secrets.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After each try that failed; after the last the delivery has failed. As Standard Webhooks publishes it. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

const KEPT_BYTES = 1_024;

/** `gone`: the endpoint answered 410 and is told nothing more. */
export type AttemptOutcome = 'delivered' | 'failed' | 'gone';

interface Answer {
  /** Null: none came. */
  status: number | null;
  text: string;
  durationMs: number;
}

/** Makes the one attempt that was claimed, and keeps what came back. A repeat goes under the same `webhook-id`. */
export async function sendDelivery(deps: WebhookDeps, claimed: ClaimedDelivery): Promise<AttemptOutcome> {
  const { reader } = deps.database;
  const endpoint = await reader.findOne(WebhookEndpointSchema, { where: { id: claimed.endpointId } });
  const event = await reader.findOne(WebhookEventSchema, { where: { id: claimed.eventId } });
  invariant(endpoint && event, 'a delivery has its endpoint and its event');
  if (endpoint.state === 'disabled') {
    await keep(deps, claimed, { status: null, text: 'the endpoint is disabled', durationMs: 0 }, 'dropped');
    return 'failed';
  }
  const answer = await request(deps, endpoint.url, event.id, event.body, await signingSecrets(deps, endpoint.id));
  const { status } = answer;
  if (status !== null && status >= 200 && status < 300) {
    await keep(deps, claimed, answer, 'delivered');
    return 'delivered';
  }
  if (status === 410) {
    await keepGone(deps, claimed, answer);
    return 'gone';
  }
  await keep(deps, claimed, answer, claimed.tries > RETRY_DELAYS_MS.length ? 'failed' : 'waiting');
  return 'failed';
}

async function request(
  { runtime, webhookHttp, webhookSettings }: WebhookDeps,
  url: string,
  id: string,
  body: string,
  secrets: readonly string[],
): Promise<Answer> {
  const startedAtMs = runtime.clock.now();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Malipo-Webhooks/1',
    ...signedHeaders({ id, atMs: startedAtMs, body }, secrets),
  };
  const outcome = await webhookHttp
    .request({
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs: webhookSettings.timeoutMs,
      cutAnswerAtBytes: KEPT_BYTES,
    })
    .then(
      (answer) => ({ status: answer.status, text: answer.body }),
      (error: unknown) => {
        if (error instanceof HttpFault) return { status: null, text: error.message };
        throw error;
      },
    );
  return { ...outcome, durationMs: runtime.clock.now() - startedAtMs };
}

async function keep(
  { runtime, database }: WebhookDeps,
  claimed: ClaimedDelivery,
  answer: Answer,
  to: DeliveryState,
): Promise<void> {
  const now = runtime.clock.now();
  await database.transaction(async (tx) => {
    await tx.update(WebhookAttemptSchema, { id: claimed.attemptId }, attemptPatch(answer));
    const delivery = await tx.lockOne(WebhookDeliverySchema, { id: claimed.id });
    // Its lease ran out and another attempt is under way, or its endpoint was disabled: what came back is kept, and that is all.
    if (delivery?.claimedBy !== claimed.claimedBy) return;
    deliveryStates.assert(delivery.state, to);
    const waits = to === 'waiting';
    const dueAtMs = waits ? now + (RETRY_DELAYS_MS[claimed.tries - 1] ?? 0) : now;
    const patch = { state: to, claimedBy: null, dueAtMs, finishedAtMs: waits ? null : now };
    await tx.update(WebhookDeliverySchema, { id: claimed.id }, patch);
  });
}

async function keepGone(deps: WebhookDeps, claimed: ClaimedDelivery, answer: Answer): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await tx.update(WebhookAttemptSchema, { id: claimed.attemptId }, attemptPatch(answer));
    const endpoint = await tx.lockOne(WebhookEndpointSchema, { id: claimed.endpointId });
    if (endpoint?.state !== 'enabled') return;
    const reason = `it answered 410 to event ${claimed.eventId}`;
    await moveEndpoint(deps, tx, endpoint, 'disabled', { actor: 'service', reason });
  });
  deps.log.warn({ endpointId: claimed.endpointId }, 'a webhook endpoint answered 410 and is disabled');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

function attemptPatch({ status, text, durationMs }: Answer) {
  return { status, durationMs, answer: text.replace(UNFIT, ' ').slice(0, KEPT_BYTES) };
}
