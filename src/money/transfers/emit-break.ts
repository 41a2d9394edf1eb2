import type { Tx } from '../../platform/database/index.ts';
import type { BreakType } from './break-type.ts';
import type { TransferDeps } from './deps.ts';
import { transferEvent } from './topics.ts';
import type { Transfer } from './transfer.ts';

/** Tells a person, once for each thing and type; with the transfer, where it is about one, its operator and amount too. */
export async function emitBreak(
  deps: TransferDeps,
  tx: Tx,
  breakType: BreakType,
  subjectId: string,
  detail: string,
  transfer?: Pick<Transfer, 'operator' | 'amountMinor' | 'currency'>,
): Promise<void> {
  const amount = transfer && { amountMinor: transfer.amountMinor.toString(), currency: transfer.currency };
  const about = transfer ? { amount, party: transfer.operator } : {};
  await deps.outbox.emit(tx, {
    topic: transferEvent.breakFound,
    key: `${breakType}:${subjectId}`,
    payload: { breakType, subjectId, detail, ...about },
  });
}
