import {
  type Approval,
  findApproval,
  listPending,
  mayVote,
  type Voter,
  votesOf,
} from '../../domain/approvals/index.ts';
import { viewPayments } from '../../domain/payments/index.ts';
import { proposeRefund, refundsOfApprovals, voteOnRefund, withdrawRefund } from '../../domain/refunds/index.ts';
import { HOUSE, namesOfPeople, type StaffRole } from '../../domain/staff/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { ApprovalPage } from './pages/approval-page.tsx';
import { type ApprovalItem, ApprovalsPage } from './pages/approvals-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const PROPOSERS: readonly StaffRole[] = ['support', 'finance', 'administrator'];
/** Whose vote counts is the policy's to say, which may name any of them. */
const VOTERS: readonly StaffRole[] = ['support', 'finance', 'approver', 'administrator'];
const READERS: readonly StaffRole[] = [...VOTERS, 'auditor'];

const one = '/console/approvals/:id';

/** Money that is to go back: proposed by one, granted or refused by others. */
export const refundRoutes: readonly ConsoleRoute[] = [
  { method: 'post', path: '/console/payments/:id/refund', allow: PROPOSERS, handle: propose },
  { method: 'get', path: '/console/approvals', allow: READERS, handle: showPending },
  { method: 'get', path: one, allow: READERS, handle: (desk, visit) => showOne(desk, visit) },
  { method: 'post', path: `${one}/vote`, allow: VOTERS, handle: (desk, visit) => act(desk, visit, vote) },
  { method: 'post', path: `${one}/withdraw`, allow: PROPOSERS, handle: (desk, visit) => act(desk, visit, withdraw) },
];

const LONGEST_ID = 36;

/** The person, whatever login he uses. */
function voterOf({ signedIn, roles }: Visit): Voter {
  invariant(signedIn, 'the route is only for who is signed in');
  return { id: signedIn.member.personId, roles, scope: HOUSE };
}

async function propose({ deps }: Desk, visit: Visit): Promise<void> {
  const paymentId = String(visit.ctx.params.id);
  const { transfer } = visit.form;
  const proposal = { paymentId, reason: reasonOf(visit.form), makerId: voterOf(visit).id };
  const chosen = transfer ? { transferId: transfer.slice(0, LONGEST_ID) } : {};
  await proposeRefund(deps.domain, visit.actor(), { ...proposal, ...chosen });
  visit.goTo(`/console/payments/${paymentId}?done=refund-proposed`);
}

async function showPending(desk: Desk, visit: Visit): Promise<void> {
  const { after } = visit.query;
  const voter = voterOf(visit);
  const cursor = after ? { afterId: after.slice(0, LONGEST_ID) } : {};
  const { approvals, next } = await listPending(desk.deps.domain, { voter, ...cursor });
  const items = await itemsOf(desk, visit, approvals);
  const page = ApprovalsPage({ desk, visit, items, next, note: noteOf(visit) });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function showOne(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { approval } = await findApproval(desk.deps.domain, { id: String(visit.ctx.params.id), scope: HOUSE });
  const [item] = await itemsOf(desk, visit, [approval]);
  invariant(item, 'what was found is shown');
  const page = ApprovalPage({ desk, visit, item, fault, note: fault ? undefined : noteOf(visit) });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

/** With the votes, and with what it is about. */
async function itemsOf({ deps }: Desk, visit: Visit, approvals: readonly Approval[]): Promise<ApprovalItem[]> {
  const { domain } = deps;
  const ids = approvals.map(({ id }) => id);
  const [votes, refunds] = await Promise.all([
    votesOf(domain.database, approvals),
    refundsOfApprovals(domain.database, ids),
  ]);
  const payments = await viewPayments(domain, [...new Set(refunds.map(({ paymentId }) => paymentId))]);
  const people = [...approvals.map(({ makerId }) => makerId), ...votes.map(({ voterId }) => voterId)];
  const names = await namesOfPeople(domain, people);
  const voter = voterOf(visit);
  return approvals.map((approval) => {
    const own = votes.filter(({ approvalId }) => approvalId === approval.id);
    const refund = refunds.find(({ approvalId }) => approvalId === approval.id);
    const payment = payments.find(({ id }) => id === refund?.paymentId);
    const mine = {
      isMine: mayVote(
        approval,
        voter,
        own.map(({ voterId }) => voterId),
      ),
      isOwn: approval.makerId === voter.id,
    };
    return { approval, votes: own, refund, payment, names, ...mine };
  });
}

/** Whoever comes second is shown what the first did. */
async function act(desk: Desk, visit: Visit, run: (desk: Desk, visit: Visit) => Promise<string>): Promise<void> {
  try {
    const done = await run(desk, visit);
    visit.goTo(`/console/approvals/${visit.ctx.params.id}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showOne(desk, visit, refusalWords(visit.words, error));
  }
}

async function vote({ deps }: Desk, visit: Visit): Promise<string> {
  const { verdict, seen = '' } = visit.form;
  if (verdict !== 'grant' && verdict !== 'reject') throw new HttpError(422);
  const approvalId = String(visit.ctx.params.id);
  await voteOnRefund(deps.domain, visit.actor(), {
    ...{ approvalId, voter: voterOf(visit), verdict, subjectHash: seen, reason: reasonOf(visit.form) },
  });
  return verdict === 'grant' ? 'voted' : 'declined';
}

async function withdraw({ deps }: Desk, visit: Visit): Promise<string> {
  const approvalId = String(visit.ctx.params.id);
  const makerId = voterOf(visit).id;
  await withdrawRefund(deps.domain, visit.actor(), { approvalId, makerId, reason: reasonOf(visit.form) });
  return 'withdrawn';
}
