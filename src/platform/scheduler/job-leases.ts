/** One due run of a job: `slotMs` is the instant it was due, epoch ms. */
export interface JobSlot {
  name: string;
  slotMs: number;
}

/**
 * Makes sure that one process at a time runs a job for a slot, and that a slot whose process died is run again. A slot
 * that was finished is never run again.
 */
export interface JobLeases {
  /** True when the slot is ours until `leaseMs` from now: nobody had it, or who had it let the lease run out. */
  claim(slot: JobSlot, owner: string, leaseMs: number): Promise<boolean>;
  /** False when the lease is no longer ours. */
  renew(slot: JobSlot, owner: string, leaseMs: number): Promise<boolean>;
  finish(slot: JobSlot, owner: string): Promise<void>;
  /** Plans the slot again at `retryAtMs`, or gives it up after too many attempts: then false. */
  fail(slot: JobSlot, owner: string, retryAtMs: number): Promise<boolean>;
  /** Slots of these jobs that were begun and not finished, and whose lease has run out; oldest first, at most `limit`. */
  abandoned(names: readonly string[], limit: number): Promise<JobSlot[]>;
  /** The newest slot of a job that anybody ever claimed. */
  latest(name: string): Promise<number | undefined>;
  /** Forgets a slot that is ours, so that it can be claimed again: for locks, which are no runs of a job. */
  release(slot: JobSlot, owner: string): Promise<void>;
  /** Forgets slots that were finished before that instant, but for the newest of each job. */
  purge(finishedBeforeMs: number): Promise<void>;
}
