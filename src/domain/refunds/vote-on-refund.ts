import { Refusal } from '../../kernel/index.ts';
import { type Approval, castVoteWithin, type Vote, withdrawApproval } from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { REFUND, type RefundActDeps } from './deps.ts';
import { moveRefund } from './move-refund.ts';
import { RefundSchema } from './refund.ts';

/** One person's vote on a refund. Refuses as `castVote` does, also when it is about something else. */
export function voteOnRefund(deps: RefundActDeps, actor: Actor, vote: Vote): Promise<Approval> {
  return deps.database.transaction(async (tx) => {
    const approval = await castVoteWithin(deps, tx, vote);
    if (approval.kind !== REFUND) throw new Refusal('approval.not-found');
    const { verdict, reason } = vote;
    await recordAct(deps, tx, {
      ...{ actor, act: `refund.vote-${verdict}`, subject: { kind: 'refund', id: approval.subjectId }, reason },
      after: { approval: approval.state, step: approval.step },
    });
    return approval;
  });
}

/** Who proposed it takes it back while nobody has decided. Refuses with `refund.not-found` and as `withdrawApproval` does. */
export async function withdrawRefund(
  deps: RefundActDeps,
  actor: Actor,
  { approvalId, makerId, reason }: { approvalId: string; makerId: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const refund = await tx.lockOne(RefundSchema, { approvalId });
    if (!refund) throw new Refusal('refund.not-found');
    await withdrawApproval(deps, tx, { approvalId, makerId });
    await moveRefund(deps, tx, refund, 'withdrawn', { actor: `staff:${actor.id}`, reason });
    const subject = { kind: 'refund', id: refund.id };
    await recordAct(deps, tx, { actor, act: 'refund.withdrawn', subject, reason });
  });
}
