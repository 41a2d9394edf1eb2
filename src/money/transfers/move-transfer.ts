import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Transfer, TransferEventSchema, TransferSchema } from './transfer.ts';
import { type TransferState, transferStates } from './transfer-states.ts';

/** The one way in which a transfer's state changes: an allowed transition and its event, on a row that is locked. */
export async function moveTransfer(
  deps: { runtime: Runtime },
  tx: Tx,
  transfer: Transfer,
  to: TransferState,
  cause: { actor: string; reason: string },
  patch: Partial<Transfer> = {},
): Promise<Transfer> {
  transferStates.assert(transfer.state, to);
  await tx.update(TransferSchema, { id: transfer.id }, { ...patch, state: to });
  await recordTransferEvent(deps, tx, transfer.id, transfer.state, to, cause);
  return { ...transfer, ...patch, state: to };
}

export async function recordTransferEvent(
  deps: { runtime: Runtime },
  tx: Tx,
  transferId: string,
  fromState: string,
  toState: string,
  { actor, reason }: { actor: string; reason: string },
): Promise<void> {
  await tx.insert(TransferEventSchema, {
    id: deps.runtime.ids.next(),
    transferId,
    fromState,
    toState,
    actor,
    reason: reason.slice(0, 255),
    atMs: deps.runtime.clock.now(),
  });
}
