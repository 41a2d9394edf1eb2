import { type Runtime, sleep } from '../../kernel/index.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxRow } from './outbox-row.ts';

/** What became of one piece of work. `again` is a planned repeat (an inquiry), not a failure. */
export type Outcome = undefined | { again: { inMs: number; payload?: Readonly<Record<string, unknown>> } };

export interface Handler {
  /** Must be safe to run twice: a process can die after the effect and before the row is finished. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most handlers return nothing
  handle(payload: Record<string, unknown>, row: OutboxRow): Promise<Outcome | void>;
  /** Failures in a row after which staff gets it. */
  maxAttempts: number;
  /** First delay after a failure; it doubles, with jitter, up to `longestDelayMs`. */
  firstDelayMs: number;
  longestDelayMs: number;
}

export interface WorkerOptions {
  concurrency: number;
  /** How long a process that died keeps others from its rows. Longer than any handler's deadline. */
  leaseMs: number;
  /** How often other processes' work is looked for. */
  pollMs: number;
}

export interface WorkerObserver {
  ended(topic: string, outcome: 'done' | 'again' | 'failed' | 'dead', error?: unknown): void;
  faulted(error: unknown): void;
}

export interface Worker {
  start(): void;
  /** Claims nothing more and resolves when what is in hand is finished. */
  stop(): Promise<void>;
}

/** Of all that it may have in hand, so large a part is free before a full worker claims again. */
const CLAIMED_SHARE = 8;

export function makeWorker(
  runtime: Runtime,
  outbox: Outbox,
  handlers: ReadonlyMap<string, Handler>,
  options: WorkerOptions,
  observer: WorkerObserver,
): Worker {
  const stopping = new AbortController();
  const inHand = new Set<Promise<void>>();
  let wakeUp = new AbortController();
  let loop: Promise<void> | undefined;
  // A claim costs the same for one row as for twenty: a worker that is full waits until it can take some.
  const leastFree = Math.ceil(options.concurrency / CLAIMED_SHARE);

  outbox.onWork(() => wakeUp.abort());

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wakeUp = new AbortController();
      const free = options.concurrency - inHand.size;
      // One cheap look first: most wake-ups find that the work is taken, or not due.
      const nextDueAtMs = free >= leastFree ? await outbox.nextDueAtMs().catch(() => undefined) : undefined;
      const isDue = nextDueAtMs !== undefined && nextDueAtMs <= runtime.clock.now();
      const claimed = isDue ? await claim(free) : [];
      for (const row of claimed) take(row);
      if (claimed.length === 0) await pause(nextDueAtMs);
    }
  }

  async function claim(limit: number): Promise<OutboxRow[]> {
    try {
      // The owner is new at every claim: a row that comes back to this process after its lease is told apart.
      return await outbox.claim(runtime.ids.next(), limit, options.leaseMs);
    } catch (error) {
      observer.faulted(error);
      return [];
    }
  }

  function take(row: OutboxRow): void {
    const work: Promise<void> = perform(runtime, outbox, handlers, observer, row)
      .catch((error) => observer.faulted(error))
      .finally(() => {
        inHand.delete(work);
        if (options.concurrency - inHand.size === leastFree) wakeUp.abort();
      });
    inHand.add(work);
  }

  async function pause(nextDueAtMs: number | undefined): Promise<void> {
    const untilDue = nextDueAtMs === undefined ? options.pollMs : nextDueAtMs - runtime.clock.now();
    // A due row that another worker holds locked must not make this a busy loop.
    const delayMs = Math.min(options.pollMs, Math.max(untilDue, 10));
    if (wakeUp.signal.aborted || stopping.signal.aborted) return;
    await sleep(runtime.clock, delayMs, AbortSignal.any([wakeUp.signal, stopping.signal]));
  }

  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(inHand);
    },
  };
}

async function perform(
  runtime: Runtime,
  outbox: Outbox,
  handlers: ReadonlyMap<string, Handler>,
  observer: WorkerObserver,
  row: OutboxRow,
): Promise<void> {
  const handler = handlers.get(row.topic);
  if (!handler) {
    await outbox.bury(row, `no handler for ${row.topic}`);
    observer.ended(row.topic, 'dead');
    return;
  }
  try {
    const outcome = await handler.handle(JSON.parse(row.payload), row);
    if (outcome?.again) {
      const payload = outcome.again.payload ? JSON.stringify(outcome.again.payload) : row.payload;
      await outbox.postpone({ ...row, payload }, runtime.clock.now() + outcome.again.inMs);
    } else {
      await outbox.finish(row);
    }
    observer.ended(row.topic, outcome?.again ? 'again' : 'done');
  } catch (error) {
    await fail(runtime, outbox, handler, observer, row, error);
  }
}

async function fail(
  runtime: Runtime,
  outbox: Outbox,
  handler: Handler,
  observer: WorkerObserver,
  row: OutboxRow,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  if (row.attempts + 1 >= handler.maxAttempts) {
    await outbox.bury(row, reason);
    observer.ended(row.topic, 'dead', error);
    return;
  }
  const growing = Math.min(handler.firstDelayMs * 2 ** row.attempts, handler.longestDelayMs);
  const delayMs = Math.round(growing * (0.75 + runtime.chance.fraction() / 2));
  await outbox.postpone(row, runtime.clock.now() + delayMs, reason);
  observer.ended(row.topic, 'failed', error);
}
