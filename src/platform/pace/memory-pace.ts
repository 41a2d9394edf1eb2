import type { Runtime } from '../../kernel/index.ts';
import {
  GRACE_MS,
  type LaneState,
  LEAST_SPEED,
  PAUSE_MS,
  type Pace,
  type PaceLimit,
  RECOVERY_MS,
  type Turn,
} from './pace.ts';

/** The pace of a single process. Lanes are few: they are named in the code. */
export function memoryPace({ clock }: Pick<Runtime, 'clock'>): Pace {
  const lanes = new Map<string, LaneState>();
  return {
    async take(lane, limit, turn) {
      const now = clock.now();
      const state = refilled(lanes.get(lane), limit, now);
      const { waitMs, next } = takeFrom(state, limit, turn, now);
      lanes.set(lane, next);
      return waitMs;
    },
    async slowDown(lane, limit) {
      const now = clock.now();
      lanes.set(lane, slowed(refilled(lanes.get(lane), limit, now), now));
    },
  };
}

function speedAt({ speed, slowedAtMs }: LaneState, now: number): number {
  return Math.min(1, speed + Math.max(0, now - slowedAtMs) / RECOVERY_MS);
}

/** Places that have come since, none of them during a pause. */
function refilled(state: LaneState | undefined, { perSecond, burst }: PaceLimit, now: number): LaneState {
  if (!state) return { places: burst, atMs: now, speed: 1, slowedAtMs: 0, firstUntilMs: 0 };
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
  if (pauseMs === 0 && state.places >= needed) {
    return { waitMs: 0, next: { ...state, places: state.places - 1, ...(turn === 'first' && { firstUntilMs: 0 }) } };
  }
  const missing = Math.max(0, needed - state.places);
  const waitMs = Math.ceil(Math.max(1, pauseMs + (missing / (perSecond * speedAt(state, now))) * 1_000));
  const firstUntilMs = turn === 'first' ? Math.max(state.firstUntilMs, now + waitMs + GRACE_MS) : state.firstUntilMs;
  return { waitMs, next: { ...state, firstUntilMs } };
}

function slowed(state: LaneState, now: number): LaneState {
  if (state.slowedAtMs !== 0 && now - state.slowedAtMs < PAUSE_MS) return state;
  return { ...state, places: 0, speed: Math.max(LEAST_SPEED, speedAt(state, now) / 2), slowedAtMs: now };
}
