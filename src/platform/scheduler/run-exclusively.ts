import { newToken, type Runtime } from '../../kernel/index.ts';
import { LEASE_MS } from './job.ts';
import type { JobLeases } from './job-leases.ts';
import { keepLease } from './run-with-lease.ts';

/**
 * Runs work that one process at a time may do, whoever starts it. Undefined when another has it. `signal` is aborted when the
 * lock was lost: the work must end then. A process that died holds it for a minute.
 */
export async function runExclusively<T>(
  { runtime, leases }: { runtime: Runtime; leases: JobLeases },
  name: string,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const slot = { name, slotMs: 0 };
  const owner = newToken(runtime.chance);
  if (!(await leases.claim(slot, owner, LEASE_MS))) return undefined;
  const [ended, lost] = [new AbortController(), new AbortController()];
  const heart = keepLease({ clock: runtime.clock, leases }, { leaseMs: LEASE_MS }, slot, owner, ended.signal, lost);
  try {
    return { result: await work(AbortSignal.any([stopping, lost.signal])) };
  } finally {
    ended.abort();
    await heart;
    await leases.release(slot, owner);
  }
}
