import type { Chance } from '../../../src/kernel/index.ts';
import { seededFractions } from '../../../src/simulator/faults/index.ts';

/** Chance from a seed. Every part of a world has a stream of its own, so that a change in one moves no other's luck. */
export interface Draw extends Chance {
  /** True with this probability. */
  hits(probability: number): boolean;
  /** A whole number, both ends included. */
  int(least: number, most: number): number;
  /** Spread evenly over the magnitudes between the two; both above 0. */
  magnitude(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
}

export function drawOf(seed: number, name: string): Draw {
  const fractions = seededFractions(`${seed}:${name}`);
  const fraction = () => fractions.next();
  return {
    fraction,
    bytes(count) {
      const bytes = Buffer.alloc(count);
      for (let index = 0; index < count; index += 1) bytes[index] = Math.floor(fraction() * 256);
      return bytes;
    },
    hits: (probability) => fraction() < probability,
    int: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
    magnitude: (least, most) => least * (most / least) ** fraction(),
    pick<T>(list: readonly T[]): T {
      const picked = list[Math.floor(fraction() * list.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
}
