import type { Runtime } from '../../kernel/index.ts';
import { defineScript, type RedisClient } from '../redis/index.ts';
import {
  GRACE_MS,
  IDLE_MS,
  LEAST_SPEED,
  MOST_MISSES,
  PAUSE_MS,
  type Pace,
  type PaceLimit,
  PROBE_MS,
  RECOVERY_MS,
} from './pace.ts';

/**
 * One step for all processes: what came since is added, and then a place is taken or the lane slowed. The rules are those of
 * memory-pace.ts, and the same tests hold for both. Numbers go back to the caller as whole milliseconds.
 */
const STEP = `
local act, now, per_second, burst = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local pause, recovery, least, grace, idle = ${PAUSE_MS}, ${RECOVERY_MS}, ${LEAST_SPEED}, ${GRACE_MS}, ${IDLE_MS}
local most_misses, between_probes = ${MOST_MISSES}, ${PROBE_MS}
local kept = redis.call('HMGET', KEYS[1], 'places', 'at', 'speed', 'slowed', 'first', 'misses', 'lost', 'probe')
local places, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
local speed, slowed, first = tonumber(kept[3]) or 1, tonumber(kept[4]) or 0, tonumber(kept[5]) or 0
local misses, lost, probe = tonumber(kept[6]) or 0, tonumber(kept[7]) or 0, tonumber(kept[8]) or 0
local current = math.min(1, speed + math.max(0, now - slowed) / recovery)
local paused = slowed == 0 and 0 or slowed + pause
local since = math.max(0, now - math.max(at, paused))
places = math.min(burst, places + since / 1000 * per_second * current)
at = math.max(now, at)
local wait = 0
if act == 'slow' then
  if slowed == 0 or now - slowed >= pause then
    places, speed, slowed = 0, math.max(least, current / 2), now
  end
elseif act == 'miss' then
  misses = misses + 1
  if misses >= most_misses and lost == 0 then lost, probe = now, now + between_probes end
elseif act == 'reach' then
  misses, lost, probe = 0, 0, 0
elseif act == 'look' then
  wait = lost
else
  local held = math.max(0, paused - now)
  local unprobed = lost == 0 and 0 or math.max(0, probe - now)
  local needed = 1
  if act == 'later' and first > now then needed = 2 end
  if held == 0 and unprobed == 0 and places >= needed then
    places = places - 1
    if lost ~= 0 then probe = now + between_probes end
    if act == 'first' then first = 0 end
  else
    wait = math.ceil(math.max(1, unprobed, held + math.max(0, needed - places) / (per_second * current) * 1000))
    if act == 'first' then first = math.max(first, now + wait + grace) end
  end
end
redis.call('HSET', KEYS[1], 'places', string.format('%.9f', places), 'at', string.format('%.0f', at),
  'speed', string.format('%.9f', speed), 'slowed', string.format('%.0f', slowed), 'first', string.format('%.0f', first),
  'misses', string.format('%.0f', misses), 'lost', string.format('%.0f', lost), 'probe', string.format('%.0f', probe))
redis.call('PEXPIRE', KEYS[1], idle)
return wait`;

/** The pace that all processes share. Their clocks may differ by a little: the one that is ahead counts. */
export function redisPace({ clock }: Pick<Runtime, 'clock'>, client: RedisClient): Pace {
  const step = defineScript(client, 1, STEP);
  const run = async (act: string, lane: string, { perSecond, burst }: PaceLimit): Promise<number> =>
    Number(await step(`pace:${lane}`, act, String(clock.now()), String(perSecond), String(burst)));
  return {
    take: (lane, limit, turn) => run(turn, lane, limit),
    slowDown: async (lane, limit) => void (await run('slow', lane, limit)),
    missed: async (lane, limit) => void (await run('miss', lane, limit)),
    reached: async (lane, limit) => void (await run('reach', lane, limit)),
    outOfReachSince: async (lane, limit) => (await run('look', lane, limit)) || undefined,
  };
}
