import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent, InboxState } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';

/** What fits nothing yet is matched again after this time, then after twice as long each time, then given to staff. */
const REMATCH_AFTER_MS = 5_000;
const REMATCH_FOR_MS = 10 * 60_000;

export type Verdict =
  | { state: InboxState; subjectId?: string; note?: string }
  /** Fits nothing yet. */
  | { wait: string };

/** What a message means and that it was looked at are one commit: a process that dies between them cannot tell them apart. */
export async function applyEvent(
  deps: TransferDeps,
  eventId: string,
  apply: (tx: Tx, event: InboxEvent) => Promise<Verdict>,
): Promise<Outcome> {
  const event = await deps.inbox.find(eventId);
  if (!event || !isOpen(event)) return undefined;
  return deps.database.transaction(async (tx) => markVerdict(deps, tx, event, await apply(tx, event)));
}

/** What it means is still to be found out. */
export const isOpen = ({ state }: InboxEvent): boolean => state === 'new' || state === 'unmatched';

/** In the transaction of what the verdict is about. */
export async function markVerdict(deps: TransferDeps, tx: Tx, event: InboxEvent, verdict: Verdict): Promise<Outcome> {
  if (!('wait' in verdict)) {
    await deps.inbox.mark(tx, event.id, verdict.state, verdict.subjectId, verdict.note);
    if (verdict.state === 'staff') await breakOf(deps, tx, event, verdict.note ?? '');
    return undefined;
  }
  const waitedMs = deps.runtime.clock.now() - event.receivedAtMs;
  const givenUp = waitedMs >= REMATCH_FOR_MS;
  await deps.inbox.mark(tx, event.id, givenUp ? 'staff' : 'unmatched', undefined, verdict.wait);
  if (!givenUp) return { again: { inMs: Math.max(REMATCH_AFTER_MS, waitedMs) } };
  await breakOf(deps, tx, event, verdict.wait);
  return undefined;
}

function breakOf(deps: TransferDeps, tx: Tx, event: InboxEvent, why: string): Promise<void> {
  return emitBreak(deps, tx, 'callback-unmatched', event.id, `${event.kind}: ${why}`);
}
