import type { Tx } from '../../platform/database/index.ts';
import type { PayoutRow } from './batch.ts';
import { ClaimEventSchema, type ClaimState, claimStates, type PayoutClaim, PayoutClaimSchema } from './claim.ts';
import type { PayoutBatchDeps } from './deps.ts';
import type { Cause } from './move-batch.ts';

interface FirstClaim {
  row: PayoutRow;
  batch: { id: string; organisationId: string };
  state: 'proposed' | 'opened' | 'returned';
  cause: Cause;
  returnReceipt?: string | null;
}

/** One for each row; the row is locked. */
export async function insertClaim(
  deps: PayoutBatchDeps,
  tx: Tx,
  { row, batch, state, cause, returnReceipt = null }: FirstClaim,
): Promise<PayoutClaim> {
  const now = deps.runtime.clock.now();
  const claim: PayoutClaim = {
    ...{ id: deps.runtime.ids.next(), rowId: row.id, batchId: batch.id, organisationId: batch.organisationId, state },
    ...{ caseNumber: null, reason: cause.reason.slice(0, 500), openedBy: cause.actor.slice(0, 64), openedAtMs: now },
    ...{ changedAtMs: now, returnReceipt },
  };
  await tx.insert(PayoutClaimSchema, claim);
  await recordClaimEvent(deps, tx, claim.id, 'none', state, cause);
  return claim;
}

/** The one way in which a claim's state changes. It is locked. */
export async function moveClaim(
  deps: PayoutBatchDeps,
  tx: Tx,
  claim: PayoutClaim,
  to: ClaimState,
  cause: Cause,
  patch: Partial<PayoutClaim> = {},
): Promise<PayoutClaim> {
  claimStates.assert(claim.state, to);
  const change = { ...patch, state: to, changedAtMs: deps.runtime.clock.now() };
  await tx.update(PayoutClaimSchema, { id: claim.id }, change);
  await recordClaimEvent(deps, tx, claim.id, claim.state, to, cause);
  return { ...claim, ...change };
}

async function recordClaimEvent(
  { runtime }: PayoutBatchDeps,
  tx: Tx,
  claimId: string,
  fromState: ClaimState | 'none',
  toState: ClaimState,
  { actor, reason }: Cause,
): Promise<void> {
  await tx.insert(ClaimEventSchema, {
    ...{ id: runtime.ids.next(), claimId, fromState, toState },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}
