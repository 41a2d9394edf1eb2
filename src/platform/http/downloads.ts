import { Refusal } from '../../kernel/index.ts';

/** The files that are being sent by one process. */
export interface Downloads {
  /** Takes a place, which `end` frees; `abort` is called when the process stops. Refuses with `export.busy`. */
  open(abort: () => void): { end(): void };
  /** Breaks them all off, so that a stop waits for none: they are taken again from another process. */
  stop(): void;
}

export function makeDownloads({ most }: { most: number }): Downloads {
  const running = new Set<() => void>();
  return {
    open(abort) {
      if (running.size >= most) throw new Refusal('export.busy');
      running.add(abort);
      return { end: () => void running.delete(abort) };
    },
    stop() {
      for (const abort of running) abort();
    },
  };
}
