import { timingSafeEqual } from 'node:crypto';
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

/** Longer than any key; what is longer still fits none. */
const ROOM = 256;

/**
 * A key in a room of fixed size, filled up with zeros (which no key holds): two of them are compared in the same time,
 * whatever their lengths. Hashing both would do the same for three microseconds more a hop.
 */
function inRoom(key: string, room = Buffer.alloc(ROOM)): Buffer {
  room.fill(0, room.write(key, 'utf8'));
  return room;
}

/**
 * Guards the callback addresses of one provider by the secret in their path. Keys are compared in constant time, and
 * every key is compared, so it takes the same time whichever fits. The network comes first: from outside, a right key
 * looks like a wrong one.
 */
export function callbackGuard({ keys, networks, trustedProxies }: CallbackGuardOptions): CallbackGuard {
  invariant(keys.length > 0 && keys.every((key) => key !== ''), 'a callback guard needs a key');
  invariant(
    keys.every((key) => Buffer.byteLength(key) < ROOM && !key.includes('\0')),
    'a callback key is too long',
  );
  const accepted = keys.map((key) => inRoom(key));
  const scratch = Buffer.alloc(ROOM);
  return ({ req }, key) => {
    if (!networks.isEmpty) {
      const source = sourceAddress(req, trustedProxies);
      if (source === undefined || !networks.has(source)) throw new HttpError(403);
    }
    const given = inRoom(key ?? '', scratch);
    let fits = false;
    for (const one of accepted) fits = timingSafeEqual(one, given) || fits;
    // A zero of the sender's own would pass for the filling.
    if (!fits || key?.includes('\0')) throw new HttpError(404);
  };
}
