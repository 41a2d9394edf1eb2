import { readFileSync, writeFileSync } from 'node:fs';
import { PLANTED_BUGS, type PlantedBug } from './planted/index.ts';
import type { Pool } from './pool.ts';
import { planOf } from './world/plan.ts';

/** Every planted bug must be found within so many seeds. */
export const MOST_SEEDS = 200;
const RECORD = new URL('./planted/recorded-seeds.json', import.meta.url);

export interface Found {
  bug: string;
  fault: string;
  /** The seed that found it, and the first check that broke; undefined when none did. */
  seed: number | undefined;
  check: string;
}

export function recordedSeeds(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, number>;
}

export function recordSeeds(found: readonly Found[]): void {
  const seeds = Object.fromEntries(found.flatMap(({ bug, seed }) => (seed === undefined ? [] : [[bug, seed]])));
  writeFileSync(RECORD, `${JSON.stringify(seeds, undefined, 2)}\n`);
}

/** Looks for one bug, seed after seed: first the recorded one, if it is to be replayed. */
export async function findBug(run: Pool['run'], bug: PlantedBug, seeds: Iterable<number>): Promise<Found> {
  const { name, fault } = bug;
  for (const seed of seeds) {
    if (bug.showsIn?.(planOf(seed)) === false) continue;
    const { passed, broken } = await run({ seed, bug: name });
    if (!passed) return { bug: name, fault, seed, check: broken[0] ?? '' };
  }
  return { bug: name, fault, seed: undefined, check: '' };
}

/** All seeds in which a bug is looked for, small worlds first: they are quick. */
export function searchSeeds(from = 1): number[] {
  const seeds = Array.from({ length: MOST_SEEDS }, (_, index) => from + index);
  const sizes = new Map(seeds.map((seed) => [seed, planOf(seed).customers]));
  return seeds.sort((one, other) => (sizes.get(one) ?? 0) - (sizes.get(other) ?? 0));
}

/**
 * The recorded seed. What a seed brings about shifts whenever the service draws chance differently; so a bug that its
 * recorded seed misses is looked for in the others before it counts as missed.
 */
export function replaySeeds(name: string): number[] {
  const recorded = recordedSeeds()[name];
  return recorded === undefined ? searchSeeds() : [recorded, ...searchSeeds().filter((seed) => seed !== recorded)];
}

export { PLANTED_BUGS };
