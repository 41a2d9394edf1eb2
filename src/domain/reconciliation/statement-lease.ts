import { invariant, sleep } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { discardDead } from './discard-statement.ts';
import { type Statement, StatementSchema } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';
import type { StatementSource } from './statement-source.ts';

/** Renewed with every batch, which takes milliseconds: who is silent for this long is dead. */
export const LEASE_MS = 10_000;
const LOOK_AGAIN_MS = 250;
/** How long one statement waits for another one of the same party. */
const PATIENCE_MS = 60_000;

export type Begun =
  | { kind: 'begun'; statement: Statement }
  /** The same bytes count already. */
  | { kind: 'seen-before'; earlier: Statement }
  /** Somebody else reads a statement of this party, and is alive. */
  | { kind: 'busy'; other: Statement };

/**
 * Makes the statement's row and with it the right to read, which one statement of a party has at a time. What a dead reader
 * left is cleaned up first; a living one of the same file is not waited for, one of another file is, for a minute.
 */
export async function beginStatement(deps: StatementDeps, source: StatementSource): Promise<Begun> {
  const { clock } = deps.runtime;
  const readingKey = `${source.side}:${source.party}`;
  const untilMs = clock.now() + PATIENCE_MS;
  let lastSeen: { id: string; leaseUntilMs: number } | undefined;
  for (;;) {
    const begun = await deps.database.transaction((tx) => tryToBegin(deps, tx, source, readingKey));
    if (begun.kind !== 'busy') return begun;
    const { id, leaseUntilMs, contentHash } = begun.other;
    invariant(leaseUntilMs !== null, 'who reads has a lease');
    const isAlive = lastSeen?.id === id && leaseUntilMs > lastSeen.leaseUntilMs;
    const isSameFile = contentHash !== null && contentHash === source.contentHash;
    if ((isAlive && isSameFile) || clock.now() >= untilMs) return begun;
    if (leaseUntilMs <= clock.now()) await discardDead(deps, begun.other);
    else await sleep(clock, LOOK_AGAIN_MS);
    lastSeen ??= { id, leaseUntilMs };
    if (lastSeen.id !== id) lastSeen = { id, leaseUntilMs };
  }
}

async function tryToBegin(deps: StatementDeps, tx: Tx, source: StatementSource, readingKey: string): Promise<Begun> {
  const other = await tx.findOne(StatementSchema, { readingKey });
  if (other) return { kind: 'busy', other };
  const { contentHash = null } = source;
  const { side, party } = source;
  const earlier = contentHash && (await tx.findOne(StatementSchema, { side, party, contentHash, state: 'complete' }));
  if (earlier) return { kind: 'seen-before', earlier };
  const statement = newStatement(deps, source, readingKey);
  if (await tx.insertOnce(StatementSchema, statement)) return { kind: 'begun', statement };
  const first = await tx.lockOne(StatementSchema, { readingKey });
  invariant(first, 'who was first is seen once he has committed');
  return { kind: 'busy', other: first };
}

function newStatement({ runtime }: StatementDeps, source: StatementSource, readingKey: string): Statement {
  const now = runtime.clock.now();
  return {
    id: runtime.ids.next(),
    side: source.side,
    party: source.party,
    source: source.source,
    fileName: source.fileName?.slice(0, 255) ?? null,
    contentHash: source.contentHash ?? null,
    state: 'reading',
    proof: null,
    currency: source.currency,
    lines: 0,
    faults: 0,
    inMinor: 0n,
    outMinor: 0n,
    closingMinor: null,
    fromMs: null,
    toMs: null,
    problem: null,
    startedAtMs: now,
    finishedAtMs: null,
    comparedAtMs: null,
    readingKey,
    leaseUntilMs: now + LEASE_MS,
  };
}

/** Another took over what was given up for dead: its lines are gone, and this reader must end. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Renews the lease beside one long question to the store, which writes nothing by itself. Throws `LeaseLost`. */
export async function holdingLease<T>(deps: StatementDeps, id: string, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await sleep(deps.runtime.clock, LEASE_MS / 3, ended.signal);
      if (ended.signal.aborted) return;
      await deps.database.transaction((tx) => renewLease(deps, tx, id));
    }
  })();
  const working = work();
  try {
    return await Promise.race([working, renewing.then(() => working)]);
  } finally {
    ended.abort();
    await Promise.allSettled([renewing, working]);
  }
}

/** Goes with every write of a reader, in its transaction. Throws `LeaseLost`. */
export async function renewLease({ runtime }: StatementDeps, tx: Tx, id: string): Promise<void> {
  const leaseUntilMs = runtime.clock.now() + LEASE_MS;
  const held = await tx.update(StatementSchema, { id, state: 'reading' }, { leaseUntilMs });
  if (held === 0) throw new LeaseLost('another reader has taken the statement over');
}
