import { MoreThan } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Approval, ApprovalSchema, type ApprovalVote, ApprovalVoteSchema, approvalStates } from './approval.ts';
import { mayVote, type Voter } from './cast-vote.ts';
import type { ApprovalDeps } from './deps.ts';

const A_PAGE = 100;

export interface PendingApproval extends Approval {
  /** Whether it waits for this person. */
  isMine: boolean;
}

/** What waits in a person's scope, the oldest first. `next`: the id after which the next page begins. */
export async function listPending(
  { database }: { database: Database },
  { voter, afterId }: { voter: Voter; afterId?: string },
): Promise<{ approvals: PendingApproval[]; next: string | undefined }> {
  const { reader } = database;
  const state = 'pending' as const;
  const rows = await reader.find(ApprovalSchema, {
    where: { scope: voter.scope, state, ...(afterId === undefined ? {} : { id: MoreThan(afterId) }) },
    ...{ order: { id: 'ASC' }, take: A_PAGE + 1 },
  });
  const approvals = rows.slice(0, A_PAGE);
  const votes = await votesOf(database, approvals);
  const votersOf = ({ id }: Approval) =>
    votes.filter(({ approvalId }) => approvalId === id).map(({ voterId }) => voterId);
  return {
    approvals: approvals.map((approval) => ({ ...approval, isMine: mayVote(approval, voter, votersOf(approval)) })),
    next: rows.length > A_PAGE ? approvals.at(-1)?.id : undefined,
  };
}

/** One approval with its votes, oldest first. Refuses with `approval.not-found`, also for another scope's. */
export async function findApproval(
  { database }: { database: Database },
  { id, scope }: { id: string; scope: string },
): Promise<{ approval: Approval; votes: ApprovalVote[] }> {
  const approval = await database.reader.findOne(ApprovalSchema, { where: { id, scope } });
  if (!approval) throw new Refusal('approval.not-found');
  return { approval, votes: await votesOf(database, [approval]) };
}

/** Every vote on these, oldest first. */
export async function votesOf({ reader }: Database, approvals: readonly { id: string }[]): Promise<ApprovalVote[]> {
  if (approvals.length === 0) return [];
  const where = approvals.map(({ id }) => ({ approvalId: id }));
  return reader.find(ApprovalVoteSchema, { where, order: { atMs: 'ASC', id: 'ASC' } });
}

/** What was to be approved is no longer to be done: nobody's vote counts any more. Does nothing when it is decided. */
export async function outdateApproval(deps: ApprovalDeps, tx: Tx, approvalId: string): Promise<void> {
  const approval = await tx.lockOne(ApprovalSchema, { id: approvalId });
  if (approval?.state !== 'pending') return;
  approvalStates.assert(approval.state, 'outdated');
  await tx.update(ApprovalSchema, { id: approvalId }, { state: 'outdated', decidedAtMs: deps.runtime.clock.now() });
}
