import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { claimStates, type PayoutClaim, PayoutClaimSchema } from './claim.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { actorText } from './make-batch.ts';
import { moveClaim } from './move-claim.ts';

/** What a person may say of a claim. That the money is back only a statement says. */
export type ClaimStep = 'opened' | 'dismissed' | 'asked' | 'granted' | 'refused';

export interface Pursued {
  claimId: string;
  organisationId: string;
  to: ClaimStep;
  /** The operator's; needed to say that it was asked. */
  caseNumber?: string | undefined;
  reason: string;
}

const CASE_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N} ./#-]{1,39}$/u;

/**
 * The operator was asked under a case number, granted it or refused; or somebody looked at what a recipient said. None of it moves money.
 * Refuses with `claim.not-found`, `claim.state` and `claim.case-number`.
 */
export async function pursueClaim(
  deps: PayoutBatchDeps,
  actor: Actor,
  { claimId, organisationId, to, caseNumber: written = '', reason }: Pursued,
): Promise<PayoutClaim> {
  const caseNumber = written.trim();
  if (to === 'asked' && !CASE_NUMBER.test(caseNumber)) throw new Refusal('claim.case-number');
  return deps.database.transaction(async (tx) => {
    const claim = await lockClaim(tx, claimId, organisationId);
    if (claim.state === to) return claim;
    if (!claimStates.allows(claim.state, to)) throw new Refusal('claim.state', { state: claim.state });
    const cause = { actor: actorText(actor), reason };
    const moved = await moveClaim(deps, tx, claim, to, cause, to === 'asked' ? { caseNumber } : {});
    await recordAct(deps, tx, {
      ...{ actor, act: `claim.${to}`, subject: { kind: 'payout-claim', id: claimId }, scope: organisationId, reason },
      before: { state: claim.state },
      after: { state: to, ...(to === 'asked' ? { caseNumber } : {}) },
    });
    return moved;
  });
}

/** Refuses with `claim.not-found`, also for another organisation's. */
export async function lockClaim(tx: Tx, id: string, organisationId: string): Promise<PayoutClaim> {
  const claim = await tx.lockOne(PayoutClaimSchema, { id });
  if (claim?.organisationId !== organisationId) throw new Refusal('claim.not-found');
  return claim;
}
