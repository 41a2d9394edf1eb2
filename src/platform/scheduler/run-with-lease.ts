import { type Clock, sleep } from '../../kernel/index.ts';
import type { Job } from './job.ts';
import type { JobLeases, JobSlot } from './job-leases.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';

const RETRY_MS = 60_000;

/** Runs a job whose slot was claimed: keeps the lease while it runs, then ends the slot or plans it again. Never throws. */
export async function runWithLease(
  { runtime, leases, log, metrics }: SchedulerDeps,
  job: Job,
  slot: JobSlot,
  owner: string,
  stopping: AbortSignal,
): Promise<void> {
  const { clock } = runtime;
  const ended = new AbortController();
  const lost = new AbortController();
  const heart = keepLease({ clock, leases }, job, slot, owner, ended.signal, lost);
  const startedAtMs = clock.now();
  let outcome: 'done' | 'failed' = 'done';
  try {
    await job.run({ slotMs: slot.slotMs, signal: AbortSignal.any([stopping, lost.signal]) });
  } catch (error) {
    outcome = 'failed';
    if (stopping.aborted) log.info({ job: job.name }, 'a job was interrupted by the stop; it will be run again');
    else log.error({ err: error, job: job.name, slotMs: slot.slotMs }, 'a job failed');
  }
  ended.abort();
  await heart;
  metrics?.jobEnded(job.name, outcome, clock.now() - startedAtMs);
  try {
    if (outcome === 'done') await leases.finish(slot, owner);
    else if (!(await leases.fail(slot, owner, clock.now() + (stopping.aborted ? 0 : RETRY_MS)))) {
      log.error({ job: job.name, slotMs: slot.slotMs }, 'a job was given up');
    }
  } catch (error) {
    log.error({ err: error, job: job.name }, 'the end of a job could not be written; its slot will be run again');
  }
}

/** Renews a lease until `ended`; aborts `lost` when it cannot be held any more. */
export async function keepLease(
  { clock, leases }: { clock: Clock; leases: JobLeases },
  job: Pick<Job, 'leaseMs'>,
  slot: JobSlot,
  owner: string,
  ended: AbortSignal,
  lost: AbortController,
): Promise<void> {
  let heldUntilMs = clock.now() + job.leaseMs;
  while (!ended.aborted) {
    await sleep(clock, job.leaseMs / 3, ended);
    if (ended.aborted) return;
    const askedAtMs = clock.now();
    try {
      if (await leases.renew(slot, owner, job.leaseMs)) heldUntilMs = askedAtMs + job.leaseMs;
      else heldUntilMs = 0;
    } catch {
      // The store is away; the lease still holds for a while.
    }
    if (clock.now() >= heldUntilMs) {
      lost.abort();
      return;
    }
  }
}
