import { defineScript, type RedisClient } from '../redis/index.ts';
import type { SessionStore, TurnStored } from './session-store.ts';
import { ANSWERS_KEPT, type SessionTimes } from './session-times.ts';

/**
 * One hash a session: `v` version, `s` state, and `t:<turn key>` the answer that each turn got. Beside it, under the same hash
 * tag, the number's last dial as a string. `{+254...}` is the tag: both live on one node of a cluster.
 */
const READ_FIRST = `
local read = redis.call('HMGET', KEYS[1], 'v', 's', ARGV[1])
read[4] = redis.call('GET', KEYS[2])
return read`;

/**
 * Returns 1 when stored; else the answer that this turn already had, or nil. The times are part of the text: each argument more
 * costs every hop.
 */
const storeTurnScript = ({ sessionTtlMs, dialTtlMs }: SessionTimes) => `
local version = redis.call('HGET', KEYS[1], 'v') or '0'
if version ~= ARGV[1] then return redis.call('HGET', KEYS[1], ARGV[2]) end
if version ~= '0' and version % ${ANSWERS_KEPT} == 0 then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'v', string.format('%d', version + 1), 's', ARGV[3], ARGV[2], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ${sessionTtlMs})
redis.call('SET', KEYS[2], ARGV[5], 'PX', ${dialTtlMs})
return 1`;

const REPLACE_DIAL = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`;

const sessionKeyOf = (msisdn: string, sessionKey: string) => `ussd:{${msisdn}}:s:${sessionKey}`;
const dialKeyOf = (msisdn: string) => `ussd:{${msisdn}}:dial`;

export function redisSessions(client: RedisClient, times: SessionTimes): SessionStore {
  const readFirst = defineScript(client, 2, READ_FIRST);
  const storeTurn = defineScript(client, 2, storeTurnScript(times));
  const replaceDial = defineScript(client, 1, REPLACE_DIAL);
  return {
    async read(msisdn, sessionKey, turnKey) {
      const read = await client.hmget(sessionKeyOf(msisdn, sessionKey), 'v', 's', `t:${turnKey}`);
      return { session: toSession(read[0], read[1]), answered: read[2] ?? undefined };
    },
    async readFirst(msisdn, sessionKey, turnKey) {
      const reply = await readFirst(sessionKeyOf(msisdn, sessionKey), dialKeyOf(msisdn), `t:${turnKey}`);
      const read = reply as (string | null)[];
      return { session: toSession(read[0], read[1]), answered: read[2] ?? undefined, dial: read[3] ?? undefined };
    },
    async storeTurn(msisdn, sessionKey, { expectedVersion, turnKey, state, answer, dial }): Promise<TurnStored> {
      const reply = await storeTurn(
        sessionKeyOf(msisdn, sessionKey),
        dialKeyOf(msisdn),
        String(expectedVersion),
        `t:${turnKey}`,
        state,
        answer,
        dial,
      );
      if (reply === 1) return STORED;
      return { stored: false, answered: typeof reply === 'string' ? reply : undefined };
    },
    async readDial(msisdn) {
      return (await client.get(dialKeyOf(msisdn))) ?? undefined;
    },
    async replaceDial(msisdn, expected, replacement) {
      return (await replaceDial(dialKeyOf(msisdn), expected, replacement)) === 1;
    },
    async ping() {
      await client.ping();
    },
    /** The client belongs to who made it. */
    async close() {},
  };
}

const STORED: TurnStored = { stored: true };

function toSession(version: string | null | undefined, state: string | null | undefined) {
  return typeof version === 'string' && typeof state === 'string' ? { version: Number(version), state } : undefined;
}
