import type { Tx } from '../../platform/database/index.ts';
import type { ReconDeps } from './recon-deps.ts';
import { type ReconRun, ReconRunSchema } from './recon-run.ts';

/** Another process has taken the run over: this one must end. */
export class RunTakenOver extends Error {
  override readonly name = 'RunTakenOver';
}

/** How a run's work is cut into commits, each with the place that it reached: what died continues behind its last commit. */
export interface RunSteps {
  readonly run: ReconRun;
  /** One piece of work in one transaction; `place` is where the phase is afterwards. */
  step<T>(place: string | null, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Begins the next phase from its start. */
  enter(phase: string): Promise<void>;
  signal: AbortSignal;
}

/**
 * Steps that are committed one by one. Each locks the run's row and looks whether it is still where this process left it: of
 * two that both believe to have the lease, one ends at its next step with nothing done twice.
 */
export function committedSteps(deps: ReconDeps, run: ReconRun, signal: AbortSignal): RunSteps {
  const move = async <T>(patch: Partial<ReconRun>, work: (tx: Tx) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const result = await deps.database.transaction(async (tx) => {
      const now = await tx.lockOne(ReconRunSchema, { id: run.id });
      if (now?.phase !== run.phase || now.place !== run.place || now.state !== 'running') {
        throw new RunTakenOver('another process goes on with this night');
      }
      const done = await work(tx);
      await tx.update(ReconRunSchema, { id: run.id }, patch);
      return done;
    });
    Object.assign(run, patch);
    return result;
  };
  return {
    run,
    signal,
    step: (place, work) => move({ place }, work),
    enter: (phase) => move({ phase, place: null }, async () => {}),
  };
}

/** Steps of one transaction that its owner will roll back: what would be, without anything having been. */
export function rehearsedSteps(tx: Tx, run: ReconRun, signal: AbortSignal): RunSteps {
  return {
    run,
    signal,
    async step(place, work) {
      signal.throwIfAborted();
      const done = await work(tx);
      Object.assign(run, { place });
      return done;
    },
    async enter(phase) {
      Object.assign(run, { phase, place: null });
    },
  };
}
