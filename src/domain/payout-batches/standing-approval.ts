import { createHash } from 'node:crypto';
import { addDays, businessDay, dayWindow, isDay, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  type Approval,
  ApprovalVoteSchema,
  castVoteWithin,
  policyFor,
  submitApproval,
  type Vote,
  withdrawApproval,
} from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { bandsOf, lockOrganisation } from '../organisations/index.ts';
import { makersOfBatch } from './batch.ts';
import { type Maker, makerIds, type PayoutBatchDeps } from './deps.ts';
import { lockSchedule, recordScheduleEvent, type WhichSchedule } from './keep-schedule.ts';
import { actorText } from './make-batch.ts';
import { makersOfSchedule, type PayoutSchedule, PayoutScheduleSchema } from './schedule.ts';
import { sourceOf } from './schedule-source.ts';
import { type Approver, NO_STANDING, outdateStanding, recipientsHash } from './standing-limits.ts';

/** Of the approvals that hold for many runs. They are voted on by the bands of batches, for the most that a run may pay. */
export const PAYOUT_STANDING = 'payout-standing';

export interface StandingLimits {
  /** Of each run. */
  mostMinor: bigint;
  mostRows: number;
  /** The last day on which a run is covered: `2027-06-30`. */
  lastDay: string;
}

/** Longer than that people are asked again. */
const LONGEST_DAYS = 366;
const MOST_ROWS = 100_000;

/**
 * Asks that runs of a schedule be granted beforehand, as long as they stay within limits and pay the people whom its next run would pay
 * today. One that was granted before holds no more. Nobody votes on it who made or changed the schedule, or the batch that it pays
 * again. Refuses with `schedule.not-found`, `schedule.state`, `standing.limits`, `batch.no-policy`.
 */
export function askStanding(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { reason, mostMinor, mostRows, lastDay, ...which }: WhichSchedule & StandingLimits & { reason: string },
): Promise<Approval> {
  return deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, which.organisationId);
    const schedule = await lockSchedule(tx, which);
    if (schedule.state === 'ended') throw new Refusal('schedule.state', { state: schedule.state });
    const untilMs = endOf(deps, lastDay);
    if (mostMinor <= 0n || mostMinor > organisation.mostBatchMinor) throw new Refusal('standing.limits');
    if (!Number.isInteger(mostRows) || mostRows < 1 || mostRows > MOST_ROWS) throw new Refusal('standing.limits');
    const amount = { amountMinor: mostMinor, currency: organisation.currency };
    const policy = policyFor(bandsOf(deps, organisation), amount);
    if (!policy) throw new Refusal('batch.no-policy');
    const source = await sourceOf(tx.manager, schedule);
    const standing = {
      ...{ standingMostMinor: mostMinor, standingMostRows: mostRows, standingUntilMs: untilMs },
      ...{ standingRecipientsHash: await recipientsHash(tx, source, schedule.amounts), standingApprovers: null },
    };
    await outdateStanding(deps, tx, schedule);
    const editorIds = [...makersOfSchedule(schedule), ...makersOfBatch(source), ...makerIds(maker)];
    const approval = await submitApproval(deps, tx, {
      ...{ kind: PAYOUT_STANDING, subjectId: schedule.id, subjectHash: hashOf({ ...schedule, ...standing }) },
      ...{ scope: organisation.id, amount, policy, makerId: maker.id, editorIds, reason },
    });
    await tx.update(PayoutScheduleSchema, { id: schedule.id }, { ...standing, standingApprovalId: approval.id });
    await note(deps, tx, schedule, actorText(actor), `a standing approval was asked for: ${reason}`);
    await recordAct(deps, tx, {
      ...{ actor, act: 'standing.asked', subject: { kind: 'payout-schedule', id: schedule.id }, reason },
      after: { mostMinor, mostRows, lastDay, hash: approval.subjectHash },
    });
    return approval;
  });
}

function endOf({ runtime, payoutSettings: { timeZone } }: PayoutBatchDeps, lastDay: string): number {
  const today = businessDay(runtime.clock.now(), timeZone);
  if (!isDay(lastDay) || lastDay < today || lastDay > addDays(today, LONGEST_DAYS)) {
    throw new Refusal('standing.limits');
  }
  return dayWindow(lastDay, timeZone).toMs;
}

/** All that is agreed to. */
function hashOf(schedule: PayoutSchedule): string {
  const { id, rule, sourceBatchId, amounts, hours, standingMostMinor, standingMostRows } = schedule;
  const { standingUntilMs, standingRecipientsHash } = schedule;
  const all = [id, rule, sourceBatchId, amounts, hours, String(standingMostMinor), standingMostRows, standingUntilMs];
  return createHash('sha256')
    .update(JSON.stringify([...all, standingRecipientsHash]))
    .digest('hex');
}

function note(deps: PayoutBatchDeps, tx: Tx, { id, state }: PayoutSchedule, actor: string, reason: string) {
  return recordScheduleEvent(deps, tx, id, state, state, { actor, reason });
}

/** One person's vote. Refuses as `castVote` does, also when it is about something else. */
export function voteOnStanding(deps: PayoutBatchDeps, actor: Actor, vote: Vote): Promise<Approval> {
  return deps.database.transaction(async (tx) => {
    const approval = await castVoteWithin(deps, tx, vote);
    if (approval.kind !== PAYOUT_STANDING) throw new Refusal('approval.not-found');
    await recordAct(deps, tx, {
      ...{ actor, act: `standing.vote-${vote.verdict}`, reason: vote.reason },
      subject: { kind: 'payout-schedule', id: approval.subjectId },
      after: { approval: approval.state, step: approval.step, hash: approval.subjectHash },
    });
    return approval;
  });
}

interface DecisionNews {
  approvalId: string;
  subjectId: string;
}

/** It holds from now on, as long as everybody who agreed may still agree. */
export async function onStandingGranted(deps: PayoutBatchDeps, { approvalId, subjectId }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const schedule = await tx.lockOne(PayoutScheduleSchema, { id: subjectId });
    if (schedule?.standingApprovalId !== approvalId || schedule.standingApprovers !== null) return;
    const votes = await tx.manager.findBy(ApprovalVoteSchema, { approvalId, verdict: 'grant' });
    const approvers = votes.map(({ voterId: id, role }): Approver => ({ id, role }));
    await tx.update(PayoutScheduleSchema, { id: subjectId }, { standingApprovers: JSON.stringify(approvers) });
    await note(deps, tx, schedule, 'approvals', 'the standing approval was given');
  });
}

export async function onStandingRejected(
  deps: PayoutBatchDeps,
  { approvalId, subjectId }: DecisionNews,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const schedule = await tx.lockOne(PayoutScheduleSchema, { id: subjectId });
    if (schedule?.standingApprovalId !== approvalId) return;
    await tx.update(PayoutScheduleSchema, { id: subjectId }, NO_STANDING);
    await note(deps, tx, schedule, 'approvals', 'the standing approval was refused');
  });
}

/** Who asked takes it back while nobody has decided. Refuses as `withdrawApproval` does. */
export function withdrawStanding(
  deps: PayoutBatchDeps,
  actor: Actor,
  { approvalId, makerId, reason }: { approvalId: string; makerId: string; reason: string },
): Promise<void> {
  return deps.database.transaction(async (tx) => {
    const schedule = await tx.lockOne(PayoutScheduleSchema, { standingApprovalId: approvalId });
    if (!schedule) throw new Refusal('schedule.not-found');
    await withdrawApproval(deps, tx, { approvalId, makerId });
    await dropStanding(deps, tx, actor, schedule, 'withdrawn', reason);
  });
}

/** Anybody who acts for the organisation ends it, given or asked for: from then on people are asked. Refuses with `schedule.not-found`, `standing.none`. */
export function endStanding(
  deps: PayoutBatchDeps,
  actor: Actor,
  { reason, ...which }: WhichSchedule & { reason: string },
): Promise<void> {
  return deps.database.transaction(async (tx) => {
    const schedule = await lockSchedule(tx, which);
    if (schedule.standingApprovalId === null) throw new Refusal('standing.none');
    await outdateStanding(deps, tx, schedule);
    await dropStanding(deps, tx, actor, schedule, 'ended', reason);
  });
}

async function dropStanding(
  deps: PayoutBatchDeps,
  tx: Tx,
  actor: Actor,
  schedule: PayoutSchedule,
  how: 'withdrawn' | 'ended',
  reason: string,
): Promise<void> {
  const { id, standingApprovalId } = schedule;
  await tx.update(PayoutScheduleSchema, { id }, NO_STANDING);
  await note(deps, tx, schedule, actorText(actor), `the standing approval was ${how}: ${reason}`);
  await recordAct(deps, tx, {
    ...{ actor, act: `standing.${how}`, subject: { kind: 'payout-schedule', id }, reason },
    before: { approvalId: standingApprovalId },
  });
}
