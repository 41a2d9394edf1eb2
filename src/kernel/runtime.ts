import { type Chance, systemChance } from './chance.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Ids, makeIds } from './ids.ts';

/** Time, ids and chance: what a simulation replaces to make a whole run repeatable. */
export interface Runtime {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly chance: Chance;
}

export function makeRuntime(clock: Clock, chance: Chance): Runtime {
  return { clock, chance, ids: makeIds(clock, chance) };
}

export const systemRuntime: Runtime = makeRuntime(systemClock, systemChance);
