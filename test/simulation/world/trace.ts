import { createHash } from 'node:crypto';

export interface TraceLine {
  atMs: number;
  text: string;
}

/** Everything that happened, in order. Two runs of a seed are the same run when their hashes are. */
export interface Trace {
  note(text: string): void;
  /** Counts what happened, for the summary. */
  count(what: string, by?: number): void;
  readonly lines: readonly TraceLine[];
  readonly counts: Readonly<Record<string, number>>;
  hash(): string;
}

export function makeTrace(nowMs: () => number): Trace {
  const lines: TraceLine[] = [];
  const counts: Record<string, number> = {};
  const hash = createHash('sha256');
  return {
    note(text) {
      const atMs = nowMs();
      lines.push({ atMs, text });
      hash.update(`${atMs} ${text}\n`);
    },
    count(what, by = 1) {
      counts[what] = (counts[what] ?? 0) + by;
    },
    lines,
    counts,
    hash: () => hash.copy().digest('hex').slice(0, 32),
  };
}
