import { addDays, businessDay, dayWindow } from '../../kernel/index.ts';
import { lockTransfer, settleTransfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { isProven } from './cover.ts';
import { partyOf } from './paying-account.ts';
import type { ReconDeps } from './recon-deps.ts';
import { StatementRowSchema } from './statement.ts';

/** A line of the operator that may be this payout: of its amount, and naming neither a receipt nor a request of ours. */
const NAMELESS_PAYOUT = `SELECT l.id FROM statement_line l LEFT JOIN transfer t ON t.operator = ? AND t.receipt = l.receipt
  LEFT JOIN transfer w ON w.reference = l.reference
  WHERE l.party = ? AND l.day >= ? AND l.day <= ? AND l.line_state = 'accepted' AND l.side = 'operator' AND l.line_kind = 'payout'
    AND l.amount_minor = ? AND t.id IS NULL AND w.id IS NULL LIMIT 1`;

/** A result comes within minutes; one from just before midnight is in the next day's statement. */
export const ANSWERED_WITHIN_MS = 3_600_000;

/**
 * Absence proves failure only in complete statements of the account that moves the money, from the day on which it was first asked for to the
 * answer of its last sending, and only once every line has had its time to come: that the night has waited is the caller's affair.
 */
export async function failAbsent(deps: ReconDeps, tx: Tx, transferId: string): Promise<void> {
  const known = await tx.findOne(TransferSchema, { id: transferId });
  const transfer = known && (await lockTransfer(tx, known));
  if (!transfer || (transfer.state !== 'unknown' && transfer.state !== 'submitted')) return;
  const { operator, reference, route, purposeId, createdAtMs, submittedAtMs } = transfer;
  const { timeZone, waitDays } = deps.reconSettings;
  const party = partyOf(transfer);
  // Its sending may have been repeated after midnight, and the first one have paid.
  const [first, last] = [businessDay(createdAtMs, timeZone), businessDay(submittedAtMs ?? createdAtMs, timeZone)];
  const endMs = dayWindow(last, timeZone).toMs + ANSWERED_WITHIN_MS;
  if (!(await isProven(deps, party, dayWindow(first, timeZone).fromMs, endMs))) return;
  const ofOperator = { party, side: 'operator' as const, lineState: 'accepted' as const };
  // A reversal's line names the receipt that it undoes, and nothing of ours.
  const undone = route === 'reversal' ? await tx.findOne(TransferSchema, { id: purposeId ?? '' }) : null;
  const named = undone ? { linkedReceipt: undone.receipt ?? '' } : { reference };
  if (await tx.findOne(StatementRowSchema, { ...ofOperator, ...named })) return;
  if (route === 'payout') {
    // What follows a failure is another payout: where one line could be it, nobody but a person may say that it is not.
    const bind = [operator, party, first, addDays(last, waitDays), -transfer.amountMinor];
    const [maybe] = await tx.manager.query(NAMELESS_PAYOUT, bind);
    if (maybe) return;
  }
  await settleTransfer(deps, tx, transfer.id, {
    ...{ rank: 'statement', outcome: 'failed', code: 'absent', cause: 'other' },
    description: 'a complete statement does not have it',
  });
}
