import { MoreThan } from 'typeorm';
import { addDays, businessDay, daysBetween } from '../../kernel/index.ts';
import { endSettled } from './end-settled.ts';
import type { NightContext, NightPhase } from './night-phase.ts';
import type { ReconDay } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { ReconRunSchema } from './recon-run.ts';
import { daysOfNight } from './recon-units.ts';
import { reconcileDay } from './reconcile-day.ts';
import { settlePayingAccounts } from './settle-paying-accounts.ts';
import { StatementSchema } from './statement.ts';

export interface NightDeps extends ReconDeps {
  /** What other folders do before the matching (fetch statements) and after it (settlement). */
  nightPhases: { before: readonly NightPhase[]; after: readonly NightPhase[] };
}

export interface NightOptions {
  signal: AbortSignal;
  report?(phase: string, done: number, total?: number): void;
}

/** An old statement that was read late is looked at, but not one of another year. */
const OLDEST_DAYS = 40;

/**
 * The night of a business day: what other folders bring, then every day that may have changed, oldest first, then what others do
 * with it. Run again, it does what is missing and nothing twice. Returns the versions that were made.
 */
export async function runNight(deps: NightDeps, day: string, { signal, report }: NightOptions): Promise<ReconDay[]> {
  const runPhase = async ({ name, run }: NightPhase) => {
    signal.throwIfAborted();
    const context: NightContext = { day, signal, report: (done, total) => report?.(name, done, total) };
    report?.(name, 0);
    await run(context);
  };
  for (const phase of deps.nightPhases.before) await runPhase(phase);
  const made: ReconDay[] = [];
  for (const each of await daysToReconcile(deps, day)) {
    const options = { signal, report: (phase: string, done: number) => report?.(`${each} ${phase}`, done) };
    made.push(...(await reconcileDay(deps, { day: each, asOf: day }, options)));
  }
  await settlePayingAccounts(deps, day, { signal, report: (done) => report?.('paying accounts', done) });
  await endSettled(deps);
  for (const phase of deps.nightPhases.after) await runPhase(phase);
  return made;
}

/** The day itself, those that still wait for lines, those of statements read since the last night, and what died half-way. */
export async function daysToReconcile(deps: ReconDeps, asOf: string): Promise<string[]> {
  const { reader } = deps.database;
  const days = new Set(daysOfNight(deps.reconSettings, asOf));
  const left = await reader.findBy(ReconRunSchema, { state: 'running' });
  for (const { day } of left) days.add(day);
  const [last] = await reader.find(ReconRunSchema, {
    where: { state: 'done' },
    order: { startedAtMs: 'DESC' },
    take: 1,
  });
  const since = await reader.find(StatementSchema, {
    where: { state: 'complete', finishedAtMs: MoreThan(last?.startedAtMs ?? 0) },
    select: { id: true, fromMs: true, toMs: true },
  });
  const { timeZone } = deps.reconSettings;
  for (const { fromMs, toMs } of since) {
    if (fromMs === null || toMs === null) continue;
    const lastDay = businessDay(toMs - 1, timeZone);
    const earliest = addDays(asOf, -OLDEST_DAYS);
    let day = businessDay(fromMs, timeZone);
    if (day < earliest) day = earliest;
    for (; day <= lastDay; day = addDays(day, 1)) days.add(day);
  }
  return [...days].filter((day) => daysBetween(day, asOf) >= 0).sort();
}
