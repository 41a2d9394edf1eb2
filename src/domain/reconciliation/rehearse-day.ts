import type { Tx } from '../../platform/database/index.ts';
import { insertRun } from './begin-run.ts';
import { countTotals } from './publish-days.ts';
import type { ReconDay, ReconTotal } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { inputsOf } from './recon-inputs.ts';
import { unitsOf } from './recon-units.ts';
import { matchingOf, runPhase } from './reconcile-day.ts';
import { rehearsedSteps } from './run-steps.ts';

export interface Rehearsal {
  day: ReconDay;
  totals: ReconTotal[];
}

/** Thrown to take back everything that the rehearsal wrote. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed';
}

/**
 * What a day would come to, from the statements that are read: matched in one transaction that is rolled back. Empty when the inputs
 * are those of the versions that are there. Nothing is fetched, settled or opened, and nothing is changed.
 */
export async function rehearseDay(
  deps: ReconDeps,
  { day, asOf }: { day: string; asOf: string },
  signal: AbortSignal,
): Promise<Rehearsal[]> {
  const inputs = await inputsOf(deps, unitsOf(deps, day), day, asOf);
  let rehearsals: Rehearsal[] = [];
  const work = async (tx: Tx) => {
    rehearsals = [];
    const begun = await insertRun(deps, tx, inputs, day, asOf);
    if (begun) {
      const steps = rehearsedSteps(tx, begun.run, signal);
      const matching = matchingOf(deps, steps, begun.days, () => {});
      for (const phase of ['transfers', 'operator lines', 'biller lines', 'leftovers']) {
        await steps.enter(phase);
        await runPhase(phase, matching);
      }
      for (const one of begun.days) rehearsals.push({ day: one, totals: await countTotals(deps, tx, one) });
    }
    throw new Rehearsed('nothing of it is kept');
  };
  await deps.database.transaction(work).catch((error) => {
    if (!(error instanceof Rehearsed)) throw error;
  });
  return rehearsals;
}
