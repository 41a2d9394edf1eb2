import { createHash } from 'node:crypto';
import type { RedisClient } from './connect-redis.ts';

/** Runs a Lua script as one atomic step; keys first, then arguments. Its keys must share a hash tag (Redis Cluster). */
export type RedisScript = (...keysAndArguments: string[]) => Promise<unknown>;

/**
 * Binds a script to a client. Sent by its hash; with its text once when a server does not know it (started anew,
 * failed over). ioredis's own `defineCommand` does the same for a microsecond more a call.
 */
export function defineScript(client: RedisClient, numberOfKeys: number, lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (...keysAndArguments) => {
    try {
      return await client.evalsha(sha, numberOfKeys, ...keysAndArguments);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return client.eval(lua, numberOfKeys, ...keysAndArguments);
    }
  };
}
