import { invariant, type Money } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Approval, ApprovalSchema } from './approval.ts';
import type { ApprovalDeps } from './deps.ts';
import { type Policy, policySchema } from './policy.ts';

export interface Submission {
  kind: string;
  subjectId: string;
  /** SHA-256 in hex of all that is approved. */
  subjectHash: string;
  scope: string;
  amount?: Money;
  policy: Policy;
  makerId: string;
  /** Others who had a hand in it; they do not vote either. */
  editorIds?: readonly string[];
  reason: string;
}

/**
 * Asks for approval, in the transaction of what asks. An earlier one for the same thing that is still pending becomes
 * outdated: an edit starts the approval again.
 */
export async function submitApproval(deps: ApprovalDeps, tx: Tx, submission: Submission): Promise<Approval> {
  const { ids, clock } = deps.runtime;
  const { kind, subjectId, subjectHash, scope, amount, makerId, reason } = submission;
  const policy = policySchema.parse(submission.policy);
  invariant(/^[0-9a-f]{64}$/.test(subjectHash), 'the hash of what is approved is SHA-256');
  const now = clock.now();
  const earlier = await tx.lockOne(ApprovalSchema, { kind, subjectId, state: 'pending' });
  if (earlier) await tx.update(ApprovalSchema, { id: earlier.id }, { state: 'outdated', decidedAtMs: now });
  const approval: Approval = {
    ...{ id: ids.next(), kind, subjectId, subjectHash, scope, state: 'pending', step: 0, makerId },
    amountMinor: amount?.amountMinor ?? null,
    currency: amount?.currency ?? null,
    policy: JSON.stringify(policy),
    makers: JSON.stringify([...new Set([makerId, ...(submission.editorIds ?? [])])]),
    reason: reason.slice(0, 500),
    ...{ submittedAtMs: now, decidedAtMs: null },
  };
  await tx.insert(ApprovalSchema, approval);
  return approval;
}
