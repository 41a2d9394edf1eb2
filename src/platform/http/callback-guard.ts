import { hash, timingSafeEqual } from 'node:crypto';
import { invariant } from '../../kernel/index.ts';
import type { WithRequest } from './body.ts';
import { HttpError } from './http-error.ts';
import { type Networks, sourceAddress } from './networks.ts';

export interface CallbackGuardOptions {
  /** The current key, then the previous one while it is still accepted. */
  keys: readonly string[];
  /** Networks that may call; empty: any. */
  networks: Networks;
  trustedProxies: Networks;
}

/** Throws `HttpError` 403 for a source outside the networks, 404 for a wrong key. The key is never logged. */
export type CallbackGuard = (request: WithRequest, key: string | undefined) => void;

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Guards the callback addresses of one provider by the secret in their path. Both sides are hashed, so the comparison takes the
 * same time whatever the key's length, and every key is compared, so it takes the same time whichever fits. The
 * network comes first: from outside, a right key looks like a wrong one.
 */
export function callbackGuard({ keys, networks, trustedProxies }: CallbackGuardOptions): CallbackGuard {
  invariant(keys.length > 0 && keys.every((key) => key !== ''), 'a callback guard needs a key');
  const accepted = keys.map(digest);
  return ({ req }, key) => {
    if (!networks.isEmpty) {
      const source = sourceAddress(req, trustedProxies);
      if (source === undefined || !networks.has(source)) throw new HttpError(403);
    }
    const given = digest(key ?? '');
    let fits = false;
    for (const one of accepted) fits = timingSafeEqual(one, given) || fits;
    if (!fits) throw new HttpError(404);
  };
}
