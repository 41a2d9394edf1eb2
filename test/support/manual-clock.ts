import type { Clock } from '../../src/kernel/index.ts';

export interface ManualClock extends Clock {
  /** Moves time on, running the timers that fall due in their order, with the promises between them settled. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands still until it is moved. */
export function manualClock(startMs = Date.UTC(2026, 10, 20, 9)): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; task: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => nowMs,
    setTimer(delayMs, task) {
      // Instants are whole milliseconds, as a real clock has them.
      const timer = { atMs: nowMs + Math.ceil(delayMs), task };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.task();
      }
      nowMs = endMs;
      await settle();
    },
  };
}
