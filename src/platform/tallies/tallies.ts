/** How often something was counted within a window of time, and when that window ends. */
export interface Tally {
  count: number;
  endsAtMs: number;
}

/**
 * Counts of what happened lately, by key, for limits on abuse. A window begins with its first count. They may be lost with
 * their store at any time: then counting begins anew. Throws when the store is out of reach.
 */
export interface Tallies {
  /** Undefined when nothing was counted in a window that still runs. */
  read(key: string): Promise<Tally | undefined>;
  /** One more; `windowMs` from the first one on. */
  add(key: string, windowMs: number): Promise<Tally>;
  /** As if nothing had been counted. */
  forget(key: string): Promise<void>;
}
