import { invariant, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Approval, ApprovalSchema, ApprovalVoteSchema, approvalStates } from './approval.ts';
import { type ApprovalDeps, approvalEvent } from './deps.ts';
import { type Policy, policySchema } from './policy.ts';

export interface Voter {
  /** The person, not the login. */
  id: string;
  roles: readonly string[];
  scope: string;
}

export interface Vote {
  approvalId: string;
  voter: Voter;
  verdict: 'grant' | 'reject';
  /** What the voter saw. */
  subjectHash: string;
  reason: string;
}

/**
 * One person's vote. Granting the last open vote grants the whole; one rejection rejects it. Returns the approval as it
 * is then. Refuses with `approval.not-found`, `approval.decided`, `approval.changed`, `approval.own` (maker or
 * editor), `approval.voted`, `approval.role`.
 */
export function castVote(deps: ApprovalDeps, vote: Vote): Promise<Approval> {
  return deps.database.transaction((tx) => castVoteWithin(deps, tx, vote));
}

export async function castVoteWithin(deps: ApprovalDeps, tx: Tx, vote: Vote): Promise<Approval> {
  const { voter, verdict } = vote;
  const approval = await tx.lockOne(ApprovalSchema, { id: vote.approvalId });
  if (!approval || approval.scope !== voter.scope) throw new Refusal('approval.not-found');
  if (approval.state !== 'pending') throw new Refusal('approval.decided', { state: approval.state });
  if (approval.subjectHash !== vote.subjectHash) throw new Refusal('approval.changed');
  if (makersOf(approval).includes(voter.id)) throw new Refusal('approval.own');
  const { steps } = policyOf(approval);
  const step = steps[approval.step];
  invariant(step, 'a pending approval has an open step');
  const votes = await tx.manager.findBy(ApprovalVoteSchema, { approvalId: approval.id });
  if (votes.some(({ voterId }) => voterId === voter.id)) throw new Refusal('approval.voted');
  const role = step.roles.find((one) => voter.roles.includes(one));
  if (role === undefined) throw new Refusal('approval.role');
  const { ids, clock } = deps.runtime;
  const atMs = clock.now();
  await tx.insert(ApprovalVoteSchema, {
    ...{ id: ids.next(), approvalId: approval.id, step: approval.step, voterId: voter.id, role },
    ...{ verdict, reason: vote.reason.slice(0, 500), atMs },
  });
  if (verdict === 'reject') return decide(deps, tx, approval, 'rejected');
  const here = votes.filter((one) => one.step === approval.step && one.verdict === 'grant').length + 1;
  if (here < step.votes) return approval;
  if (approval.step + 1 === steps.length) return decide(deps, tx, approval, 'granted');
  await tx.update(ApprovalSchema, { id: approval.id }, { step: approval.step + 1 });
  return { ...approval, step: approval.step + 1 };
}

/** The maker takes it back. Refuses with `approval.not-found`, `approval.decided`, `approval.not-own`. */
export async function withdrawApproval(
  deps: ApprovalDeps,
  tx: Tx,
  input: { approvalId: string; makerId: string },
): Promise<Approval> {
  const approval = await tx.lockOne(ApprovalSchema, { id: input.approvalId });
  if (!approval) throw new Refusal('approval.not-found');
  if (approval.state !== 'pending') throw new Refusal('approval.decided', { state: approval.state });
  if (approval.makerId !== input.makerId) throw new Refusal('approval.not-own');
  return move(deps, tx, approval, 'withdrawn');
}

async function decide(deps: ApprovalDeps, tx: Tx, approval: Approval, to: 'granted' | 'rejected'): Promise<Approval> {
  const { id, kind, subjectId } = approval;
  const topic = approvalEvent[to](kind);
  await deps.outbox.emit(tx, { topic, key: id, payload: { approvalId: id, kind, subjectId } });
  return move(deps, tx, approval, to);
}

async function move(
  deps: ApprovalDeps,
  tx: Tx,
  approval: Approval,
  to: 'granted' | 'rejected' | 'withdrawn',
): Promise<Approval> {
  approvalStates.assert(approval.state, to);
  const patch = { state: to, decidedAtMs: deps.runtime.clock.now() };
  await tx.update(ApprovalSchema, { id: approval.id }, patch);
  return { ...approval, ...patch };
}

export function makersOf({ makers }: Approval): string[] {
  return JSON.parse(makers);
}

export function policyOf({ policy }: Approval): Policy {
  return policySchema.parse(JSON.parse(policy));
}

/** Whether this person could vote now, for a page that offers only what can be done; the vote itself checks again. */
export function mayVote(approval: Approval, voter: Voter, votedIds: readonly string[]): boolean {
  if (approval.state !== 'pending' || approval.scope !== voter.scope) return false;
  if (makersOf(approval).includes(voter.id) || votedIds.includes(voter.id)) return false;
  const roles = policyOf(approval).steps[approval.step]?.roles ?? [];
  return roles.some((role) => voter.roles.includes(role));
}
