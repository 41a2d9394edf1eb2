import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { AddressRefusedError } from '../../platform/http/index.ts';
import { WebhookDeliverySchema } from './delivery.ts';
import type { WebhookDeps } from './deps.ts';
import {
  EndpointChangeSchema,
  type EndpointState,
  endpointStates,
  type Owner,
  type WebhookEndpoint,
  WebhookEndpointSchema,
  WebhookSecretSchema,
} from './endpoint.ts';
import { EVENT_TYPES, isEventType } from './event-types.ts';
import { checkSecret, newSecret } from './secrets.ts';

export const MOST_ENDPOINTS_OF_AN_OWNER = 10;
const LONGEST_URL = 500;
/** Signatures that one request carries at most. */
const MOST_SECRETS = 3;

export interface NewEndpoint extends Owner {
  url: string;
  /** Left out or empty: all. */
  eventTypes?: readonly string[];
  /** Given by the owner; left out: one is made. */
  secret?: string;
  actor: string;
}

/**
 * Adds an address; its secret is shown this once. Refuses an address that would not be called (`webhook.address-refused`), unknown
 * events (`webhook.unknown-event`), a secret that is none (`webhook.bad-secret`), the same address twice and more than ten.
 */
export async function addEndpoint(
  deps: WebhookDeps,
  input: NewEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const { ids, clock, chance } = deps.runtime;
  const eventTypes = [...new Set(input.eventTypes ?? [])];
  const unknown = eventTypes.find((type) => !isEventType(type));
  if (unknown !== undefined) throw new Refusal('webhook.unknown-event', { unknown, known: EVENT_TYPES.join(', ') });
  const secret = input.secret === undefined ? newSecret(chance) : checkSecret(input.secret);
  await checkAddress(deps, input.url);
  const now = clock.now();
  const endpoint: WebhookEndpoint = {
    id: ids.next(),
    ownerKind: input.ownerKind,
    ownerId: input.ownerId,
    url: input.url,
    eventTypes: eventTypes.join(','),
    state: 'enabled',
    reason: 'added',
    createdAtMs: now,
    changedAtMs: now,
  };
  await deps.database.transaction(async (tx) => {
    const { ownerKind, ownerId } = input;
    const others = await tx.manager.find(WebhookEndpointSchema, { where: { ownerKind, ownerId } });
    if (others.length >= MOST_ENDPOINTS_OF_AN_OWNER) {
      throw new Refusal('webhook.too-many-endpoints', { most: MOST_ENDPOINTS_OF_AN_OWNER });
    }
    if (!(await tx.insertOnce(WebhookEndpointSchema, endpoint))) throw new Refusal('webhook.endpoint-exists');
    await insertSecret(deps, tx, endpoint.id, secret);
    await recordChange(deps, tx, endpoint.id, 'added', input);
  });
  return { endpoint, secret };
}

async function checkAddress({ webhookHttp }: WebhookDeps, url: string): Promise<void> {
  if (url.length > LONGEST_URL || url.includes('#'))
    throw new Refusal('webhook.address-refused', { why: 'not-an-address' });
  try {
    await webhookHttp.check(url);
  } catch (error) {
    const why = error instanceof AddressRefusedError ? error.why : 'unknown-host';
    throw new Refusal('webhook.address-refused', { why });
  }
}

/** Staff's decision. Refuses when it is in that state already, or is not there. */
export async function setEndpointState(
  deps: WebhookDeps,
  input: { endpointId: string; to: EndpointState; actor: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, input.endpointId);
    if (endpoint.state === input.to) throw new Refusal('webhook.endpoint-unchanged', { state: input.to });
    await moveEndpoint(deps, tx, endpoint, input.to, input);
  });
}

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

/** Makes a new secret; the one before signs beside it for `overlapMs`. The new one is shown this once. */
export async function rotateSecret(
  deps: WebhookDeps,
  input: { endpointId: string; actor: string; overlapMs?: number; secret?: string },
): Promise<{ secret: string; oldEndsAtMs: number }> {
  const { clock, chance } = deps.runtime;
  const secret = input.secret === undefined ? newSecret(chance) : checkSecret(input.secret);
  const oldEndsAtMs = clock.now() + (input.overlapMs ?? deps.webhookSettings.rotationMs);
  await deps.database.transaction(async (tx) => {
    await lockEndpoint(tx, input.endpointId);
    const signing = (await tx.manager.find(WebhookSecretSchema, { where: { endpointId: input.endpointId } })).filter(
      ({ endsAtMs }) => endsAtMs === null || endsAtMs > clock.now(),
    );
    if (signing.length >= MOST_SECRETS) throw new Refusal('webhook.too-many-secrets', { most: MOST_SECRETS });
    for (const { id, endsAtMs } of signing) {
      if (endsAtMs === null || endsAtMs > oldEndsAtMs)
        await tx.update(WebhookSecretSchema, { id }, { endsAtMs: oldEndsAtMs });
    }
    await insertSecret(deps, tx, input.endpointId, secret);
    const reason = `the one before ends ${new Date(oldEndsAtMs).toISOString()}`;
    await recordChange(deps, tx, input.endpointId, 'secret-rotated', { actor: input.actor, reason });
  });
  return { secret, oldEndsAtMs };
}

/** Every secret that signs now, the newest first. */
export async function signingSecrets(deps: WebhookDeps, endpointId: string): Promise<string[]> {
  const now = deps.runtime.clock.now();
  const secrets = await deps.database.reader.find(WebhookSecretSchema, {
    where: { endpointId },
    order: { id: 'DESC' },
  });
  return secrets
    .filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > now)
    .slice(0, MOST_SECRETS)
    .map(({ sealedSecret }) => deps.sealing.open(sealedSecret));
}

export async function listEndpoints({ database }: WebhookDeps, owner?: Owner): Promise<WebhookEndpoint[]> {
  return database.reader.find(WebhookEndpointSchema, { ...(owner ? { where: owner } : {}), order: { id: 'ASC' } });
}

async function lockEndpoint(tx: Tx, id: string): Promise<WebhookEndpoint> {
  const endpoint = await tx.lockOne(WebhookEndpointSchema, { id });
  if (!endpoint) throw new Refusal('webhook.endpoint-unknown');
  return endpoint;
}

function insertSecret({ runtime, sealing }: WebhookDeps, tx: Tx, endpointId: string, secret: string): Promise<void> {
  return tx.insert(WebhookSecretSchema, {
    id: runtime.ids.next(),
    endpointId,
    sealedSecret: sealing.seal(secret),
    createdAtMs: runtime.clock.now(),
    endsAtMs: null,
  });
}

function recordChange(
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
