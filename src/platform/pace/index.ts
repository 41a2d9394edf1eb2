export { memoryPace } from './memory-pace.ts';
export type { Pace, PaceLimit, Turn } from './pace.ts';
export { redisPace } from './redis-pace.ts';
