import type { Clock, Timer } from '../../kernel/index.ts';

/** Timers of the simulator that end together, at a reset or when it stops. */
export interface Timers {
  set(delayMs: number, task: () => void): Timer;
  /** True after the delay; false at once when the timers are cancelled meanwhile. */
  sleep(delayMs: number): Promise<boolean>;
  /** Waits for the work, but no longer than the delay. */
  atMost(delayMs: number, work: Promise<unknown>): Promise<void>;
  cancelAll(): void;
}

export function makeTimers(clock: Clock): Timers {
  const running = new Set<Timer>();
  const start = (delayMs: number, task: () => void, onCancel?: () => void): Timer => {
    const inner = clock.setTimer(delayMs, () => {
      running.delete(timer);
      task();
    });
    const timer: Timer = {
      cancel() {
        if (!running.delete(timer)) return;
        inner.cancel();
        onCancel?.();
      },
    };
    running.add(timer);
    return timer;
  };
  return {
    set: (delayMs, task) => start(delayMs, task),
    sleep: (delayMs) =>
      new Promise((resolve) => {
        start(
          delayMs,
          () => resolve(true),
          () => resolve(false),
        );
      }),
    atMost: (delayMs, work) =>
      new Promise((resolve) => {
        const timer = start(delayMs, resolve, resolve);
        work.then(
          () => timer.cancel(),
          () => timer.cancel(),
        );
      }),
    cancelAll() {
      for (const timer of [...running]) timer.cancel();
    },
  };
}
