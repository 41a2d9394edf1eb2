import { Refusal } from '../../kernel/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { EXPORT_OPEN_MS, type ExportReadDeps } from './ask-export.ts';
import { type ExportRun, ExportRunSchema, type ExportState } from './export-run.ts';

export type ExportDeps = ExportReadDeps & AuditDeps;

/** An export that nothing was heard of for so long is over: its process died. */
const SILENT_MS = 60_000;

/**
 * The rows are about to leave: kept in the audit log before the first of them does. It may be taken again, but not twice at once.
 * Refuses with `export.not-found` and `export.running`.
 */
export async function beginExport(
  deps: ExportDeps,
  actor: Actor,
  { id, memberId }: { id: string; memberId: string },
): Promise<ExportRun> {
  const now = deps.runtime.clock.now();
  return deps.database.transaction(async (tx) => {
    const run = await tx.lockOne(ExportRunSchema, { id, memberId });
    if (!run || run.askedAtMs < now - EXPORT_OPEN_MS) throw new Refusal('export.not-found');
    if (run.state === 'running' && run.touchedAtMs > now - SILENT_MS) throw new Refusal('export.running');
    const begun = { state: 'running', writtenRows: 0, touchedAtMs: now } as const;
    await tx.update(ExportRunSchema, { id }, begun);
    const { list, format, numbers, query } = run;
    await recordAct(deps, tx, {
      ...{ actor, act: 'export.begun', subject: { kind: 'export', id } },
      after: { list, format, numbers, query },
    });
    return { ...run, ...begun };
  });
}

/** How far it is. Costs one short commit, so it is told every few seconds and not for every row. */
export async function tellExport(deps: ExportReadDeps, { id, rows }: { id: string; rows: number }): Promise<void> {
  const patch = { writtenRows: rows, touchedAtMs: deps.runtime.clock.now() };
  await deps.database.transaction((tx) => tx.update(ExportRunSchema, { id, state: 'running' }, patch));
}

/** All rows were handed over, or not: the audit log says how many left. */
export async function endExport(
  deps: ExportDeps,
  actor: Actor,
  { id, rows, isWhole }: { id: string; rows: number; isWhole: boolean },
): Promise<void> {
  const state: ExportState = isWhole ? 'done' : 'broken-off';
  await deps.database.transaction(async (tx) => {
    const patch = { state, writtenRows: rows, touchedAtMs: deps.runtime.clock.now() };
    await tx.update(ExportRunSchema, { id }, patch);
    await recordAct(deps, tx, { actor, act: `export.${state}`, subject: { kind: 'export', id }, after: { rows } });
  });
}

/** As a page shows it: one of which nothing is heard any more was broken off. */
export function exportStateAt(run: ExportRun, nowMs: number): ExportState {
  return run.state === 'running' && run.touchedAtMs < nowMs - SILENT_MS ? 'broken-off' : run.state;
}
