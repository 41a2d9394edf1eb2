import type { Tx } from '../../platform/database/index.ts';
import { type Break, BreakSchema } from './break.ts';
import { breakStates } from './break-states.ts';
import { type BreakDeps, recordBreakEvent } from './open-break.ts';

/** Who resolves what evidence explains. */
export const SERVICE = 'service';

/** The cause is gone: nobody has to explain it any more. What two people said before stays in its events. */
export async function endByEvidence(deps: BreakDeps, tx: Tx, breakId: string, reason: string): Promise<void> {
  const open = await tx.lockOne(BreakSchema, { id: breakId });
  if (!open || open.state === 'resolved') return;
  breakStates.assert(open.state, 'resolved');
  const confirmedAtMs = deps.runtime.clock.now();
  const patch = { confirmedBy: SERVICE, confirmedAtMs, confirmedReason: reason, resolution: 'evidence' };
  await tx.update(BreakSchema, { id: breakId }, { ...patch, state: 'resolved' });
  await recordBreakEvent(deps, tx, breakId, open.state, 'resolved', { actor: SERVICE, reason });
}

/** Its cause is back. What people resolved stays resolved: they knew of it. */
export async function openAgain(deps: BreakDeps, tx: Tx, before: Break, detail: string): Promise<void> {
  if (before.state !== 'resolved' || before.confirmedBy !== SERVICE) return;
  breakStates.assert(before.state, 'open');
  const patch = { confirmedBy: null, confirmedAtMs: null, confirmedReason: null, resolution: null };
  await tx.update(BreakSchema, { id: before.id }, { ...patch, state: 'open', detail });
  await recordBreakEvent(deps, tx, before.id, 'resolved', 'open', { actor: SERVICE, reason: detail });
}
