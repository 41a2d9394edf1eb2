import type { Runtime } from '../../kernel/index.ts';
import {
  GRACE_MS,
  type LaneState,
  LEAST_SPEED,
  MOST_MISSES,
  PAUSE_MS,
  type Pace,
  type PaceLimit,
  PROBE_MS,
  RECOVERY_MS,
  type Turn,
} from './pace.ts';

/** The pace of a single process. Lanes are few: they are named in the code. */
export function memoryPace({ clock }: Pick<Runtime, 'clock'>): Pace {
  const lanes = new Map<string, LaneState>();
  const change = async (lane: string, limit: PaceLimit, to: (state: LaneState, now: number) => LaneState) => {
    const now = clock.now();
    lanes.set(lane, to(refilled(lanes.get(lane), limit, now), now));
  };
  return {
    async take(lane, limit, turn) {
      const now = clock.now();
      const state = refilled(lanes.get(lane), limit, now);
      const { waitMs, next } = takeFrom(state, limit, turn, now);
      lanes.set(lane, next);
      return waitMs;
    },
    slowDown: (lane, limit) => change(lane, limit, slowed),
    missed: (lane, limit) => change(lane, limit, missed),
    reached: (lane, limit) => change(lane, limit, (state) => ({ ...state, ...REACHED })),
    outOfReachSince: async (lane) => lanes.get(lane)?.lostAtMs || undefined,
  };
}

function speedAt({ speed, slowedAtMs }: LaneState, now: number): number {
  return Math.min(1, speed + Math.max(0, now - slowedAtMs) / RECOVERY_MS);
}

const REACHED = { misses: 0, lostAtMs: 0, probeAtMs: 0 };

/** Places that have come since, none of them during a pause. */
function refilled(state: LaneState | undefined, { perSecond, burst }: PaceLimit, now: number): LaneState {
  if (!state) return { places: burst, atMs: now, speed: 1, slowedAtMs: 0, firstUntilMs: 0, ...REACHED };
  const sinceMs = Math.max(0, now - Math.max(state.atMs, state.slowedAtMs === 0 ? 0 : state.slowedAtMs + PAUSE_MS));
  const places = Math.min(burst, state.places + (sinceMs / 1_000) * perSecond * speedAt(state, now));
  return { ...state, places, atMs: Math.max(now, state.atMs) };
}

function takeFrom(
  state: LaneState,
  { perSecond }: PaceLimit,
  turn: Turn,
  now: number,
): { waitMs: number; next: LaneState } {
  const pauseMs = state.slowedAtMs === 0 ? 0 : Math.max(0, state.slowedAtMs + PAUSE_MS - now);
  const needed = turn === 'later' && state.firstUntilMs > now ? 2 : 1;
  const probeMs = state.lostAtMs === 0 ? 0 : Math.max(0, state.probeAtMs - now);
  if (pauseMs === 0 && probeMs === 0 && state.places >= needed) {
    const probeAtMs = state.lostAtMs === 0 ? 0 : now + PROBE_MS;
    const next = { ...state, places: state.places - 1, probeAtMs };
    return { waitMs: 0, next: turn === 'first' ? { ...next, firstUntilMs: 0 } : next };
  }
  const missing = Math.max(0, needed - state.places);
  const paceMs = pauseMs + (missing / (perSecond * speedAt(state, now))) * 1_000;
  const waitMs = Math.ceil(Math.max(1, paceMs, probeMs));
  const firstUntilMs = turn === 'first' ? Math.max(state.firstUntilMs, now + waitMs + GRACE_MS) : state.firstUntilMs;
  return { waitMs, next: { ...state, firstUntilMs } };
}

function slowed(state: LaneState, now: number): LaneState {
  if (state.slowedAtMs !== 0 && now - state.slowedAtMs < PAUSE_MS) return state;
  return { ...state, places: 0, speed: Math.max(LEAST_SPEED, speedAt(state, now) / 2), slowedAtMs: now };
}

function missed(state: LaneState, now: number): LaneState {
  const misses = state.misses + 1;
  if (misses < MOST_MISSES || state.lostAtMs !== 0) return { ...state, misses };
  return { ...state, misses, lostAtMs: now, probeAtMs: now + PROBE_MS };
}
