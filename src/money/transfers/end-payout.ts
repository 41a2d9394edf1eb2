import type { Tx } from '../../platform/database/index.ts';
import type { Evidence } from '../../providers/operators/index.ts';
import { ledgerAccount, postEntry } from '../ledger/index.ts';
import { causeIsOurs } from './cause-is-ours.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { payoutNews } from './payout-news.ts';
import { transferEvent } from './topics.ts';
import { amountOf, type Transfer } from './transfer.ts';

/**
 * A payout is decided. Paid: what was reserved leaves the float. Failed: nothing is booked; whoever reserved it hears of it and takes it
 * back. `before` is the transfer as it was, `after` as it is: one that is paid although its failure was proven has lost its reservation
 * by now, perhaps to another attempt, so its owner is told and a person looks.
 */
export async function endPayout(
  deps: TransferDeps,
  tx: Tx,
  { before, after }: { before: Transfer; after: Transfer },
  to: 'succeeded' | 'failed',
  evidence: Evidence,
): Promise<void> {
  const { id: transferId } = before;
  if (to === 'failed') {
    const payload = { ...payoutNews(before), causeIsOurs: causeIsOurs(evidence.cause ?? null) };
    await deps.outbox.emit(tx, { topic: transferEvent.failed, key: transferId, payload });
    return;
  }
  const { operator, ownShortCode } = before;
  const [debit, credit] = [ledgerAccount.reserved(operator), ledgerAccount.float(operator, ownShortCode)];
  await postEntry(deps, tx, {
    kind: 'paid-out',
    subjectId: transferId,
    movements: [{ debit, credit, amount: amountOf(before) }],
  });
  const wasFailed = before.state === 'failed';
  if (!wasFailed && (await deps.paidTaker?.paid(tx, after))) return;
  await deps.outbox.emit(tx, {
    topic: transferEvent.succeeded,
    key: transferId,
    payload: { ...payoutNews(before), ...(wasFailed ? { wasFailed } : {}) },
  });
  if (wasFailed) {
    const detail = `${evidence.rank}: paid although its failure was proven: ${evidence.receipt}`;
    await emitBreak(deps, tx, 'contradiction', transferId, detail);
  }
}
