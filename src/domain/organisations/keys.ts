import { createHash, timingSafeEqual } from 'node:crypto';
import { IsNull, MoreThan } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import { type ApiKey, ApiKeySchema, KEY_SCOPES, type KeyScope } from './api-key.ts';
import { type OrganisationDeps, recordOrganisationAct } from './deps.ts';
import { lockOrganisation } from './may-pay.ts';

/** That count at once. */
const MOST_KEYS = 20;
const MOST_LISTED = 100;
/** For how long a key that was replaced goes on beside the new one. */
export const KEY_OVERLAP_MS = 86_400_000;
/** `last used` is written this often at most, so that a request costs a read. */
const USED_EVERY_MS = 60_000;
const HINT_BYTES = 4;
const SECRET_BYTES = 32;
const SHAPE = /^mlp_[0-9a-f]{8}_[0-9a-f]{64}$/;

/** A key that was just made. `secret` is the whole of it, shown this once. */
export interface MadeKey {
  key: ApiKey;
  secret: string;
}

export const scopesOf = ({ scopes }: Pick<ApiKey, 'scopes'>): KeyScope[] => scopes.split(' ') as KeyScope[];

/** Long and random, so a plain hash keeps it. */
const hashKey = (presented: string): string => createHash('sha256').update(presented).digest('hex');

interface NewKey {
  organisationId: string;
  name: string;
  scopes: readonly string[];
  reason: string;
}

/** Refuses with `organisation.not-found`, `key.malformed-name`, `key.no-scope` and `key.too-many` (`{most}`). */
export async function createKey(deps: OrganisationDeps, actor: Actor, input: NewKey): Promise<MadeKey> {
  const { organisationId, reason } = input;
  const name = input.name.trim().replace(/\s+/g, ' ');
  if (name.length < 2 || name.length > 80) throw new Refusal('key.malformed-name');
  const scopes = KEY_SCOPES.filter((scope) => input.scopes.includes(scope));
  if (scopes.length === 0 || scopes.length !== new Set(input.scopes).size) throw new Refusal('key.no-scope');
  return deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const made = await insertKey(deps, tx, { organisationId, name, scopes: scopes.join(' '), createdBy: actor.id });
    const after = { key: made.key.hint, name, scopes };
    await recordOrganisationAct(deps, tx, organisationId, { actor, act: 'key.created', reason, after });
    return made;
  });
}

interface KeyAct {
  organisationId: string;
  keyId: string;
  reason: string;
}

/** A new key of the same name and scopes; the old one ends after `KEY_OVERLAP_MS`. Refuses with `key.not-found`, `key.ended` (already replaced or withdrawn) and `key.too-many`. */
export function rotateKey(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, keyId, reason }: KeyAct,
): Promise<MadeKey & { oldEndsAtMs: number }> {
  return deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const old = await lockKey(tx, { id: keyId, organisationId });
    if (old.endsAtMs !== null) throw new Refusal('key.ended');
    const oldEndsAtMs = deps.runtime.clock.now() + KEY_OVERLAP_MS;
    const { name, scopes } = old;
    const made = await insertKey(deps, tx, { organisationId, name, scopes, createdBy: actor.id });
    await tx.update(ApiKeySchema, { id: old.id }, { endsAtMs: oldEndsAtMs });
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'key.rotated', reason },
      ...{ before: { key: old.hint }, after: { key: made.key.hint, oldEndsAtMs } },
    });
    return { ...made, oldEndsAtMs };
  });
}

/** It is refused from the commit on. Refuses with `key.not-found` and `key.ended` (past its end already). */
export async function withdrawKey(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, keyId, reason }: KeyAct,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const key = await lockKey(tx, { id: keyId, organisationId });
    const now = deps.runtime.clock.now();
    if (key.endsAtMs !== null && key.endsAtMs <= now) throw new Refusal('key.ended');
    await tx.update(ApiKeySchema, { id: key.id }, { endsAtMs: now });
    const before = { key: key.hint, name: key.name };
    await recordOrganisationAct(deps, tx, organisationId, { actor, act: 'key.withdrawn', reason, before });
  });
}

/** The newest first, those that ended too. */
export function listKeys({ database }: Pick<OrganisationDeps, 'database'>, organisationId: string): Promise<ApiKey[]> {
  return database.reader.find(ApiKeySchema, {
    ...{ where: { organisationId }, order: { createdAtMs: 'DESC', id: 'DESC' }, take: MOST_LISTED },
  });
}

/** The key that was presented, if it counts now; undefined for whatever is none. Its organisation's state is for whoever asks to look at. */
export async function findKey(
  { database, runtime }: Pick<OrganisationDeps, 'database' | 'runtime'>,
  presented: string,
): Promise<ApiKey | undefined> {
  if (!SHAPE.test(presented)) return undefined;
  const keyHash = hashKey(presented);
  const key = await database.reader.findOne(ApiKeySchema, { where: { keyHash } });
  const now = runtime.clock.now();
  // Found by its hash, of which nobody can make a near miss; compared in constant time all the same.
  if (!key || !timingSafeEqual(Buffer.from(key.keyHash), Buffer.from(keyHash))) return undefined;
  if (key.endsAtMs !== null && key.endsAtMs <= now) return undefined;
  if (key.lastUsedAtMs === null || key.lastUsedAtMs + USED_EVERY_MS <= now) {
    await database.transaction((tx) => tx.update(ApiKeySchema, { id: key.id }, { lastUsedAtMs: now }));
  }
  return key;
}

async function lockKey(tx: Tx, where: { id: string; organisationId: string }): Promise<ApiKey> {
  const key = await tx.lockOne(ApiKeySchema, where);
  if (!key) throw new Refusal('key.not-found');
  return key;
}

/** With the organisation's row locked, so that the count holds. */
async function insertKey(
  { runtime: { ids, clock, chance } }: OrganisationDeps,
  tx: Tx,
  given: Pick<ApiKey, 'organisationId' | 'name' | 'scopes' | 'createdBy'>,
): Promise<MadeKey> {
  const { organisationId } = given;
  const now = clock.now();
  const where = [
    { organisationId, endsAtMs: IsNull() },
    { organisationId, endsAtMs: MoreThan(now) },
  ];
  if ((await tx.manager.count(ApiKeySchema, { where })) >= MOST_KEYS) {
    throw new Refusal('key.too-many', { most: MOST_KEYS });
  }
  const hint = chance.bytes(HINT_BYTES).toString('hex');
  const secret = `mlp_${hint}_${chance.bytes(SECRET_BYTES).toString('hex')}`;
  const key: ApiKey = {
    ...{ id: ids.next(), ...given, hint, keyHash: hashKey(secret), createdAtMs: now },
    ...{ lastUsedAtMs: null, endsAtMs: null },
  };
  await tx.insert(ApiKeySchema, key);
  return { key, secret };
}
