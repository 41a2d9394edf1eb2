import { invariant, newReference } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { TransferDeps } from './deps.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { blankTransfer } from './request-transfer.ts';
import { reversalsOf } from './reversals.ts';
import { transferTopic } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

const MOST_DRAWS = 5;

/**
 * Commits, with the caller's fact, a transfer that takes an earlier one back whole, and the work of asking the operator for it.
 * What it pays out must be owed to customers in the ledger by then. Undefined when it was taken back already, or another
 * request for it is not proven to have failed: the lock of the earlier one lets only one of two through.
 */
export async function requestReversal(deps: TransferDeps, tx: Tx, originalId: string): Promise<Transfer | undefined> {
  const original = await tx.lockOne(TransferSchema, { id: originalId });
  invariant(
    original?.state === 'succeeded' && original.receipt !== null,
    'what is taken back has come, with a receipt',
  );
  invariant(original.route !== 'reversal', 'a reversal is not taken back');
  const earlier = await reversalsOf(tx, originalId);
  if (earlier.some(({ state }) => state !== 'failed')) return undefined;
  const transfer: Transfer = {
    ...blankTransfer(deps),
    ...{ operator: original.operator, route: 'reversal', purpose: 'refund', purposeId: originalId },
    ...amountOf(original),
    payer: original.payer,
  };
  for (let draws = 1; !(await tx.insertOnce(TransferSchema, transfer)); draws += 1) {
    invariant(draws < MOST_DRAWS, 'no free reference was drawn');
    transfer.reference = newReference(deps.runtime.chance);
  }
  const cause = { actor: 'service', reason: `takes ${original.receipt} back` };
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'requested', cause);
  const payload = { transferId: transfer.id, tries: 0 };
  await deps.outbox.emit(tx, { topic: transferTopic.reverse, key: transfer.id, payload });
  return transfer;
}
