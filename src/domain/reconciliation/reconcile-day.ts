import { In } from 'typeorm';
import { beginRun, dropResults } from './begin-run.ts';
import { matchLeftovers } from './match-leftovers.ts';
import { matchLines } from './match-lines.ts';
import { type Matching, matchTransfers } from './match-transfers.ts';
import { publishDays } from './publish-days.ts';
import { type ReconDay, ReconDaySchema } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { type ReconRun, ReconRunSchema } from './recon-run.ts';
import { hasWaited } from './recon-units.ts';
import { committedSteps, type RunSteps } from './run-steps.ts';
import { settleDay } from './settle-day.ts';
import { updateBreaks } from './update-breaks.ts';

export interface ReconcileOptions {
  signal: AbortSignal;
  /** The phase, and how many rows of it are done. */
  report?(phase: string, done: number): void;
}

/** Rows of one commit: on the embedded store the service waits for each. */
const CHUNK = { sqlite: 1_000, mysql: 10_000 } as const;

/** The phases of a run, in their order. Each is cut into commits, and is begun where a dead process left it. */
const PHASES = ['transfers', 'operator lines', 'biller lines', 'leftovers', 'sums', 'settling', 'breaks', 'tidying'];

/**
 * Compares one calendar day, as seen from the night of `asOf`: matches, lets the versions count, settles what evidence decides and
 * opens breaks for the rest. The same inputs make no new version: then nothing is done. Returns the versions that were made.
 */
export async function reconcileDay(
  deps: ReconDeps,
  { day, asOf }: { day: string; asOf: string },
  { signal, report }: ReconcileOptions,
): Promise<ReconDay[]> {
  const made: ReconDay[] = [];
  for (;;) {
    const begun = await beginRun(deps, day, asOf);
    if (!begun) return made;
    const { run, days, isLeft } = begun;
    await deps.database.refreshStatistics('statement_line');
    await runPhases(deps, committedSteps(deps, run, signal), days, (phase, done) => report?.(phase, done));
    await deps.database.transaction((tx) =>
      tx.update(ReconRunSchema, { id: run.id }, { state: 'done', finishedAtMs: deps.runtime.clock.now() }),
    );
    made.push(...(await deps.database.reader.find(ReconDaySchema, { where: { runId: run.id }, order: { id: 'ASC' } })));
    // An earlier night's is finished; this night still has to look.
    if (!isLeft || run.asOf === asOf) return made;
  }
}

async function runPhases(
  deps: ReconDeps,
  steps: RunSteps,
  days: readonly ReconDay[],
  report: (phase: string, done: number) => void,
): Promise<void> {
  for (const phase of PHASES.slice(PHASES.indexOf(steps.run.phase))) {
    if (steps.run.phase !== phase) await steps.enter(phase);
    report(phase, 0);
    const matching = matchingOf(deps, steps, days, (done) => report(phase, done));
    await runPhase(phase, matching);
  }
}

export function matchingOf(
  deps: ReconDeps,
  steps: RunSteps,
  days: readonly ReconDay[],
  report: (done: number) => void,
): Matching {
  const { day, asOf } = steps.run;
  const waited = hasWaited(deps.reconSettings, day, asOf);
  return { deps, steps, days, waited, chunk: CHUNK[deps.database.kind], report };
}

export async function runPhase(phase: string, matching: Matching): Promise<void> {
  const { deps, steps, days } = matching;
  switch (phase) {
    case 'transfers':
      return matchTransfers(matching);
    case 'operator lines':
      return matchLines(matching, 'operator');
    case 'biller lines':
      return matchLines(matching, 'biller');
    case 'leftovers':
      return matchLeftovers(matching);
    case 'sums':
      if (steps.run.place === 'published') return;
      return steps.step('published', (tx) => publishDays(deps, tx, days, steps.run.asOf));
    case 'settling':
      return settleDay(matching);
    case 'breaks':
      return updateBreaks(matching);
    default:
      return tidy(deps, steps.run, days);
  }
}

/** The results of versions that were replaced are not needed: their sums stay. */
async function tidy(deps: ReconDeps, run: ReconRun, days: readonly ReconDay[]): Promise<void> {
  for (const { side, party } of days) {
    const where = { day: run.day, side, party, state: In(['replaced', 'adjusted']) };
    for (const old of await deps.database.reader.findBy(ReconDaySchema, where)) {
      if (old.runId !== run.id) await dropResults(deps, old.id);
    }
  }
}
