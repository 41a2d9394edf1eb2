import type { Maker } from '../../domain/payout-batches/index.ts';
import { personOf } from '../../domain/staff/index.ts';
import type { ApiDomain } from './api-deps.ts';
import type { Caller } from './endpoint.ts';

/** Whoever made the key stands behind what is done by it. One that nobody's login has made stands for itself. */
export async function makerOf({ deps, key }: Caller & { deps: ApiDomain }): Promise<Maker> {
  return { id: (await personOf(deps, key.createdBy)) ?? key.id, keyId: key.id };
}
