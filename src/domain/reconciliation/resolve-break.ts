import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Break, BreakSchema, type BreakState } from './break.ts';
import { breakStates } from './break-states.ts';
import { SERVICE } from './end-by-evidence.ts';
import { type BreakDeps, recordBreakEvent } from './open-break.ts';

/** What can have become of a break. evidence is the service's own word: nobody can choose it. */
export const RESOLUTIONS = ['corrected', 'paid-back', 'written-off', 'explained', 'duplicate'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

interface Word {
  breakId: string;
  /** A name, or the id of a person: whatever tells two people apart. */
  by: string;
  reason: string;
  /** What is to be committed with it, such as an entry of the audit log. */
  alongside?: (tx: Tx) => Promise<unknown>;
}

/** Somebody takes it on. Refuses with `break.not-found` and `break.wrong-state`. */
export async function takeBreak(deps: BreakDeps, { breakId, by, alongside }: Omit<Word, 'reason'>): Promise<void> {
  await change(deps, { breakId, alongside }, async (tx, found) => {
    if (found.state === 'resolved') throw new Refusal('break.wrong-state', { state: found.state });
    await tx.update(BreakSchema, { id: breakId }, { owner: nameOf(by) });
    await recordBreakEvent(deps, tx, breakId, found.state, found.state, { actor: nameOf(by), reason: 'taken on' });
  });
}

/** The first person says what became of it. */
export async function proposeResolution(
  deps: BreakDeps,
  { breakId, by, reason, resolution, alongside }: Word & { resolution: Resolution },
): Promise<void> {
  await change(deps, { breakId, alongside }, async (tx, found) => {
    const proposal = { resolution, proposedBy: nameOf(by), proposedAtMs: deps.runtime.clock.now() };
    const patch = { ...proposal, proposedReason: reasonOf(reason), owner: found.owner ?? nameOf(by) };
    await move(deps, tx, found, 'proposed', { by, reason: `${resolution}: ${reason}` }, patch);
  });
}

/** The second person agrees: it is over. Whoever proposed it cannot. */
export async function confirmResolution(deps: BreakDeps, { breakId, by, reason, alongside }: Word): Promise<void> {
  await change(deps, { breakId, alongside }, async (tx, found) => {
    refuseMaker(found, by);
    const patch = {
      confirmedBy: nameOf(by),
      confirmedAtMs: deps.runtime.clock.now(),
      confirmedReason: reasonOf(reason),
    };
    await move(deps, tx, found, 'resolved', { by, reason }, patch);
  });
}

/** The second person does not agree: it is open again. What was proposed stays in its events. */
export async function rejectResolution(deps: BreakDeps, { breakId, by, reason, alongside }: Word): Promise<void> {
  await change(deps, { breakId, alongside }, async (tx, found) => {
    refuseMaker(found, by);
    const patch = { resolution: null, proposedBy: null, proposedAtMs: null, proposedReason: null };
    await move(deps, tx, found, 'open', { by, reason: reasonOf(reason) }, patch);
  });
}

function refuseMaker({ state, proposedBy }: Break, by: string): void {
  if (state !== 'proposed') throw new Refusal('break.wrong-state', { state });
  // Ann and ann are one person.
  if (proposedBy?.toLowerCase() === nameOf(by).toLowerCase()) throw new Refusal('break.maker-is-checker', { by });
}

function nameOf(by: string): string {
  const name = by.trim().replace(/\s+/g, ' ').slice(0, 64);
  if (name === '' || name.toLowerCase() === SERVICE) throw new Refusal('break.no-name');
  return name;
}

function reasonOf(reason: string): string {
  if (reason.trim() === '') throw new Refusal('break.no-reason');
  return reason.trim().slice(0, 255);
}

async function change(
  deps: BreakDeps,
  { breakId, alongside }: { breakId: string; alongside: Word['alongside'] | undefined },
  work: (tx: Tx, found: Break) => Promise<void>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const found = await tx.lockOne(BreakSchema, { id: breakId });
    if (!found) throw new Refusal('break.not-found', { id: breakId });
    await work(tx, found);
    await alongside?.(tx);
  });
}

async function move(
  deps: BreakDeps,
  tx: Tx,
  found: Break,
  to: BreakState,
  { by, reason }: { by: string; reason: string },
  patch: Partial<Break>,
): Promise<void> {
  if (!breakStates.allows(found.state, to)) throw new Refusal('break.wrong-state', { state: found.state });
  await tx.update(BreakSchema, { id: found.id }, { ...patch, state: to });
  await recordBreakEvent(deps, tx, found.id, found.state, to, { actor: nameOf(by), reason: reasonOf(reason) });
}
