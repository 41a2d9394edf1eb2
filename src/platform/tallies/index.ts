export { memoryTallies } from './memory-tallies.ts';
export { redisTallies } from './redis-tallies.ts';
export type { Tallies, Tally } from './tallies.ts';
