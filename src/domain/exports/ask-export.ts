import { Refusal, type Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type ExportRun, ExportRunSchema } from './export-run.ts';

export interface ExportReadDeps {
  runtime: Runtime;
  database: Database;
}

export type AskedExport = Pick<ExportRun, 'memberId' | 'list' | 'format' | 'numbers' | 'query' | 'expectedRows'>;

/** Whoever asked takes it within this time; afterwards he asks again. */
export const EXPORT_OPEN_MS = 12 * 3_600_000;
const LONGEST_QUERY = 1_000;

/** Somebody wants a list as a file. Nothing has left by that. */
export async function askExport({ runtime, database }: ExportReadDeps, asked: AskedExport): Promise<ExportRun> {
  if (asked.query.length > LONGEST_QUERY) throw new Refusal('export.too-long');
  const now = runtime.clock.now();
  const run: ExportRun = {
    ...asked,
    id: runtime.ids.next(),
    writtenRows: 0,
    state: 'asked',
    askedAtMs: now,
    touchedAtMs: now,
  };
  await database.transaction((tx) => tx.insert(ExportRunSchema, run));
  return run;
}

/** Refuses with `export.not-found`, also where somebody else asked for it. */
export async function findExport(
  { runtime, database }: ExportReadDeps,
  { id, memberId }: { id: string; memberId: string },
): Promise<ExportRun> {
  const run = await database.reader.findOne(ExportRunSchema, { where: { id, memberId } });
  if (!run || run.askedAtMs < runtime.clock.now() - EXPORT_OPEN_MS) throw new Refusal('export.not-found');
  return run;
}
