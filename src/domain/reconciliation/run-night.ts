import { In } from 'typeorm';
import { daysBetween } from '../../kernel/index.ts';
import { endSettled } from './end-settled.ts';
import { daysOfStatement, markCompared, type NewStatement, newStatements } from './new-statements.ts';
import type { NightContext, NightPhase } from './night-phase.ts';
import { type ReconDay, ReconDaySchema } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { type ReconRun, ReconRunSchema } from './recon-run.ts';
import { daysOfNight } from './recon-units.ts';
import { reconcileDay } from './reconcile-day.ts';
import { settlePayingAccounts } from './settle-paying-accounts.ts';

export interface NightDeps extends ReconDeps {
  /** What other folders do before the matching (fetch statements) and after it (settlement). */
  nightPhases: { before: readonly NightPhase[]; after: readonly NightPhase[] };
}

export interface NightOptions {
  signal: AbortSignal;
  report?(phase: string, done: number, total?: number): void;
}

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
  const { days, statements, unsure } = await planNight(deps, day);
  for (const each of days) {
    const options = { signal, report: (phase: string, done: number) => report?.(`${each} ${phase}`, done) };
    made.push(...(await reconcileDay(deps, { day: each, asOf: day }, options)));
  }
  await settlePayingAccounts(deps, day, {
    signal,
    isNew: (id) => statements.some((statement) => statement.id === id),
    report: (done) => report?.('paying accounts', done),
  });
  await markCompared(deps, statements, { asOf: day, unsure });
  await endSettled(deps);
  for (const phase of deps.nightPhases.after) await runPhase(phase);
  return made;
}

/** The day itself, those that still wait for lines, those of statements that no night has compared, and what died half-way. */
export async function daysToReconcile(deps: ReconDeps, asOf: string): Promise<string[]> {
  return (await planNight(deps, asOf)).days;
}

interface Plan {
  days: string[];
  /** New when the night began: what comes meanwhile is the next one's. */
  statements: NewStatement[];
  /** Left half done by a dead process of this night: what came since is not in them. */
  unsure: Set<string>;
}

async function planNight(deps: ReconDeps, asOf: string): Promise<Plan> {
  const left = await deps.database.reader.findBy(ReconRunSchema, { state: 'running' });
  const statements = await newStatements(deps);
  const days = new Set([
    ...daysOfNight(deps.reconSettings, asOf),
    ...left.map(({ day }) => day),
    ...statements.flatMap((statement) => daysOfStatement(deps, statement, asOf)),
  ]);
  return {
    days: [...days].filter((day) => daysBetween(day, asOf) >= 0).sort(),
    statements,
    unsure: new Set((await onlyFinished(deps, left, asOf)).map(({ day }) => day)),
  };
}

/** A run of this night whose versions count already is finished as it was begun; what is still being matched is held against what came since. */
async function onlyFinished({ database }: ReconDeps, left: readonly ReconRun[], asOf: string): Promise<ReconRun[]> {
  const where = { runId: In(left.map(({ id }) => id)), state: 'matching' as const };
  const matching = left.length === 0 ? [] : await database.reader.findBy(ReconDaySchema, where);
  return left.filter((run) => run.asOf === asOf && !matching.some(({ runId }) => runId === run.id));
}
