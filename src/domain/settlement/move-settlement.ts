import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Settlement, SettlementEventSchema, SettlementSchema } from './settlement.ts';
import { type SettlementState, settlementStates } from './settlement-states.ts';

export interface Cause {
  /** `service`, or the name of a person. */
  actor: string;
  reason: string;
}

/** The one way in which a settlement's state changes: an allowed transition and its event, on a row that is locked. */
export async function moveSettlement(
  deps: { runtime: Runtime },
  tx: Tx,
  settlement: Settlement,
  to: SettlementState,
  cause: Cause,
  patch: Partial<Settlement> = {},
): Promise<Settlement> {
  settlementStates.assert(settlement.state, to);
  const moved = { ...settlement, ...patch, state: to };
  await tx.update(SettlementSchema, { id: settlement.id }, { ...patch, state: to });
  await recordSettlementEvent(deps, tx, moved, settlement.state, cause);
  return moved;
}

export async function recordSettlementEvent(
  { runtime }: { runtime: Runtime },
  tx: Tx,
  { id, version, state }: Settlement,
  fromState: string,
  { actor, reason }: Cause,
): Promise<void> {
  await tx.insert(SettlementEventSchema, {
    id: runtime.ids.next(),
    settlementId: id,
    version,
    fromState,
    toState: state,
    actor: actor.slice(0, 64),
    reason: reason.slice(0, 255),
    atMs: runtime.clock.now(),
  });
}
