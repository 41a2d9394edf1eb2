/** Whose turn it is where there are fewer places than wishes: `first` is never behind `later`. */
export type Turn = 'first' | 'later';

/** How many requests of one kind a provider takes. */
export interface PaceLimit {
  perSecond: number;
  /** At once, after a pause. */
  burst: number;
}

/**
 * Keeps requests of one kind within what a provider takes, over all processes that share the store. A lane is one kind at one
 * provider: `mpesa:payout`. Its state may be lost with the store at any time: then it begins with a whole burst, at full speed.
 * Throws when the store is out of reach.
 */
export interface Pace {
  /**
   * Takes a place: 0, and the request may go out now. Else nothing was taken, and it is worth asking again after so many
   * milliseconds. While anybody is waiting who comes first, one place is kept for him.
   */
  take(lane: string, limit: PaceLimit, turn: Turn): Promise<number>;
  /**
   * The provider asked for a slower pace: nothing goes out for a moment, and then at half the speed, which grows back by and by. What
   * it says of one burst counts once.
   */
  slowDown(lane: string, limit: PaceLimit): Promise<void>;
  /**
   * The provider could not be reached. After `MOST_MISSES` with no answer between them it counts as out of reach: one request goes out
   * every `PROBE_MS`, to see, and the others wait.
   */
  missed(lane: string, limit: PaceLimit): Promise<void>;
  /** It answered, whatever it said. */
  reached(lane: string, limit: PaceLimit): Promise<void>;
  /** Epoch ms since when it counts as out of reach; undefined while it does not. */
  outOfReachSince(lane: string, limit: PaceLimit): Promise<number | undefined>;
}

/** What is kept of a lane. Times are epoch ms; `speed` is the part of the limit, in 1 at most, that held at `slowedAtMs`. */
export interface LaneState {
  places: number;
  atMs: number;
  speed: number;
  slowedAtMs: number;
  /** Somebody who comes first was told to wait, and will be back by then. */
  firstUntilMs: number;
  /** In a row. */
  misses: number;
  /** Since when the provider counts as out of reach, and when it is tried next; 0 while it does not. */
  lostAtMs: number;
  probeAtMs: number;
}

/** After a "slow down" nothing goes out for so long; another one within it is about the same burst. */
export const PAUSE_MS = 1_000;
/** From a standstill back to full speed. */
export const RECOVERY_MS = 120_000;
export const LEAST_SPEED = 1 / 16;
export const MOST_MISSES = 3;
export const PROBE_MS = 30_000;
/** Who comes first may be late by so much before his place goes to another. */
export const GRACE_MS = 2_000;
/** Forgotten when nothing was asked of it for so long: by then it is full and at full speed. */
export const IDLE_MS = 600_000;
