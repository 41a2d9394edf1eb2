import { v7 } from 'uuid';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** Makes primary keys: UUIDv7 as text, so that rows are stored in the order they were made. */
export interface Ids {
  next(): string;
}

export function makeIds(clock: Clock, chance: Chance): Ids {
  let lastMsecs = 0;
  let sequence = 0;
  return {
    next() {
      const msecs = Math.max(clock.now(), lastMsecs);
      if (msecs !== lastMsecs) sequence = chance.bytes(2).readUInt16BE(0);
      else sequence += 1;
      lastMsecs = msecs;
      return v7({ msecs, seq: sequence, random: chance.bytes(16) });
    },
  };
}

/** Sorts in front of every id that was made at this instant (epoch ms) or later, and behind all earlier ones. */
export function firstIdAt(atMs: number): string {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
