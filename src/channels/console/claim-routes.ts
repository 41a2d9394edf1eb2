import { answersOfRow } from '../../domain/payout-answers/index.ts';
import {
  type ClaimStep,
  findClaim,
  findReturnLine,
  findRow,
  getBatch,
  listClaims,
  openClaim,
  pursueClaim,
  returnClaim,
} from '../../domain/payout-batches/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import {
  batchOf,
  CLAIM,
  CLAIMS,
  claimPath,
  DISMISS,
  namesOfActors,
  ONE_CLAIM,
  ONE_ROW,
  organisationOf,
  PURSUE,
  READ,
  RETURN,
} from './batch-access.ts';
import type { ConsoleRoute, Permission } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { ClaimPage } from './pages/claim-page.tsx';
import { ClaimsPage } from './pages/claims-page.tsx';
import { OneRowPage } from './pages/one-row-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

/** One person of a batch, and what is claimed back of payouts that went wrong. */
export const claimRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: ONE_ROW, ...READ, handle: (desk, visit) => showRow(desk, visit) },
  { method: 'post', path: `${ONE_ROW}/claim`, ...CLAIM, handle: open },
  { method: 'get', path: CLAIMS, ...READ, handle: showAll },
  { method: 'get', path: ONE_CLAIM, ...READ, handle: (desk, visit) => showClaim(desk, visit) },
  step('open', CLAIM, 'opened'),
  step('dismiss', DISMISS, 'dismissed'),
  step('ask', PURSUE, 'asked'),
  step('grant', PURSUE, 'granted'),
  step('refuse', PURSUE, 'refused'),
  {
    ...{ method: 'post', path: `${ONE_CLAIM}/return`, ...RETURN },
    handle: (desk, visit) => act(desk, visit, () => takeBack(desk, visit)),
  },
];

function step(name: string, permission: Permission, to: ClaimStep): ConsoleRoute {
  return {
    ...{ method: 'post', path: `${ONE_CLAIM}/${name}`, ...permission },
    handle: (desk, visit) =>
      act(desk, visit, async () => {
        const { 'case-number': caseNumber } = visit.form;
        const given = { ...whichOf(visit), to, caseNumber, reason: reasonOf(visit.form) };
        await pursueClaim(desk.deps.domain, visit.actor(), given);
        return `claim-${to}`;
      }),
  };
}

const LONGEST_ID = 36;
const whichOf = ({ ctx }: Visit) => ({
  claimId: String(ctx.params.claim).slice(0, LONGEST_ID),
  organisationId: String(ctx.params.organisation).slice(0, LONGEST_ID),
});

async function storyOf(desk: Desk, visit: Visit) {
  const { organisation, batch } = await batchOf(desk, visit);
  const rowNo = /^[1-9]\d{0,6}$/.test(String(visit.ctx.params.row)) ? Number(visit.ctx.params.row) : 0;
  const story = rowNo === 0 ? undefined : await findRow(desk.deps.domain, { batchId: batch.id, rowNo });
  if (!story) throw new HttpError(404);
  return { organisation, batch, ...story };
}

async function showRow(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const story = await storyOf(desk, visit);
  const names = await namesOfActors(desk, visit, story.events);
  const answers = await answersOfRow(desk.deps.domain, story.row.id);
  const page = OneRowPage({ visit, ...story, answers, names, fault });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

/** Whoever comes second is shown the claim that is there. */
async function open(desk: Desk, visit: Visit): Promise<void> {
  const { batch, row } = await storyOf(desk, visit);
  const { id: batchId, organisationId } = batch;
  try {
    const given = { batchId, organisationId, rowNo: row.rowNo, reason: reasonOf(visit.form) };
    const claim = await openClaim(desk.deps.domain, visit.actor(), given);
    visit.goTo(`${claimPath(claim)}?done=claim-opened`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showRow(desk, visit, refusalWords(visit.words, error));
  }
}

const A_PAGE = 50;

async function showAll(desk: Desk, visit: Visit): Promise<void> {
  const organisation = await organisationOf(desk, visit);
  const which = visit.query.state === 'all' ? 'all' : 'open';
  const beforeId = visit.query.before?.slice(0, LONGEST_ID);
  const given = { organisationId: organisation.id, which, beforeId, limit: A_PAGE } as const;
  const { claims, next } = await listClaims(desk.deps.domain, given);
  const page = ClaimsPage({ visit, organisation, which, claims, next });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function showClaim(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const organisation = await organisationOf(desk, visit);
  const claim = await findClaim(domain, { id: whichOf(visit).claimId, organisationId: organisation.id });
  if (!claim) throw new HttpError(404);
  const batch = await getBatch(domain, claim.batchId, organisation.id);
  const names = await namesOfActors(desk, visit, claim.events);
  const note = fault ? undefined : noteOf(visit);
  const page = ClaimPage({ visit, organisation, batch, claim, names, fault, note, given: visit.form });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

async function takeBack({ deps }: Desk, visit: Visit): Promise<string> {
  const which = whichOf(visit);
  const reason = reasonOf(visit.form);
  const { id } = await findReturnLine(deps.domain, { ...which, receipt: visit.form.receipt ?? '' });
  await returnClaim(deps.domain, visit.actor(), { ...which, statementLineId: id, reason });
  return 'claim-returned';
}

async function act(desk: Desk, visit: Visit, run: () => Promise<string>): Promise<void> {
  try {
    const done = await run();
    const { claimId: id, organisationId } = whichOf(visit);
    visit.goTo(`${claimPath({ id, organisationId })}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showClaim(desk, visit, refusalWords(visit.words, error));
  }
}
