import { invariant, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  type Approval,
  castVoteWithin,
  outdateApproval,
  policyFor,
  submitApproval,
  type Vote,
  withdrawApproval,
} from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { bandsOf, lockOrganisation, type Organisation, PAYOUT_BATCH } from '../organisations/index.ts';
import { makersOfBatch, type PayoutBatch, PayoutBatchSchema, totalOf } from './batch.ts';
import { UNSENT } from './batch-states.ts';
import { countWarnings, setExcluded } from './check-batch.ts';
import { type Maker, makerIds, type PayoutBatchDeps } from './deps.ts';
import { actorText, countIn, withMaker } from './make-batch.ts';
import { moveBatch, recordBatchEvent } from './move-batch.ts';
import { planFunding } from './plan-batch.ts';
import { giveBackReserved } from './reserve-batch.ts';

interface Which {
  batchId: string;
  organisationId: string;
}

/**
 * Ready to submitted: it waits for people who had no hand in it. Rows with warnings need a reason. Refuses with `batch.not-found`,
 * `batch.state`, `batch.reason-needed` (`{warnings}`), `batch.no-policy`.
 */
export async function submitBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { batchId, organisationId, reason }: Which & { reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const batch = await lockBatch(tx, { batchId, organisationId });
    const warnings = await countWarnings(tx.manager, batchId);
    if (warnings > 0 && reason.trim() === '') throw new Refusal('batch.reason-needed', { warnings });
    return submitWithin(deps, tx, actor, maker, { organisation, batch, reason, warnings });
  });
}

interface Submitted {
  organisation: Organisation;
  batch: PayoutBatch;
  reason: string;
  warnings?: number;
}

/** The same of what is locked. Refuses with `batch.state` and `batch.no-policy`. */
export async function submitWithin(
  deps: PayoutBatchDeps,
  tx: Tx,
  actor: Actor,
  maker: Maker,
  { organisation, batch, reason, warnings = 0 }: Submitted,
): Promise<PayoutBatch> {
  const { id: organisationId } = organisation;
  if (batch.state !== 'ready') throw new Refusal('batch.state', { state: batch.state });
  invariant(batch.contentHash, 'what was checked has a hash');
  const policy = policyFor(bandsOf(deps, organisation), totalOf(batch));
  if (!policy) throw new Refusal('batch.no-policy');
  const makers = [...new Set([...makersOfBatch(batch), ...makerIds(maker)])];
  const approval = await submitApproval(deps, tx, {
    ...{ kind: PAYOUT_BATCH, subjectId: batch.id, subjectHash: batch.contentHash, scope: organisationId },
    ...{ amount: totalOf(batch), policy, makerId: maker.id, editorIds: makers, reason },
  });
  const { number, version, totalMinor, rows } = batch;
  await recordAct(deps, tx, {
    ...{ actor, act: 'batch.submitted', subject: { kind: 'payout-batch', id: batch.id }, reason },
    after: { number, version, rows, totalMinor, warnings, hash: batch.contentHash },
  });
  const patch = { approvalId: approval.id, submittedAtMs: deps.runtime.clock.now(), makers: JSON.stringify(makers) };
  const why = reason || 'submitted';
  return moveBatch(deps, tx, batch, 'submitted', { actor: actorText(actor), reason: why }, patch);
}

export async function lockBatch(tx: Tx, { batchId, organisationId }: Which): Promise<PayoutBatch> {
  const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
  if (!batch || batch.organisationId !== organisationId) throw new Refusal('batch.not-found');
  return batch;
}

/** One person's vote. Refuses as `castVote` does, also when it is about something else. */
export function voteOnBatch(deps: PayoutBatchDeps, actor: Actor, vote: Vote): Promise<Approval> {
  return deps.database.transaction(async (tx) => {
    const approval = await castVoteWithin(deps, tx, vote);
    if (approval.kind !== PAYOUT_BATCH) throw new Refusal('approval.not-found');
    const batch = await tx.lockOne(PayoutBatchSchema, { id: approval.subjectId });
    invariant(batch, 'what is approved is there');
    const { verdict, reason } = vote;
    if (approval.state === 'pending' && batch.state === 'submitted') {
      const cause = { actor: actorText(actor), reason: reason || 'the first yes' };
      await moveBatch(deps, tx, batch, 'in-approval', cause);
    }
    await recordAct(deps, tx, {
      ...{ actor, act: `batch.vote-${verdict}`, subject: { kind: 'payout-batch', id: batch.id }, reason },
      after: { approval: approval.state, step: approval.step, hash: approval.subjectHash },
    });
    return approval;
  });
}

interface DecisionNews {
  approvalId: string;
  subjectId: string;
}

/** Everyone who had to has said yes: locked from here on. */
export async function onBatchGranted(deps: PayoutBatchDeps, { approvalId, subjectId }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const batch = await tx.lockOne(PayoutBatchSchema, { id: subjectId });
    if (!batch || batch.approvalId !== approvalId) return;
    if (batch.state !== 'submitted' && batch.state !== 'in-approval') return;
    const cause = { actor: 'approvals', reason: 'everyone who had to said yes' };
    await approve(deps, tx, batch, cause);
  });
}

/** Also for a run that a standing approval covers. */
export async function approve(
  deps: PayoutBatchDeps,
  tx: Tx,
  batch: PayoutBatch,
  cause: { actor: string; reason: string },
): Promise<PayoutBatch> {
  const now = deps.runtime.clock.now();
  await planFunding(deps, tx, batch.id);
  return moveBatch(deps, tx, batch, 'approved', cause, { approvedAtMs: now });
}

export async function onBatchRejected(deps: PayoutBatchDeps, { approvalId, subjectId }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const batch = await tx.lockOne(PayoutBatchSchema, { id: subjectId });
    if (!batch || batch.approvalId !== approvalId) return;
    if (batch.state !== 'submitted' && batch.state !== 'in-approval') return;
    await moveBatch(deps, tx, batch, 'draft', { actor: 'approvals', reason: 'somebody said no' }, nextVersion(batch));
  });
}

const nextVersion = ({ version, pauseReason }: PayoutBatch) => ({
  ...{ version: version + 1, contentHash: null, approvalId: null, submittedAtMs: null, approvedAtMs: null },
  // What hindered the one before is looked at anew; what a person holds he lets go himself.
  ...(pauseReason === 'by-person' ? {} : { pauseReason: null, pauseDetail: null, pausedAtMs: null }),
});

/**
 * Back to a draft, to be changed: whatever was said about it counts no more. By whoever may make batches, until its money is set
 * aside. Refuses with `batch.not-found` and `batch.state`.
 */
export function reopenBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { batchId, organisationId, reason }: Which & { reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (!['ready', 'submitted', 'in-approval', 'approved'].includes(batch.state)) {
      throw new Refusal('batch.state', { state: batch.state });
    }
    if (batch.approvalId !== null) await outdateApproval(deps, tx, batch.approvalId);
    await recordAct(deps, tx, {
      ...{ actor, act: 'batch.reopened', subject: { kind: 'payout-batch', id: batchId }, reason },
      before: { state: batch.state, version: batch.version, hash: batch.contentHash },
    });
    const patch = { ...nextVersion(batch), ...withMaker(batch, maker) };
    return moveBatch(deps, tx, batch, 'draft', { actor: actorText(actor), reason: reason || 'to be changed' }, patch);
  });
}

/** Takes a row of a draft out, or back in. Refuses with `batch.not-found`, `batch.state` and `batch.row`. */
export function excludeRow(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { batchId, organisationId, rowNo, excluded, reason }: Which & { rowNo: number; excluded: boolean; reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (batch.state !== 'draft') throw new Refusal('batch.state', { state: batch.state });
    if ((await setExcluded(deps, tx, batch, { rowNo, excluded })) === 0) throw new Refusal('batch.row', { rowNo });
    const patch = { ...(await countIn(tx, batchId)), ...withMaker(batch, maker) };
    await tx.update(PayoutBatchSchema, { id: batchId }, patch);
    const text = `row ${rowNo} ${excluded ? 'is taken out' : 'is back in'}: ${reason}`;
    await recordBatchEvent(deps, tx, batchId, 'draft', 'draft', { actor: actorText(actor), reason: text });
    return { ...batch, ...patch };
  });
}

/** Gives a batch up while nothing of it was sent; what was set aside for it goes back. Refuses with `batch.not-found` and `batch.state`. */
export function cancelBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId, reason }: Which & { reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const batch = await lockBatch(tx, { batchId, organisationId });
    if (!UNSENT.includes(batch.state)) throw new Refusal('batch.state', { state: batch.state });
    if (batch.approvalId !== null) await outdateApproval(deps, tx, batch.approvalId);
    if (batch.state === 'funded') await giveBackReserved(deps, tx, batch);
    await recordAct(deps, tx, {
      ...{ actor, act: 'batch.cancelled', subject: { kind: 'payout-batch', id: batchId }, reason },
      before: { state: batch.state },
    });
    const cause = { actor: actorText(actor), reason: reason || 'given up' };
    return moveBatch(deps, tx, batch, 'cancelled', cause);
  });
}

/** Who submitted it takes it back while nobody has decided: a draft again. Refuses as `withdrawApproval` does. */
export function withdrawBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { approvalId, makerId, reason }: { approvalId: string; makerId: string; reason: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const known = await tx.findOne(PayoutBatchSchema, { approvalId });
    const batch = known && (await tx.lockOne(PayoutBatchSchema, { id: known.id }));
    if (!batch || batch.approvalId !== approvalId) throw new Refusal('batch.not-found');
    await withdrawApproval(deps, tx, { approvalId, makerId });
    await recordAct(deps, tx, {
      actor,
      act: 'batch.withdrawn',
      subject: { kind: 'payout-batch', id: batch.id },
      reason,
    });
    const cause = { actor: actorText(actor), reason: reason || 'taken back' };
    return moveBatch(deps, tx, batch, 'draft', cause, nextVersion(batch));
  });
}
