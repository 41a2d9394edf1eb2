import { Refusal } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { applyReversal, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { partyOf, type StatementRow, StatementRowSchema, StatementSchema } from '../reconciliation/index.ts';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';
import { type PayoutClaim, PayoutClaimSchema } from './claim.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { moveBatch, moveRow } from './move-batch.ts';
import { insertClaim, moveClaim } from './move-claim.ts';
import type { PayoutNews } from './on-payout.ts';
import { planTelling } from './plan-batch.ts';
import { lockClaim } from './pursue-claim.ts';

/**
 * A person says by which line of the operator's statement the money of a claim came back, where the line itself does not name the
 * payout (one that does is found by the night). The money is booked by the line's receipt, once; what then becomes of the row is news.
 * Refuses with `claim.not-found`, `claim.state`, and `claim.line` (`{why}`) for a line that is not this money.
 */
export function returnClaim(
  deps: PayoutBatchDeps,
  actor: Actor,
  {
    claimId,
    organisationId,
    statementLineId,
    reason,
  }: { claimId: string; organisationId: string; statementLineId: string; reason: string },
): Promise<void> {
  return deps.database.transaction(async (tx) => {
    const claim = await lockClaim(tx, claimId, organisationId);
    const row = await tx.findOne(PayoutRowSchema, { id: claim.rowId });
    const payout = row?.transferId ? await tx.findOne(TransferSchema, { id: row.transferId }) : null;
    if (claim.state === 'returned' || row?.state !== 'paid' || !payout?.receipt) {
      throw new Refusal('claim.state', { state: claim.state });
    }
    const { receipt, amountMinor, currency, atMs } = await provingLine(tx, statementLineId, payout);
    const reversal = { receipt, ofReceipt: payout.receipt, amount: { amountMinor, currency }, completedAtMs: atMs };
    const applied = await applyReversal(deps, tx, payout.operator, reversal, 'statement');
    if (applied.transferId === undefined || !applied.isNew) throw new Refusal('claim.line', { why: 'booked' });
    await recordAct(deps, tx, {
      ...{
        actor,
        act: 'claim.returned',
        subject: { kind: 'payout-claim', id: claimId },
        scope: organisationId,
        reason,
      },
      before: { state: claim.state },
      after: { receipt, statementLineId },
    });
  });
}

type ProvingLine = StatementRow & { receipt: string };

/** Money that came to the account which had paid, of that amount and not before it, that nothing else is booked by. */
async function provingLine(tx: Tx, id: string, payout: Transfer): Promise<ProvingLine> {
  const not = (why: string) => new Refusal('claim.line', { why });
  const line = await tx.findOne(StatementRowSchema, { id });
  if (line?.side !== 'operator' || line.party !== partyOf(payout) || line.lineState !== 'accepted')
    throw not('unknown');
  const statement = await tx.findOne(StatementSchema, { id: line.statementId });
  if (statement?.state !== 'complete') throw not('unknown');
  const { receipt, amountMinor, currency, atMs, linkedReceipt, lineKind } = line;
  if (receipt === null || lineKind === 'charge') throw not('unknown');
  if (amountMinor !== payout.amountMinor || currency !== payout.currency) throw not('amount');
  if (atMs < (payout.submittedAtMs ?? payout.createdAtMs)) throw not('earlier');
  if (linkedReceipt !== null && linkedReceipt !== payout.receipt) throw not('another');
  if (await tx.findOne(TransferSchema, { operator: payout.operator, receipt })) throw not('booked');
  return { ...line, receipt };
}

/**
 * A payout came back, which a statement shows: its money is the organisation's again, and its row may be paid anew. One that nobody had
 * claimed is kept as a claim all the same. False: not a payout of a batch.
 */
export function onPayoutReturned(
  deps: PayoutBatchDeps,
  { transferId }: Pick<PayoutNews, 'transferId'>,
): Promise<boolean> {
  return deps.database.transaction(async (tx) => {
    const payout = await tx.findOne(TransferSchema, { id: transferId });
    const back = await tx.findOne(TransferSchema, { route: 'reversal', purposeId: transferId, state: 'succeeded' });
    const row = payout?.purposeId ? await tx.lockOne(PayoutRowSchema, { id: payout.purposeId }) : null;
    const batch = row && (await tx.findOne(PayoutBatchSchema, { id: row.batchId }));
    if (!back || !row || !batch) return false;
    if (row.transferId === transferId && row.state === 'reversed') return true;
    // The news that it was paid is on its way still: this comes again.
    if (row.transferId === transferId && row.state !== 'paid')
      throw new Error('the row does not know that it was paid');
    await giveBack(deps, tx, batch, back);
    if (row.transferId !== transferId) return true;
    const cause = { actor: 'operator', reason: back.receipt ?? '' };
    await moveRow(deps, tx, row, 'reversed', cause);
    await endClaim(deps, tx, row, batch, back);
    await followRow(deps, tx, batch);
    await planTelling(deps, tx, batch.id);
    return true;
  });
}

async function giveBack(deps: PayoutBatchDeps, tx: Tx, { operator, organisationId }: PayoutBatch, back: Transfer) {
  await postEntry(deps, tx, {
    ...{ kind: 'payout-returned', subjectId: back.id },
    movements: [
      {
        debit: ledgerAccount.reserved(operator),
        credit: ledgerAccount.organisation(organisationId),
        amount: { amountMinor: back.amountMinor, currency: back.currency },
      },
    ],
  });
}

async function endClaim(
  deps: PayoutBatchDeps,
  tx: Tx,
  row: PayoutRow,
  batch: PayoutBatch,
  { receipt }: Transfer,
): Promise<PayoutClaim> {
  const claim = await tx.lockOne(PayoutClaimSchema, { rowId: row.id });
  const cause = { actor: 'operator', reason: receipt ?? '' };
  if (!claim) return insertClaim(deps, tx, { row, batch, state: 'returned', cause, returnReceipt: receipt });
  return moveClaim(deps, tx, claim, 'returned', cause, { returnReceipt: receipt });
}

/** A batch that was wholly paid is so no more. One that is closed stays closed. */
async function followRow(deps: PayoutBatchDeps, tx: Tx, { id }: PayoutBatch): Promise<void> {
  const batch = await tx.lockOne(PayoutBatchSchema, { id });
  if (batch?.state !== 'paid') return;
  await moveBatch(deps, tx, batch, 'partly-paid', { actor: 'operator', reason: 'money of a row came back' });
}
