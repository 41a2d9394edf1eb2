import { invariant, newToken, sleep, withDeadline } from '../../kernel/index.ts';
import { defineJob, type Job } from './job.ts';
import type { JobSlot } from './job-leases.ts';
import { runWithLease } from './run-with-lease.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';

export interface Scheduler {
  start(): void;
  /** Runs a job now, in the slot of this instant, under the same lease. False when another process has it. */
  runNow(name: string): Promise<boolean>;
  /** Starts nothing new and waits for what runs; its `signal` tells it to come to an end. */
  stop(withinMs: number): Promise<void>;
}

const SWEEP_EVERY_MS = 30_000;
const MOST_ABANDONED_A_SWEEP = 20;
const PURGE_EVERY_MS = 6 * 3_600_000;
const KEPT_MS = 30 * 86_400_000;
/** A service that was away for longer than this has other worries than its old nights. */
const LONGEST_AWAY_MS = 14 * 86_400_000;
/** When the store is away at the due time, the slot would be lost: the claim is tried again after these. */
const CLAIM_RETRIES_MS = [1_000, 5_000, 15_000, 60_000];

export function makeScheduler(deps: SchedulerDeps, list: readonly Job[]): Scheduler {
  const { runtime, leases, timetable, timeZone, log } = deps;
  const jobs = new Map(list.map((job) => [job.name, defineJob(job)]));
  invariant(jobs.size === list.length, 'two jobs have the same name');
  const owner = newToken(runtime.chance);
  const stopping = new AbortController();
  const running = new Map<string, Promise<boolean>>();
  const started: { stop(): void }[] = [];

  /** One run of a job at a time in a process: a slow run is not overtaken by its next slot. */
  function run(slot: JobSlot): Promise<boolean> {
    const job = jobs.get(slot.name);
    if (!job || stopping.signal.aborted || running.has(slot.name)) return Promise.resolve(false);
    const attempt = runSlot(job, slot).finally(() => running.delete(slot.name));
    running.set(slot.name, attempt);
    return attempt;
  }

  async function runSlot(job: Job, slot: JobSlot): Promise<boolean> {
    if (!(await claim(job, slot))) return false;
    await runWithLease(deps, job, slot, owner, stopping.signal);
    return true;
  }

  async function claim(job: Job, slot: JobSlot): Promise<boolean> {
    for (const pauseMs of [...CLAIM_RETRIES_MS, undefined]) {
      try {
        return await leases.claim(slot, owner, job.leaseMs);
      } catch (error) {
        log.error({ err: error, job: slot.name }, 'a job could not be claimed');
        if (pauseMs === undefined || stopping.signal.aborted) return false;
        await sleep(runtime.clock, pauseMs, stopping.signal);
      }
    }
    return false;
  }

  const repeatable = list.filter(({ ifAbandoned }) => ifAbandoned !== 'skip').map(({ name }) => name);
  const seenUntilMs = new Map<string, number>();
  let purgedAtMs = 0;

  /**
   * Slots that fell due while no process was there, and those that this one overslept. Whatever another process has claimed
   * is left to it.
   */
  async function catchUp(): Promise<void> {
    for (const { name, cron, ifMissed } of jobs.values()) {
      if (ifMissed === 'skip') continue;
      const now = runtime.clock.now();
      const latestMs = seenUntilMs.get(name) ?? (await leases.latest(name));
      // Nothing was missed before the first run ever.
      const afterMs = latestMs === undefined ? now : Math.max(latestMs, now - LONGEST_AWAY_MS);
      for (const slotMs of timetable.slotsBetween(cron, timeZone, afterMs, now)) {
        if (stopping.signal.aborted) return;
        log.warn({ job: name, slotMs }, 'a slot was missed and is run now');
        // Its own timer may have it in hand.
        await running.get(name);
        await run({ name, slotMs });
      }
      seenUntilMs.set(name, now);
    }
  }

  async function sweep(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(runtime.clock, SWEEP_EVERY_MS * (0.75 + runtime.chance.fraction() / 2), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await catchUp();
        for (const slot of await leases.abandoned(repeatable, MOST_ABANDONED_A_SWEEP)) await run(slot);
        if (runtime.clock.now() - purgedAtMs < PURGE_EVERY_MS) continue;
        purgedAtMs = runtime.clock.now();
        await leases.purge(purgedAtMs - KEPT_MS);
      } catch (error) {
        log.error({ err: error }, 'abandoned jobs could not be looked for');
      }
    }
  }

  return {
    start() {
      for (const { name, cron } of jobs.values()) {
        started.push(timetable.start(cron, timeZone, (slotMs) => void run({ name, slotMs })));
      }
      if (repeatable.length > 0) void sweep();
    },
    runNow(name) {
      invariant(jobs.has(name), `no job is called ${name}`);
      return run({ name, slotMs: runtime.clock.now() });
    },
    async stop(withinMs) {
      stopping.abort();
      for (const entry of started.splice(0)) entry.stop();
      const ended = Promise.allSettled(running.values());
      await withDeadline(runtime.clock, withinMs, ended).catch(() => {
        log.warn({ jobs: [...running.keys()] }, 'jobs did not end in time; their leases will run out');
      });
    },
  };
}
