import type { Runtime } from '../../kernel/index.ts';
import type { Tallies, Tally } from './tallies.ts';

/** Keys that are held at once; past it the oldest goes. */
const MOST_KEYS = 100_000;

/** Tallies of a single process, gone when it stops. */
export function memoryTallies({ clock }: Pick<Runtime, 'clock'>): Tallies {
  const tallies = new Map<string, Tally>();
  const live = (key: string) => {
    const tally = tallies.get(key);
    return tally && tally.endsAtMs > clock.now() ? tally : undefined;
  };
  const evict = () => {
    for (const [key, { endsAtMs }] of tallies) {
      if (endsAtMs > clock.now() && tallies.size <= MOST_KEYS) return;
      tallies.delete(key);
    }
  };
  return {
    async read(key) {
      const tally = live(key);
      return tally && { ...tally };
    },
    async add(key, windowMs) {
      const before = live(key);
      if (!before) tallies.delete(key);
      const tally = { count: (before?.count ?? 0) + 1, endsAtMs: before?.endsAtMs ?? clock.now() + windowMs };
      tallies.set(key, tally);
      evict();
      return { ...tally };
    },
    async forget(key) {
      tallies.delete(key);
    },
  };
}
