import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import {
  addEndpoint,
  askToResendSince,
  type EndpointState,
  resendDelivery,
  rotateSecret,
  setEndpointState,
  testEndpoint,
  type WebhookAttempt,
  type WebhookDeps,
  type WebhookEndpoint,
} from '../webhooks/index.ts';
import type { SupportDeps } from './deps.ts';

type Deps = SupportDeps & WebhookDeps;

interface EndpointAct {
  endpointId: string;
  reason: string;
}

/** Gives a biller another address; its secret is told this once. Refuses with `webhook.*`. */
export function addWebhookEndpoint(
  deps: Deps,
  actor: Actor,
  {
    billerId,
    url,
    eventTypes,
    reason,
  }: { billerId: string; url: string; eventTypes: readonly string[]; reason: string },
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  return addEndpoint(deps, {
    ...{ ownerKind: 'biller', ownerId: billerId, url, eventTypes, reason, actor: actor.id },
    alongside: (tx, { id }) => {
      // What stands behind a question mark may be a key of the biller's.
      const { origin, pathname } = new URL(url);
      const after = { billerId, url: origin + pathname, eventTypes };
      return record(deps, tx, actor, { endpointId: id, reason }, 'webhook.endpoint-added', { after });
    },
  });
}

/** Makes a new secret, told this once; the one before signs beside it for `overlapMs`. Refuses with `webhook.*`. */
export function rotateWebhookSecret(
  deps: Deps,
  actor: Actor,
  { overlapMs, ...act }: EndpointAct & { overlapMs: number },
): Promise<{ secret: string; oldEndsAtMs: number }> {
  return rotateSecret(deps, {
    ...{ endpointId: act.endpointId, actor: actor.id, overlapMs },
    alongside: (tx) => record(deps, tx, actor, act, 'webhook.secret-rotated', { after: { overlapMs } }),
  });
}

/** Tells an endpoint nothing more, or something again. Refuses with `webhook.*`. */
export function switchWebhookEndpoint(
  deps: Deps,
  actor: Actor,
  { to, ...act }: EndpointAct & { to: EndpointState },
): Promise<void> {
  const before = { state: to === 'enabled' ? 'disabled' : 'enabled' };
  return setEndpointState(deps, {
    ...{ ...act, to, actor: actor.id },
    alongside: (tx) => record(deps, tx, actor, act, `webhook.endpoint-${to}`, { before, after: { state: to } }),
  });
}

/** Tells it `endpoint.test`, and gives what came back. Refuses with `webhook.*`. */
export function tryWebhookEndpoint(deps: Deps, actor: Actor, act: EndpointAct): Promise<WebhookAttempt | undefined> {
  return testEndpoint(deps, act.endpointId, (tx) => record(deps, tx, actor, act, 'webhook.endpoint-tested', {}));
}

/** Has it told everything since then that it did not take. Refuses with `webhook.*`. */
export function resendWebhooksSince(
  deps: Deps,
  actor: Actor,
  { sinceMs, ...act }: EndpointAct & { sinceMs: number },
): Promise<void> {
  return askToResendSince(deps, { endpointId: act.endpointId, sinceMs }, (tx) =>
    record(deps, tx, actor, act, 'webhook.resent-since', { after: { since: new Date(sinceMs).toISOString() } }),
  );
}

/** A webhook is sent again, whatever became of it. Refuses with `webhook.*`. */
export async function resendWebhook(
  deps: Deps,
  actor: Actor,
  { deliveryId, reason }: { deliveryId: string; reason: string },
): Promise<void> {
  const subject = { kind: 'webhook', id: deliveryId };
  await resendDelivery(deps, deliveryId, (tx) =>
    recordAct(deps, tx, { actor, act: 'webhook.resent', subject, reason }),
  );
}

function record(
  deps: Deps,
  tx: Tx,
  actor: Actor,
  { endpointId, reason }: EndpointAct,
  act: string,
  states: { before?: Readonly<Record<string, unknown>>; after?: Readonly<Record<string, unknown>> },
): Promise<unknown> {
  return recordAct(deps, tx, { actor, act, subject: { kind: 'webhook-endpoint', id: endpointId }, reason, ...states });
}
