import { In } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { ledgerAccount, type Movement, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { costOf } from '../funding/index.ts';
import { lockOrganisation } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from './batch.ts';
import { batchEvent, type PayoutBatchDeps } from './deps.ts';
import { actorText } from './make-batch.ts';
import { moveBatch } from './move-batch.ts';
import { feesOf } from './reserve-batch.ts';
import { lockBatch } from './submit-batch.ts';

/**
 * Ends a batch of which no row is open: charges, fee and tax are booked for the rows that were paid, and the rest of what was set aside for
 * them goes back. By a person, or by the service for one of which nothing is left to be done. Refuses with `batch.not-found` and `batch.state`.
 */
export function closeBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, reason }: { batchId: string; organisationId: string; reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.state === 'closed') return batch;
    if (batch.state !== 'paid' && batch.state !== 'partly-paid')
      throw new Refusal('batch.state', { state: batch.state });
    await bookFees(deps, tx, batch);
    if (actor.kind !== 'service') {
      await recordAct(deps, tx, { actor, act: 'batch.closed', subject: { kind: 'payout-batch', id: batchId }, reason });
    }
    const closedAtMs = deps.runtime.clock.now();
    await deps.outbox.emit(tx, { topic: batchEvent.closed, key: batchId, payload: { batchId } });
    return moveBatch(
      deps,
      tx,
      batch,
      'closed',
      { actor: actorText(actor), reason: reason || 'closed' },
      { closedAtMs },
    );
  });
}

const SERVICE: Omit<Actor, 'scope'> = { kind: 'service', id: 'batches', address: '' };

/**
 * Every row is decided. A batch that is wholly paid needs nobody any more; nor does one that somebody has stopped for good and of which all
 * that was sent is paid. One with rows that failed waits for a person.
 */
export async function onBatchFinished(deps: PayoutBatchDeps, { batchId }: { batchId: string }): Promise<void> {
  const { reader } = deps.database;
  const batch = await reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  if (batch?.state !== 'paid' && batch?.state !== 'partly-paid') return;
  if (batch.state === 'partly-paid') {
    if (batch.stopReason === null) return;
    if ((await reader.countBy(PayoutRowSchema, { batchId, state: In(['failed', 'reversed']) })) > 0) return;
  }
  const { organisationId } = batch;
  const reason = batch.state === 'paid' ? 'every row was paid' : `stopped: ${batch.stopReason}`;
  await closeBatch(deps, { ...SERVICE, scope: organisationId }, { batchId, organisationId, reason });
}

/** What the paid rows cost, at most what was set aside: an organisation never pays more than it was told. */
async function bookFees(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch): Promise<void> {
  const { id, organisationId, operator, currency } = batch;
  const held = feesOf(batch).amountMinor;
  if (held === 0n) return;
  const groups: { amount_minor: unknown; n: unknown }[] = await tx.manager.query(
    "SELECT amount_minor, COUNT(*) AS n FROM payout_row WHERE batch_id = ? AND state = 'paid' GROUP BY amount_minor",
    [id],
  );
  const amounts = groups.map(({ amount_minor, n }) => ({ amountMinor: BigInt(String(amount_minor)), rows: Number(n) }));
  const least = (one: bigint, other: bigint) => (one < other ? one : other);
  const cost =
    amounts.length > 0 ? costOf(deps.payoutRules, operator, amounts) : { chargesMinor: 0n, feeMinor: 0n, taxMinor: 0n };
  const charges = least(cost.chargesMinor, batch.chargesMinor);
  const fee = least(cost.feeMinor, batch.feeMinor);
  const tax = least(cost.taxMinor, batch.taxMinor);
  const from = ledgerAccount.payoutFees(organisationId);
  const parts: [string, bigint][] = [
    [ledgerAccount.charges(operator), charges],
    [ledgerAccount.income(organisationId), fee],
    [ledgerAccount.tax, tax],
    [ledgerAccount.organisation(organisationId), held - charges - fee - tax],
  ];
  const movements: Movement[] = parts
    .filter(([, amountMinor]) => amountMinor > 0n)
    .map(([credit, amountMinor]) => ({ debit: from, credit, amount: { amountMinor, currency } }));
  await postEntry(deps, tx, { kind: 'payout-fees', subjectId: id, movements });
}
