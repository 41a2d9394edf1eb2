import type { Runtime } from '../../kernel/index.ts';
import { defineScript, type RedisClient } from '../redis/index.ts';
import type { Tallies } from './tallies.ts';

/** A count and its window's end in one step: a counter without an end would refuse for ever. */
const ADD = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}`;

const redisKeyOf = (key: string) => `tally:${key}`;

/** Tallies that all processes share. */
export function redisTallies({ clock }: Pick<Runtime, 'clock'>, client: RedisClient): Tallies {
  const add = defineScript(client, 1, ADD);
  return {
    async read(key) {
      const count = await client.get(redisKeyOf(key));
      if (count === null) return undefined;
      // Hardly ever: most keys were never counted, and cost one read.
      const leftMs = await client.pttl(redisKeyOf(key));
      return leftMs > 0 ? { count: Number(count), endsAtMs: clock.now() + leftMs } : undefined;
    },
    async add(key, windowMs) {
      const [count, leftMs] = (await add(redisKeyOf(key), String(windowMs))) as [number, number];
      return { count, endsAtMs: clock.now() + leftMs };
    },
    async forget(key) {
      await client.del(redisKeyOf(key));
    },
  };
}
