import { type Clock, makeRuntime, type Runtime, type Timer } from '../../../src/kernel/index.ts';
import type { Draw } from './draw.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Thrown within a transaction of a life that has ended, so that it is rolled back. Nobody outside ever sees it. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** The answer that a dead process gets: none. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** One run of the process, from its start to its kill. Whatever it still waits for when it dies is never answered. */
export interface Life {
  readonly number: number;
  readonly runtime: Runtime;
  isAlive(): boolean;
  /** A step between which and the next the process can be killed. Never resolves if it is. */
  pass(step: string): Promise<void>;
  /** The same within a transaction: throws `Death`. */
  passWithin(step: string): void;
  sleep(delayMs: number): Promise<void>;
  /** Sleeps within a transaction: throws `Death` if the process is killed meanwhile. */
  sleepWithin(delayMs: number): Promise<void>;
  /** Something reaches the process: at once, or when it thaws; never when it is dead. */
  reach(task: () => void): void;
  onEnd(listener: () => void): void;
  kill(step: string): void;
  /** The machine stands still: no timer fires, nothing is taken; afterwards its clock has gone on. */
  freeze(durationMs: number): void;
  /** The wall clock is set, forward or back; timers do not notice. */
  stepClock(byMs: number): void;
}

export interface LifeDeps {
  number: number;
  time: VirtualTime;
  trace: Trace;
  chance: Draw;
  /** Whether the process dies at this step. */
  strikes(step: string): boolean;
  /** By how much the machine's wall clock is wrong; it outlives the process. */
  wall: { skewMs: number };
}

interface Pending {
  dueMs: number;
  task: () => void;
  timer: Timer;
}

export function startLife({ number, time, trace, chance, strikes, wall }: LifeDeps): Life {
  const pending = new Set<Pending>();
  const listeners: (() => void)[] = [];
  let alive = true;
  let thawsAtMs = 0;

  const arm = (entry: Pending) => {
    entry.timer = time.after(entry.dueMs - time.nowMs(), () => {
      pending.delete(entry);
      entry.task();
    });
  };
  const clock: Clock = {
    now: () => time.nowMs() + wall.skewMs,
    setTimer(delayMs, task) {
      if (!alive) return { cancel() {} };
      const dueMs = Math.max(time.nowMs(), thawsAtMs) + Math.max(0, delayMs);
      const entry: Pending = { dueMs, task, timer: { cancel() {} } };
      pending.add(entry);
      arm(entry);
      return {
        cancel() {
          if (pending.delete(entry)) entry.timer.cancel();
        },
      };
    },
  };
  const kill = (step: string) => {
    if (!alive) return;
    alive = false;
    trace.note(`life ${number} DIES ${step}`);
    trace.count('deaths');
    trace.count(`deaths ${step.split(' ').slice(0, 2).join(' ')}`);
    for (const { timer } of pending) timer.cancel();
    pending.clear();
    for (const listener of listeners.splice(0)) listener();
  };
  const sleep = (delayMs: number) => new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve));
  return {
    number,
    runtime: makeRuntime(clock, chance),
    isAlive: () => alive,
    pass(step) {
      if (alive && strikes(step)) kill(step);
      return alive ? Promise.resolve() : never();
    },
    passWithin(step) {
      if (alive && strikes(step)) kill(step);
      if (!alive) throw new Death(step);
    },
    sleep,
    sleepWithin: (delayMs) =>
      new Promise((resolve, reject) => {
        listeners.push(() => reject(new Death('while it waited')));
        void clock.setTimer(delayMs, resolve);
      }),
    reach(task) {
      const waitMs = thawsAtMs - time.nowMs();
      const take = () => {
        if (alive) task();
      };
      if (waitMs > 0) time.after(waitMs, take);
      else take();
    },
    onEnd: (listener) => void (alive ? listeners.push(listener) : listener()),
    kill,
    freeze(durationMs) {
      if (!alive) return;
      const nowMs = time.nowMs();
      trace.note(`life ${number} stands still for ${durationMs} ms`);
      trace.count('freezes');
      thawsAtMs = Math.max(thawsAtMs, nowMs) + durationMs;
      for (const entry of pending) {
        entry.timer.cancel();
        entry.dueMs += durationMs;
        arm(entry);
      }
    },
    stepClock(byMs) {
      if (!alive) return;
      wall.skewMs += byMs;
      trace.note(`life ${number}: its clock is set by ${byMs} ms`);
      trace.count(byMs > 0 ? 'clock set forward' : 'clock set back');
    },
  };
}
