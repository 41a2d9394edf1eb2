import type { Money } from '../../kernel/index.ts';
import { sameMoney } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { EvidenceRank } from '../../providers/operators/index.ts';
import type { Applied } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { blankTransfer } from './request-transfer.ts';
import { reversalsOf, takenBack } from './reversals.ts';
import { settleTransfer } from './settle-transfer.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

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
 * Money that the operator took back, or of a payout gave back. A success is never undone: the reversal is a transfer of its own, booked once by its receipt,
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
  const earlier = await reversalsOf(tx, original.id);
  // One that we asked for is this one, however little is known of it; the last of them where all seemed to have failed.
  const known = earlier.find(({ state }) => state !== 'failed') ?? earlier.at(-1);
  if (known) return applyToKnown(deps, tx, known, reversal, rank);
  const transfer: Transfer = {
    ...blankTransfer(deps),
    ...{ operator, route: 'reversal', purpose: original.route === 'payout' ? 'return' : 'reversal' },
    purposeId: original.id,
    ...{ ...amountOf(original), payer: original.payer },
    ...{ ownAccountId: original.ownAccountId, ownShortCode: original.ownShortCode },
    ...{ state: 'succeeded', receipt: reversal.receipt, resultCode: '0', evidenceRank: rank },
    settledAtMs: deps.runtime.clock.now(),
    completedAtMs: reversal.completedAtMs,
  };
  await tx.insert(TransferSchema, transfer);
  const cause = { actor: `operator:${rank}`, reason: `undoes ${reversal.ofReceipt}` };
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'succeeded', cause);
  await takenBack(deps, tx, transfer, { rank, receipt: reversal.receipt });
  return { transferId: original.id, isNew: true };
}

async function applyToKnown(
  deps: TransferDeps,
  tx: Tx,
  known: Transfer,
  { receipt, ofReceipt, amount, completedAtMs }: Reversal,
  rank: EvidenceRank,
): Promise<Applied> {
  const said = { rank, outcome: 'succeeded' as const, code: '0', description: `undoes ${ofReceipt}` };
  const decision = await settleTransfer(deps, tx, known.id, { ...said, receipt, amount, completedAtMs });
  return { transferId: known.purposeId ?? '', isNew: decision.do === 'settle' || decision.do === 'attach-receipt' };
}
