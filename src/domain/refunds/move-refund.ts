import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Refund, RefundEventSchema, RefundSchema } from './refund.ts';
import { type RefundState, refundStates } from './refund-states.ts';

/** The one way in which a refund's state changes: an allowed transition and its event, on a row that is locked. */
export async function moveRefund(
  deps: { runtime: Runtime },
  tx: Tx,
  refund: Refund,
  to: RefundState,
  cause: { actor: string; reason: string },
  patch: Partial<Refund> = {},
): Promise<Refund> {
  refundStates.assert(refund.state, to);
  const change = { ...patch, state: to, changedAtMs: deps.runtime.clock.now() };
  await tx.update(RefundSchema, { id: refund.id }, change);
  await recordRefundEvent(deps, tx, refund.id, refund.state, to, cause);
  return { ...refund, ...change };
}

export async function recordRefundEvent(
  { runtime }: { runtime: Runtime },
  tx: Tx,
  refundId: string,
  fromState: RefundState | 'none',
  toState: RefundState,
  { actor, reason }: { actor: string; reason: string },
): Promise<void> {
  await tx.insert(RefundEventSchema, {
    ...{ id: runtime.ids.next(), refundId, fromState, toState },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}
