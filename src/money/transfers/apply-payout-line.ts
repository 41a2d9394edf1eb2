import type { Money } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { EvidenceRank } from '../../providers/operators/index.ts';
import type { Applied } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { settleTransfer } from './settle-transfer.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** A line by which the operator says that it paid somebody. */
export interface PayoutLine {
  receipt: string;
  /** The id of the request, which is our reference. */
  reference: string;
  /** Positive. */
  amount: Money;
  completedAtMs: number;
}

/** A payout that the statement of an account shows (`ownShortCode`: somebody's own, else ours) decides the one that it answers; of one that we did not ask for a person must say what it is. */
export async function applyPayoutLine(
  deps: TransferDeps,
  tx: Tx,
  account: Pick<Transfer, 'operator' | 'ownShortCode'>,
  { reference, receipt, amount, completedAtMs }: PayoutLine,
  rank: EvidenceRank,
): Promise<Applied> {
  const asked = await tx.findOne(TransferSchema, { reference, route: 'payout' });
  if (asked?.operator !== account.operator) return { transferId: undefined, why: 'it pays what we did not ask for' };
  if (asked.ownShortCode !== account.ownShortCode)
    return { transferId: undefined, why: 'another account was asked to pay it' };
  const said = { rank, outcome: 'succeeded' as const, code: '0', description: 'paid from the short code' };
  const decision = await settleTransfer(deps, tx, asked.id, { ...said, receipt, amount, completedAtMs });
  if (decision.do === 'mismatch') return { transferId: undefined, why: decision.why };
  return { transferId: asked.id, isNew: decision.do !== 'nothing' };
}
