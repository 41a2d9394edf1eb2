import { invariant, type Msisdn, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Approval, castVoteWithin, type Vote, withdrawApproval } from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { ERASURE, type ErasureActDeps, type ErasureDeps, erasureTopic } from './deps.ts';
import { type Erasure, ErasureSchema, type ErasureState, erasureStates } from './erasure.ts';
import { refuseOpen } from './propose-erasure.ts';

/** One person's vote on an erasure. Refuses as `castVote` does, and a yes with `erasure.open` too. */
export function voteOnErasure(deps: ErasureActDeps, actor: Actor, vote: Vote): Promise<Approval> {
  return deps.database.transaction(async (tx) => {
    const approval = await castVoteWithin(deps, tx, vote);
    if (approval.kind !== ERASURE) throw new Refusal('approval.not-found');
    const erasure = await tx.findOne(ErasureSchema, { id: approval.subjectId });
    const { verdict, reason } = vote;
    if (verdict === 'grant' && erasure) await refuseOpen(deps, tx.manager, numberOf(deps, erasure));
    await recordAct(deps, tx, {
      ...{ actor, act: `erasure.vote-${verdict}`, subject: { kind: ERASURE, id: approval.subjectId }, reason },
      after: { approval: approval.state, step: approval.step },
    });
    return approval;
  });
}

/** Who proposed it takes it back while nobody has decided. Refuses with `erasure.not-found` and as `withdrawApproval` does. */
export async function withdrawErasure(
  deps: ErasureActDeps,
  actor: Actor,
  { approvalId, makerId, reason }: { approvalId: string; makerId: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const erasure = await tx.lockOne(ErasureSchema, { approvalId });
    if (!erasure) throw new Refusal('erasure.not-found');
    await withdrawApproval(deps, tx, { approvalId, makerId });
    await moveErasure(deps, tx, erasure, 'withdrawn', FORGOTTEN);
    const subject = { kind: ERASURE, id: erasure.id };
    await recordAct(deps, tx, { actor, act: 'erasure.withdrawn', subject, reason });
  });
}

interface DecisionNews {
  subjectId: string;
}

/** Everyone who had to has said yes. */
export async function onErasureGranted(deps: ErasureDeps, { subjectId: id }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const erasure = await tx.lockOne(ErasureSchema, { id });
    if (erasure?.state !== 'proposed') return;
    await moveErasure(deps, tx, erasure, 'granted');
    await deps.outbox.emit(tx, { topic: erasureTopic.carryOut, key: id, payload: { erasureId: id } });
  });
}

export async function onErasureRejected(deps: ErasureDeps, { subjectId: id }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const erasure = await tx.lockOne(ErasureSchema, { id });
    if (erasure?.state === 'proposed') await moveErasure(deps, tx, erasure, 'declined', FORGOTTEN);
  });
}

/** What is kept only while it is not over. */
export const FORGOTTEN = {
  pendingKey: null,
  sealedNumber: null,
  pseudonym: null,
  boundaryId: null,
  place: '',
} as const;

/** A locked erasure goes on to another state. The audit log says by whom and why, in the same commit. */
export async function moveErasure(
  { runtime }: ErasureDeps,
  tx: Tx,
  { id, state }: Erasure,
  to: ErasureState,
  patch: Partial<Erasure> = {},
): Promise<void> {
  erasureStates.assert(state, to);
  await tx.update(ErasureSchema, { id }, { ...patch, state: to, changedAtMs: runtime.clock.now() });
}

export function numberOf({ sealing }: Pick<ErasureDeps, 'sealing'>, { sealedNumber }: Erasure): Msisdn {
  invariant(sealedNumber !== null, 'an erasure that is not over knows whose it is');
  return sealing.open(sealedNumber) as Msisdn;
}
