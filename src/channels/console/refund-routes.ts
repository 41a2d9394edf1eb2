import {
  type Approval,
  findApproval,
  listPending,
  makersOf,
  mayVote,
  type Voter,
  votesOf,
} from '../../domain/approvals/index.ts';
import { PAYOUT_BATCH } from '../../domain/organisations/index.ts';
import { viewPayments } from '../../domain/payments/index.ts';
import {
  batchesOfApprovals,
  compareBatches,
  PAYOUT_STANDING,
  schedulesOfApprovals,
  voteOnBatch,
  voteOnStanding,
  withdrawBatch,
  withdrawStanding,
} from '../../domain/payout-batches/index.ts';
import {
  ERASURE,
  erasuresOfApprovals,
  numberOfErasure,
  voteOnErasure,
  withdrawErasure,
} from '../../domain/privacy/index.ts';
import { proposeRefund, refundsOfApprovals, voteOnRefund, withdrawRefund } from '../../domain/refunds/index.ts';
import { namesOfPeople, type StaffRole } from '../../domain/staff/index.ts';
import { invariant, type Money, parseMoney, Refusal } from '../../kernel/index.ts';
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
/** In an organisation, of its own affairs: who has proposed something, or whose vote counts. */
const OWN_ACTORS: readonly StaffRole[] = ['initiator', 'approver', 'administrator'];
const OWN_READERS: readonly StaffRole[] = [...OWN_ACTORS, 'auditor'];

const one = '/console/approvals/:id';

/** What is proposed by one and granted or refused by others: money that is to go back, people who are to be forgotten. */
export const refundRoutes: readonly ConsoleRoute[] = [
  { method: 'post', path: '/console/payments/:id/refund', allow: PROPOSERS, handle: propose },
  {
    ...{ method: 'get', path: '/console/approvals', allow: READERS, allowOrganisation: OWN_READERS },
    handle: showPending,
  },
  {
    ...{ method: 'get', path: one, allow: READERS, allowOrganisation: OWN_READERS },
    handle: (desk, visit) => showOne(desk, visit),
  },
  {
    ...{ method: 'post', path: `${one}/vote`, allow: VOTERS, allowOrganisation: OWN_ACTORS },
    handle: (desk, visit) => act(desk, visit, vote),
  },
  {
    ...{ method: 'post', path: `${one}/withdraw`, allow: PROPOSERS, allowOrganisation: OWN_ACTORS },
    handle: (desk, visit) => act(desk, visit, withdraw),
  },
];

const LONGEST_ID = 36;

/** The person, whatever login he uses. */
function voterOf({ signedIn, roles, scope }: Visit): Voter {
  invariant(signedIn, 'the route is only for who is signed in');
  return { id: signedIn.member.personId, roles, scope };
}

async function propose({ deps }: Desk, visit: Visit): Promise<void> {
  const paymentId = String(visit.ctx.params.id);
  const { transfer, amount = '' } = visit.form;
  const proposal = { paymentId, reason: reasonOf(visit.form), makerId: voterOf(visit).id };
  const chosen = transfer ? { transferId: transfer.slice(0, LONGEST_ID) } : {};
  const part = amount.trim() === '' ? {} : { amount: amountOf(amount, deps.domain.currency) };
  await proposeRefund(deps.domain, visit.actor(), { ...proposal, ...chosen, ...part });
  visit.goTo(`/console/payments/${paymentId}?done=refund-proposed`);
}

/** As people write it, without separators: what could be read in two ways is not guessed. */
function amountOf(text: string, currency: string): Money {
  const amount = parseMoney(text.trim(), currency);
  if (!amount) throw new Refusal('refund.amount');
  return amount;
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
  const { approval } = await findApproval(desk.deps.domain, { id: String(visit.ctx.params.id), scope: visit.scope });
  const [item] = await itemsOf(desk, visit, [approval]);
  invariant(item, 'what was found is shown');
  const changes =
    item.batch && approval.state === 'pending' ? await compareBatches(desk.deps.domain, item.batch) : null;
  const page = ApprovalPage({ desk, visit, item, changes, fault, note: fault ? undefined : noteOf(visit) });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

/** With the votes, and with what it is about. */
async function itemsOf({ deps }: Desk, visit: Visit, approvals: readonly Approval[]): Promise<ApprovalItem[]> {
  const { domain } = deps;
  const ids = approvals.map(({ id }) => id);
  const [votes, refunds, erasures, batches, schedules] = await Promise.all([
    votesOf(domain.database, approvals),
    refundsOfApprovals(domain.database, ids),
    erasuresOfApprovals(domain.database, ids),
    batchesOfApprovals(domain, approvals),
    schedulesOfApprovals(domain, approvals),
  ]);
  const payments = await viewPayments(domain, [...new Set(refunds.map(({ paymentId }) => paymentId))]);
  const people = [...approvals.map(({ makerId }) => makerId), ...votes.map(({ voterId }) => voterId)];
  const names = await namesOfPeople(domain, people);
  const voter = voterOf(visit);
  return approvals.map((approval) => {
    const own = votes.filter(({ approvalId }) => approvalId === approval.id);
    const refund = refunds.find(({ approvalId }) => approvalId === approval.id);
    const erasure = erasures.find(({ approvalId }) => approvalId === approval.id);
    const person = erasure && numberOfErasure(domain, erasure);
    const batch = batches.find(({ id }) => id === approval.subjectId);
    const schedule = schedules.find(({ id }) => id === approval.subjectId);
    const payment = payments.find(({ id }) => id === refund?.paymentId);
    const mine = {
      isMine: mayVote(
        approval,
        voter,
        own.map(({ voterId }) => voterId),
      ),
      isOwn: approval.makerId === voter.id,
      hadHand: makersOf(approval).includes(voter.id),
    };
    return { approval, votes: own, refund, payment, erasure, person, batch, schedule, names, ...mine };
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
  const said = { approvalId, voter: voterOf(visit), verdict, subjectHash: seen, reason: reasonOf(visit.form) } as const;
  const { approval } = await findApproval(deps.domain, { id: approvalId, scope: visit.scope });
  await actsOf(approval).vote(deps.domain, visit.actor(), said);
  return verdict === 'grant' ? 'voted' : 'declined';
}

async function withdraw({ deps }: Desk, visit: Visit): Promise<string> {
  const approvalId = String(visit.ctx.params.id);
  const makerId = voterOf(visit).id;
  const { approval } = await findApproval(deps.domain, { id: approvalId, scope: visit.scope });
  await actsOf(approval).withdraw(deps.domain, visit.actor(), { approvalId, makerId, reason: reasonOf(visit.form) });
  return 'withdrawn';
}

/** What is to be approved belongs to a domain of its own, by its kind. */
function actsOf({ kind }: Approval) {
  if (kind === ERASURE) return { vote: voteOnErasure, withdraw: withdrawErasure };
  if (kind === PAYOUT_BATCH) return { vote: voteOnBatch, withdraw: withdrawBatch };
  if (kind === PAYOUT_STANDING) return { vote: voteOnStanding, withdraw: withdrawStanding };
  return { vote: voteOnRefund, withdraw: withdrawRefund };
}
