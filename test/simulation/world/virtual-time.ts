import type { Timer } from '../../../src/kernel/index.ts';

interface Entry {
  atMs: number;
  order: number;
  task: (() => void) | undefined;
}

/** Time that moves only from one timer to the next. All that a timer sets going comes to rest before the next one. */
export interface VirtualTime {
  nowMs(): number;
  after(delayMs: number, task: () => void): Timer;
  sleep(delayMs: number): Promise<void>;
  /** No timer fires before this work has ended: for the little that must wait for the real world, such as opening a file. */
  hold(work: Promise<unknown>): void;
  /** Runs until that instant, or until `isOver` says so; looked at after every timer. */
  run(untilMs: number, isOver?: () => boolean): Promise<void>;
}

export function virtualTime(startMs: number): VirtualTime {
  const heap: Entry[] = [];
  let nowMs = startMs;
  let order = 0;
  let held: Promise<unknown> | undefined;

  const before = (one: Entry, other: Entry) =>
    one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  const push = (entry: Entry) => {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!before(entry, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  };
  const pop = (): Entry | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Entry, heap[below] as Entry)) below += 1;
      if (!before(heap[below] as Entry, last)) break;
      heap[index] = heap[below] as Entry;
      index = below;
    }
    heap[index] = last;
    return first;
  };
  const after = (delayMs: number, task: () => void): Timer => {
    order += 1;
    // A clock never shows a part of a millisecond, however odd the delay that was asked for.
    const entry: Entry = { atMs: nowMs + Math.max(0, Math.ceil(delayMs)), order, task };
    push(entry);
    return {
      cancel() {
        entry.task = undefined;
      },
    };
  };
  const rest = async () => {
    await settle();
    while (held) {
      const work = held;
      await work;
      if (held === work) held = undefined;
      await settle();
    }
  };
  return {
    nowMs: () => nowMs,
    after,
    sleep: (delayMs) => new Promise((resolve) => void after(delayMs, resolve)),
    hold(work) {
      held = held ? Promise.all([held, work]) : work;
    },
    async run(untilMs, isOver) {
      await rest();
      while (!isOver?.()) {
        const next = heap[0];
        if (!next || next.atMs > untilMs) {
          nowMs = Math.max(nowMs, untilMs);
          return;
        }
        pop();
        if (!next.task) continue;
        nowMs = Math.max(nowMs, next.atMs);
        next.task();
        await rest();
      }
    },
  };
}

/** Everything but timers and files is promises and ticks, which all run before the event loop comes round. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
