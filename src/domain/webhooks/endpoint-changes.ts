import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { WebhookDeliverySchema } from './delivery.ts';
import type { WebhookDeps } from './deps.ts';
import {
  EndpointChangeSchema,
  type EndpointState,
  endpointStates,
  type WebhookEndpoint,
  WebhookEndpointSchema,
} from './endpoint.ts';

/** What is to be committed with a change, such as an entry of the audit log. */
export type Alongside = (tx: Tx) => Promise<unknown>;

/** The one way in which an endpoint's state changes. Disabled, it drops what was waiting for it. */
export async function moveEndpoint(
  deps: Pick<WebhookDeps, 'runtime'>,
  tx: Tx,
  endpoint: WebhookEndpoint,
  to: EndpointState,
  cause: { actor: string; reason: string },
): Promise<void> {
  endpointStates.assert(endpoint.state, to);
  const now = deps.runtime.clock.now();
  const reason = cause.reason.slice(0, 255);
  await tx.update(WebhookEndpointSchema, { id: endpoint.id }, { state: to, reason, changedAtMs: now });
  if (to === 'disabled') {
    const waiting = { endpointId: endpoint.id, state: 'waiting' as const };
    await tx.update(WebhookDeliverySchema, waiting, { state: 'dropped', claimedBy: null, finishedAtMs: now });
  }
  await recordChange(deps, tx, endpoint.id, to, cause);
}

export async function lockEndpoint(tx: Tx, id: string): Promise<WebhookEndpoint> {
  const endpoint = await tx.lockOne(WebhookEndpointSchema, { id });
  if (!endpoint) throw new Refusal('webhook.endpoint-unknown');
  return endpoint;
}

export function recordChange(
  { runtime }: Pick<WebhookDeps, 'runtime'>,
  tx: Tx,
  endpointId: string,
  change: string,
  { actor, reason = '' }: { actor: string; reason?: string },
): Promise<void> {
  return tx.insert(EndpointChangeSchema, {
    id: runtime.ids.next(),
    endpointId,
    change,
    actor: actor.slice(0, 48),
    reason: reason.slice(0, 255),
    atMs: runtime.clock.now(),
  });
}
