import { invariant } from '../../kernel/index.ts';

export interface JobRunContext {
  /** The instant at which this run was due, epoch ms: what a nightly job takes its day from. */
  slotMs: number;
  /**
   * Aborted when the process stops or the lease was lost. A job that ends half-way because of it must throw
   * (`signal.throwIfAborted()`): one that returns counts as done.
   */
  signal: AbortSignal;
}

export interface Job {
  /** Lower case with hyphens; part of the lease's key, so a renamed job is another one. */
  name: string;
  /** Five fields, or six with seconds first, in the business's time zone. */
  cron: string;
  /** How long the slot stays taken after its process died; renewed while the job runs. */
  leaseMs: number;
  /** `skip` for jobs whose next slot does the same work anyway. */
  ifAbandoned: 'run' | 'skip';
  /** `run`: slots that fell due while no process was there are run when one is, oldest first. */
  ifMissed: 'run' | 'skip';
  /** May run again for the same slot after a failure or a death, so it must be repeatable. */
  run(context: JobRunContext): Promise<void>;
}

export const LEASE_MS = 60_000;

/** Fills in what most jobs leave out: a lease of a minute, `run` when abandoned, and `skip` when missed. */
export function defineJob(job: Pick<Job, 'name' | 'cron' | 'run'> & Partial<Job>): Job {
  invariant(/^[a-z][a-z0-9-]{0,47}$/.test(job.name), `not a name of a job: ${job.name}`);
  return { leaseMs: LEASE_MS, ifAbandoned: 'run', ifMissed: 'skip', ...job };
}
