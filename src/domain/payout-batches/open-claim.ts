import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { type PayoutRow, PayoutRowSchema } from './batch.ts';
import { type PayoutClaim, PayoutClaimSchema } from './claim.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { getBatch } from './find-batches.ts';
import { actorText } from './make-batch.ts';
import { insertClaim, moveClaim } from './move-claim.ts';

/**
 * Somebody says that a payout went wrong. It stays paid, and cannot be paid again, until a statement shows the money back. Refuses
 * with `batch.not-found`, `batch.row` (it is not paid) and `claim.open` (one is under way, or was).
 */
export async function openClaim(
  deps: PayoutBatchDeps,
  actor: Actor,
  {
    batchId,
    organisationId,
    rowNo,
    reason,
  }: { batchId: string; organisationId: string; rowNo: number; reason: string },
): Promise<PayoutClaim & { row: PayoutRow }> {
  const batch = await getBatch(deps, batchId, organisationId);
  return deps.database.transaction(async (tx) => {
    const known = await tx.findOne(PayoutRowSchema, { batchId, rowNo });
    const row = known && (await tx.lockOne(PayoutRowSchema, { id: known.id }));
    if (row?.state !== 'paid') throw new Refusal('batch.row');
    const before = await tx.lockOne(PayoutClaimSchema, { rowId: row.id });
    const cause = { actor: actorText(actor), reason };
    if (before && before.state !== 'proposed' && before.state !== 'dismissed') {
      throw new Refusal('claim.open', { state: before.state });
    }
    const claim = before
      ? await moveClaim(deps, tx, before, 'opened', cause, { openedBy: cause.actor.slice(0, 64), reason })
      : await insertClaim(deps, tx, { row, batch, state: 'opened', cause });
    await recordAct(deps, tx, {
      ...{ actor, act: 'claim.opened', subject: { kind: 'payout-claim', id: claim.id }, scope: organisationId, reason },
      after: { batchId, rowNo },
    });
    return { ...claim, row };
  });
}

/** A recipient says that nothing came: for people to look at. One that somebody has looked at stays as it is. Returns that, or the new one. */
export async function proposeClaim(
  deps: PayoutBatchDeps,
  tx: Tx,
  row: PayoutRow,
  batch: { id: string; organisationId: string },
): Promise<PayoutClaim> {
  const before = await tx.findOne(PayoutClaimSchema, { rowId: row.id });
  if (before) return before;
  const cause = { actor: 'recipient', reason: 'the recipient answered that the money did not come' };
  return insertClaim(deps, tx, { row, batch, state: 'proposed', cause });
}
