import type { Context } from 'koa';
import { Refusal } from '../../kernel/index.ts';
import { sourceAddress } from '../../platform/http/index.ts';
import type { OrganisationApiDeps } from './api-deps.ts';
import type { Caller } from './endpoint.ts';

const MINUTE_MS = 60_000;

/** Who asks, by the key that he carries. Refuses `request.unauthorised`, and `request.too-many` past the key's pace. */
export async function enter(deps: OrganisationApiDeps, ctx: Context): Promise<Caller> {
  const given = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(ctx.get('authorization'))?.[1];
  const found = given === undefined ? undefined : await deps.findKey(given);
  if (!found) throw new Refusal('request.unauthorised');
  const { key, organisation } = found;
  await countRequest(deps, key.id);
  const address = sourceAddress(ctx.req, deps.trustedProxies) ?? '';
  return { key, organisation, actor: { kind: 'key', id: key.id, address, scope: organisation.id } };
}

async function countRequest({ domain, log, requestsPerMinute }: OrganisationApiDeps, keyId: string): Promise<void> {
  const tally = await domain.tallies.add(`api:${keyId}`, MINUTE_MS).catch((error: unknown) => {
    // A limit on haste is not worth turning everybody away.
    log.warn({ err: error }, 'requests of the API are not counted');
    return undefined;
  });
  if (!tally || tally.count <= requestsPerMinute) return;
  const retryAfterS = Math.max(1, Math.ceil((tally.endsAtMs - domain.runtime.clock.now()) / 1_000));
  throw new Refusal('request.too-many', { retryAfterS, most: requestsPerMinute });
}
