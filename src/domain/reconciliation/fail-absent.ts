import { addDays } from '../../kernel/index.ts';
import { lockTransfer, settleTransfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { partyOf } from './paying-account.ts';
import type { ReconDeps } from './recon-deps.ts';
import { StatementRowSchema } from './statement.ts';

/** A line of the operator that may be this payout: of its amount, and naming neither a receipt nor a request of ours. */
const NAMELESS_PAYOUT = `SELECT l.id FROM statement_line l LEFT JOIN transfer t ON t.operator = ? AND t.receipt = l.receipt
  LEFT JOIN transfer w ON w.reference = l.reference
  WHERE l.party = ? AND l.day >= ? AND l.day <= ? AND l.line_state = 'accepted' AND l.side = 'operator' AND l.line_kind = 'payout'
    AND l.amount_minor = ? AND t.id IS NULL AND w.id IS NULL LIMIT 1`;

/**
 * Absence proves failure only in a complete statement of the account that moves the money, and only once every line has had its two days
 * to come: the caller has seen to both. `day` is that of the request; a line of it, or of the day after, could be the answer.
 */
export async function failAbsent(deps: ReconDeps, tx: Tx, transferId: string, day: string): Promise<void> {
  const known = await tx.findOne(TransferSchema, { id: transferId });
  const transfer = known && (await lockTransfer(tx, known));
  if (!transfer || (transfer.state !== 'unknown' && transfer.state !== 'submitted')) return;
  const { operator, reference, route, purposeId } = transfer;
  const party = partyOf(transfer);
  const ofOperator = { party, side: 'operator' as const, lineState: 'accepted' as const };
  // A reversal's line names the receipt that it undoes, and nothing of ours.
  const undone = route === 'reversal' ? await tx.findOne(TransferSchema, { id: purposeId ?? '' }) : null;
  const named = undone ? { linkedReceipt: undone.receipt ?? '' } : { reference };
  if (await tx.findOne(StatementRowSchema, { ...ofOperator, ...named })) return;
  if (route === 'payout') {
    // What follows a failure is another payout: where one line could be it, nobody but a person may say that it is not.
    const bind = [operator, party, day, addDays(day, 1), -transfer.amountMinor];
    const [maybe] = await tx.manager.query(NAMELESS_PAYOUT, bind);
    if (maybe) return;
  }
  await settleTransfer(deps, tx, transfer.id, {
    ...{ rank: 'statement', outcome: 'failed', code: 'absent', cause: 'other' },
    description: 'a complete statement does not have it',
  });
}
