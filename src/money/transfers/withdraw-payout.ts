import type { Tx } from '../../platform/database/index.ts';
import type { TransferDeps } from './deps.ts';
import { moveTransfer } from './move-transfer.ts';
import { mayBeSentAgain } from './submit-transfer.ts';
import { TransferSchema } from './transfer.ts';

/**
 * Takes a payout back that has not gone out, or of which it is proven that nobody took it: failed, in the caller's transaction, and nobody else is told. False when a byte may have left,
 * or it is decided: then its outcome comes as that of any other.
 */
export async function withdrawPayout(
  deps: Pick<TransferDeps, 'runtime'>,
  tx: Tx,
  transferId: string,
  reason: string,
): Promise<boolean> {
  const transfer = await tx.lockOne(TransferSchema, { id: transferId });
  if (transfer?.route !== 'payout') return false;
  if (transfer.state !== 'requested' && !mayBeSentAgain(transfer)) return false;
  const settled = { resultCode: 'withdrawn', failureCause: 'other' as const, settledAtMs: deps.runtime.clock.now() };
  await moveTransfer(deps, tx, transfer, 'failed', { actor: 'service', reason }, settled);
  return true;
}
