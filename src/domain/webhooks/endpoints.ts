import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { AddressRefusedError } from '../../platform/http/index.ts';
import type { WebhookDeps } from './deps.ts';
import { type EndpointState, type Owner, type WebhookEndpoint, WebhookEndpointSchema } from './endpoint.ts';
import { type Alongside, lockEndpoint, moveEndpoint, recordChange } from './endpoint-changes.ts';
import { insertSecret } from './endpoint-secrets.ts';
import { EVENT_TYPES } from './event-types.ts';
import { checkSecret, newSecret } from './secrets.ts';

export const MOST_ENDPOINTS_OF_AN_OWNER = 10;
const LONGEST_URL = 500;

export interface NewEndpoint extends Owner {
  url: string;
  /** Left out or empty: all. */
  eventTypes?: readonly string[];
  /** Given by the owner; left out: one is made. */
  secret?: string;
  actor: string;
  /** Why; `added` where nobody says. */
  reason?: string;
  /** Given the new endpoint and its secret. */
  alongside?: (tx: Tx, endpoint: WebhookEndpoint, secret: string) => Promise<unknown>;
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
  const known: readonly string[] = EVENT_TYPES[input.ownerKind];
  const unknown = eventTypes.find((type) => !known.includes(type));
  if (unknown !== undefined) throw new Refusal('webhook.unknown-event', { unknown, known: known.join(', ') });
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
    reason: (input.reason ?? 'added').slice(0, 255),
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
    await input.alongside?.(tx, endpoint, secret);
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
  input: { endpointId: string; to: EndpointState; actor: string; reason: string; alongside?: Alongside },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, input.endpointId);
    if (endpoint.state === input.to) throw new Refusal('webhook.endpoint-unchanged', { state: input.to });
    await moveEndpoint(deps, tx, endpoint, input.to, input);
    await input.alongside?.(tx);
  });
}

export async function listEndpoints({ database }: WebhookDeps, owner?: Owner): Promise<WebhookEndpoint[]> {
  return database.reader.find(WebhookEndpointSchema, { ...(owner ? { where: owner } : {}), order: { id: 'ASC' } });
}
