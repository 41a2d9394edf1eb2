import type { Money } from '../../kernel/index.ts';
import { sameMoney } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { EvidenceRank } from '../../providers/operators/index.ts';
import { ledgerAccount, postEntry } from '../ledger/index.ts';
import type { Applied } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { blankTransfer } from './request-transfer.ts';
import { amountOf, emitBreak } from './settle-transfer.ts';
import { transferEvent } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** A line by which the operator undid an earlier one. */
export interface Reversal {
  /** Of the reversal itself. */
  receipt: string;
  /** Of what it undoes. */
  ofReceipt: string;
  /** Positive. */
  amount: Money;
  completedAtMs: number;
}

/**
 * Money that the operator took back. A success is never undone: the reversal is a transfer of its own, booked once by its receipt,
 * and whoever is above hears of the one that it undoes. Another amount than what had come is not acted on: a person looks.
 */
export async function applyReversal(
  deps: TransferDeps,
  tx: Tx,
  operator: string,
  reversal: Reversal,
  rank: EvidenceRank,
): Promise<Applied> {
  const original = await tx.lockOne(TransferSchema, { operator, receipt: reversal.ofReceipt });
  if (!original) return { transferId: undefined, why: 'it undoes a receipt that we do not know' };
  if (original.route === 'reversal') return { transferId: undefined, why: 'it undoes a reversal' };
  if (!sameMoney(original, reversal.amount)) {
    await emitBreak(deps, tx, 'contradiction', original.id, `reversal ${reversal.receipt} of another amount`);
    return { transferId: original.id, isNew: false };
  }
  const purpose = 'reversal';
  const before = await tx.findOne(TransferSchema, { purpose, purposeId: original.id });
  if (before) {
    if (before.receipt !== reversal.receipt) {
      await emitBreak(deps, tx, 'contradiction', original.id, `reversed twice: ${reversal.receipt}`);
    }
    return { transferId: original.id, isNew: false };
  }
  const transfer: Transfer = {
    ...blankTransfer(deps),
    ...{ operator, route: 'reversal', purpose, purposeId: original.id, ...amountOf(original), payer: original.payer },
    ...{ state: 'succeeded', receipt: reversal.receipt, resultCode: '0', evidenceRank: rank },
    settledAtMs: deps.runtime.clock.now(),
    completedAtMs: reversal.completedAtMs,
  };
  await tx.insert(TransferSchema, transfer);
  const cause = { actor: `operator:${rank}`, reason: `undoes ${reversal.ofReceipt}` };
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'succeeded', cause);
  await recordTransferEvent(deps, tx, original.id, original.state, original.state, {
    actor: cause.actor,
    reason: `taken back: ${reversal.receipt}`,
  });
  await postEntry(deps, tx, {
    kind: 'taken-back',
    subjectId: transfer.id,
    movements: [{ debit: ledgerAccount.takenBack, credit: ledgerAccount.float(operator), amount: amountOf(original) }],
  });
  const payload = { transferId: original.id };
  await deps.outbox.emit(tx, { topic: transferEvent.reversed, key: original.id, payload });
  return { transferId: original.id, isNew: true };
}
