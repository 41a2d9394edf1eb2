import { newToken, type Runtime, sleep, withDeadline } from '../../kernel/index.ts';
import { defineScript, type RedisClient } from '../redis/index.ts';
import type { SharedTokens } from './shared-token.ts';
import { keptForMs, REFRESH_TIMEOUT_MS } from './token-margin.ts';

/** Longer than a refresh may take. A holder that died frees the lock by it. */
const LOCK_MS = REFRESH_TIMEOUT_MS + 5_000;
/** Long enough for one holder to die and the next to refresh. */
const PATIENCE_MS = 2 * LOCK_MS;
const POLL_MS = 50;

/** Stores the token and opens the lock, unless another has taken the lock meanwhile: then its token is the newer one. */
const STORE = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1`;

const DELETE_IF_EQUAL = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

export type TokenRuntime = Pick<Runtime, 'clock' | 'chance'>;

/**
 * Tokens shared over processes. Some operators invalidate the token before when they give a new one, so two refreshes
 * at once would take each other's token away: one holds a lock, everybody else waits for its result.
 */
export function redisTokens(runtime: TokenRuntime, client: RedisClient): SharedTokens {
  const store = defineScript(client, 2, STORE);
  const deleteIfEqual = defineScript(client, 1, DELETE_IF_EQUAL);
  const underWay = new Map<string, Promise<string>>();
  return {
    async get(name, refresh) {
      const found = await client.get(keyOf(name));
      if (found !== null) return found;
      // Callers within this process wait for one of them instead of polling side by side.
      let obtaining = underWay.get(name);
      if (!obtaining) {
        obtaining = obtain(name, refresh).finally(() => underWay.delete(name));
        underWay.set(name, obtaining);
      }
      return obtaining;
    },
    async forget(name, token) {
      await deleteIfEqual(keyOf(name), token);
    },
  };

  async function obtain(name: string, refresh: Parameters<SharedTokens['get']>[1]): Promise<string> {
    const giveUpAtMs = runtime.clock.now() + PATIENCE_MS;
    const owner = newToken(runtime.chance);
    do {
      const locked = await client.set(lockOf(name), owner, 'PX', LOCK_MS, 'NX');
      if (locked === 'OK') {
        const token = await refreshLocked(name, owner, refresh);
        if (token !== undefined) return token;
      } else await sleep(runtime.clock, POLL_MS + Math.floor(runtime.chance.fraction() * POLL_MS));
      const found = await client.get(keyOf(name));
      if (found !== null) return found;
    } while (runtime.clock.now() < giveUpAtMs);
    throw new Error(`no ${name} token: another process has been refreshing it for too long`);
  }

  /** Undefined when the lock was lost before the token could be stored. */
  async function refreshLocked(
    name: string,
    owner: string,
    refresh: Parameters<SharedTokens['get']>[1],
  ): Promise<string | undefined> {
    try {
      // The holder before may have stored one between our look and our lock.
      const found = await client.get(keyOf(name));
      if (found === null) {
        const { token, expiresInMs } = await withDeadline(runtime.clock, REFRESH_TIMEOUT_MS, refresh());
        const keptMs = Math.max(1, keptForMs(expiresInMs));
        return (await store(keyOf(name), lockOf(name), owner, token, String(keptMs))) === 1 ? token : undefined;
      }
      await deleteIfEqual(lockOf(name), owner);
      return found;
    } catch (error) {
      // Also when Redis itself failed: then the lock goes by its time.
      await deleteIfEqual(lockOf(name), owner).catch(() => {});
      throw error;
    }
  }
}

const keyOf = (name: string) => `token:{${name}}`;
const lockOf = (name: string) => `token:{${name}}:lock`;
