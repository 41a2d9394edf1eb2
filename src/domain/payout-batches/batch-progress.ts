import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { PayoutBatch } from './batch.ts';
import type { BatchState, RowState } from './batch-states.ts';

/** How far a batch is: rows and value by state, and how fast it goes. */
export interface BatchProgress {
  byState: Partial<Record<RowState, { rows: number; totalMinor: bigint }>>;
  /** Rows that were decided a second, since the first one went out. */
  rowsPerSecond: number;
  /** Until every row is decided, at this pace; undefined where nothing moves. */
  leftMs: number | undefined;
  /** Of this count, epoch ms. */
  atMs: number;
}

/** A count of a hundred thousand rows is not made anew for everybody who looks. */
const KEPT_MS = 1_000;
/** While rows go out, the count before is shown until the next is there; it says of when it is. */
const SHOWN_MS = 4_000;
const MOST_KEPT = 200;

export type ProgressReader = (batch: PayoutBatch) => Promise<BatchProgress>;

interface Kept {
  state: BatchState;
  atMs: number;
  progress: Promise<BatchProgress>;
  isCountedAnew: boolean;
}

/** Counts from the index alone, and at most once a second a batch in this process. Who watches a batch that is being paid does not wait for it. */
export function makeProgressReader({ runtime, database }: { runtime: Runtime; database: Database }): ProgressReader {
  const kept = new Map<string, Kept>();
  const count = (batch: PayoutBatch) => batchProgress({ runtime, database }, batch);
  return (batch) => {
    const { id, state } = batch;
    const atMs = runtime.clock.now();
    const known = kept.get(id);
    const ageMs = known?.state === state ? atMs - known.atMs : Number.POSITIVE_INFINITY;
    if (known && ageMs < KEPT_MS) return known.progress;
    if (known && state === 'paying' && ageMs < SHOWN_MS) {
      if (!known.isCountedAnew) {
        known.isCountedAnew = true;
        count(batch).then(
          (next) => void kept.set(id, { state, atMs, progress: Promise.resolve(next), isCountedAnew: false }),
          () => kept.delete(id),
        );
      }
      return known.progress;
    }
    if (kept.size >= MOST_KEPT) kept.clear();
    const progress = count(batch);
    kept.set(id, { state, atMs, progress, isCountedAnew: false });
    progress.catch(() => kept.delete(id));
    return progress;
  };
}

export async function batchProgress(
  { runtime, database }: { runtime: Runtime; database: Database },
  { id, startedAtMs, finishedAtMs }: PayoutBatch,
): Promise<BatchProgress> {
  const { reader } = database;
  const atMs = runtime.clock.now();
  const groups: { state: RowState; n: unknown; total: unknown }[] = await reader.query(
    'SELECT state, COUNT(*) AS n, SUM(amount_minor) AS total FROM payout_row WHERE batch_id = ? GROUP BY state',
    [id],
  );
  const byState: BatchProgress['byState'] = {};
  for (const { state, n, total } of groups)
    byState[state] = { rows: Number(n), totalMinor: BigInt(String(total ?? 0)) };
  const rowsIn = (...states: RowState[]) => states.reduce((sum, state) => sum + (byState[state]?.rows ?? 0), 0);
  const decided = rowsIn('paid', 'failed', 'reversed');
  const open = rowsIn('ready', 'queued', 'submitted', 'unknown');
  const sinceMs = startedAtMs === null ? 0 : (finishedAtMs ?? atMs) - startedAtMs;
  const rowsPerSecond = sinceMs > 0 ? (decided / sinceMs) * 1_000 : 0;
  const leftMs = open > 0 && rowsPerSecond > 0 ? Math.round((open / rowsPerSecond) * 1_000) : undefined;
  return { byState, rowsPerSecond, leftMs, atMs };
}
