import { findApproval } from '../../src/domain/approvals/index.ts';
import type { Actor } from '../../src/domain/audit/index.ts';
import {
  proposeRefund,
  type Refund,
  type RefundActDeps,
  type RefundProposal,
  RefundSchema,
  voteOnRefund,
} from '../../src/domain/refunds/index.ts';
import type { Transfer } from '../../src/money/transfers/index.ts';
import { reversalResult } from './daraja-bodies.ts';
import { type Domain, newReceipt } from './domain-deps.ts';
import { reverseIdsOf } from './fake-providers.ts';

/** A login; here each is a person of his own. */
export const actorOf = (id: string): Actor => ({ kind: 'staff', id, address: '127.0.0.1', scope: 'house' });

export function propose(
  deps: RefundActDeps,
  paymentId: string,
  change: Partial<RefundProposal> & { by?: string } = {},
): Promise<Refund> {
  const { by = 'amina', ...proposal } = change;
  return proposeRefund(deps, actorOf(by), { paymentId, reason: 'paid for the wrong meter', makerId: by, ...proposal });
}

export async function vote(
  deps: RefundActDeps,
  { approvalId }: Refund,
  { by = 'lucy', roles = ['administrator'], verdict = 'grant' as 'grant' | 'reject' } = {},
): Promise<void> {
  const { approval } = await findApproval(deps, { id: approvalId, scope: 'house' });
  const voter = { id: by, roles, scope: 'house' };
  const { subjectHash } = approval;
  await voteOnRefund(deps, actorOf(by), { approvalId, voter, verdict, subjectHash, reason: 'looked at it' });
}

export const refundNow = async ({ deps }: { deps: RefundActDeps }, { id }: Refund): Promise<Refund> =>
  deps.database.reader.findOneByOrFail(RefundSchema, { id });

/** The operator's result at the reversal's own address. Returns the reversal's receipt. */
export async function giveBack(
  domain: Domain,
  reversal: Transfer,
  change: Partial<Parameters<typeof reversalResult>[0]> = {},
): Promise<string> {
  const original = await domain.transfer({ id: reversal.purposeId ?? '' });
  const ofReceipt = original.receipt ?? '';
  const receipt = newReceipt();
  const said = {
    ...{ ...reverseIdsOf(ofReceipt), ofReceipt, receipt, atMs: domain.clock.now() },
    ...{ payer: reversal.payer ?? '+254711000001', ...change },
  };
  await domain.arrive('reversal', reversalResult(said), reversal.callbackToken);
  return receipt;
}
