import { floatGauge, refreshBalance } from '../../domain/float-gauge/index.ts';
import {
  announceFunding,
  cancelFunding,
  claimStep,
  confirmStep,
  type Doer,
  dropClaim,
  type FundingStep,
  fundingsOfQuotations,
  getFunding,
  getQuotation,
  makeQuotation,
  pageFunding,
  pageQuotations,
  quotationPdf,
  quotationsOf,
  recordOrder,
} from '../../domain/funding/index.ts';
import { type Organisation, OrganisationSchema } from '../../domain/organisations/index.ts';
import { namesOfPeople, type StaffRole } from '../../domain/staff/index.ts';
import { invariant, parseMoney, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { FundingPage } from './pages/funding-page.tsx';
import { GaugePage } from './pages/gauge-page.tsx';
import { OneFundingPage } from './pages/one-funding-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

/** Ours, who answer for money; and whoever else of ours looks. */
const MONEY: readonly StaffRole[] = ['finance', 'administrator'];
const READERS: readonly StaffRole[] = [...MONEY, 'auditor'];
/** Of the organisation, who prepare what is paid. */
const MAKERS: readonly StaffRole[] = ['initiator', 'administrator'];

const all = '/console/organisations/:organisation/funding';
const one = `${all}/:funding`;
const read = { allow: READERS, allowOrganisation: 'member' } as const;
const prepare = { allow: MONEY, allowOrganisation: MAKERS } as const;
const answer = { allow: MONEY } as const;

/** The money from which an organisation pays: what it costs, what it has, what is on its way, and who says so. */
export const fundingRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: all, ...read, handle: (desk, visit) => showAll(desk, visit) },
  { method: 'get', path: `${all}/gauge`, ...read, handle: showGauge },
  { method: 'get', path: `${all}/quotations/:quotation/pdf`, ...read, handle: sendQuotation },
  { method: 'get', path: one, ...read, handle: (desk, visit) => showOne(desk, visit) },
  { method: 'post', path: all, ...prepare, handle: (desk, visit) => add(desk, visit, announce) },
  { method: 'post', path: `${all}/quotations`, ...prepare, handle: (desk, visit) => add(desk, visit, quote) },
  { method: 'post', path: `${one}/order`, ...prepare, handle: (desk, visit) => act(desk, visit, order) },
  { method: 'post', path: `${one}/cancel`, ...prepare, handle: (desk, visit) => act(desk, visit, cancel) },
  { method: 'post', path: `${one}/claim`, ...answer, handle: (desk, visit) => act(desk, visit, claim) },
  { method: 'post', path: `${one}/confirm`, ...answer, handle: (desk, visit) => act(desk, visit, confirm) },
  { method: 'post', path: `${one}/decline`, ...answer, handle: (desk, visit) => act(desk, visit, decline) },
];

const A_PAGE = 20;
const LONGEST_ID = 36;

async function organisationOf({ deps }: Desk, { ctx }: Visit): Promise<Organisation> {
  const id = String(ctx.params.organisation);
  const organisation = await deps.domain.database.reader.findOneBy(OrganisationSchema, { id });
  if (!organisation) throw new Refusal('organisation.not-found');
  return organisation;
}

const pathOf = ({ ctx }: Visit) => `/console/organisations/${encodeURIComponent(ctx.params.organisation)}/funding`;
const cursorOf = (text: string | undefined) => text?.slice(0, LONGEST_ID);

async function showAll(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const organisation = await organisationOf(desk, visit);
  // The answer comes by a callback: whoever looks again sees it.
  await refreshBalance(domain, organisation);
  const { database } = domain;
  const [gauge, money, quotations] = await Promise.all([
    floatGauge(domain, organisation),
    pageFunding(database, organisation.id, { before: cursorOf(visit.query.before), limit: A_PAGE }),
    pageQuotations(database, organisation.id, { before: cursorOf(visit.query.quoted), limit: A_PAGE }),
  ]);
  const [announced, quoted] = await Promise.all([
    fundingsOfQuotations(database, quotations.quotations),
    quotationsOf(database, money.fundings),
  ]);
  const note = fault ? undefined : noteOf(visit);
  const shown = { gauge, money, quotations, announced, quoted, fault, note };
  const props = { desk, visit, organisation, path: pathOf(visit), ...shown };
  const { language } = visit.words;
  sendPage(visit.ctx, FundingPage(props), { status: fault ? 422 : 200, language, compress: false });
}

async function showGauge(desk: Desk, visit: Visit): Promise<void> {
  const organisation = await organisationOf(desk, visit);
  await refreshBalance(desk.deps.domain, organisation);
  const gauge = await floatGauge(desk.deps.domain, organisation);
  const page = GaugePage({ desk, visit, organisation, path: pathOf(visit), gauge });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function showOne(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain, timeZone } = desk.deps;
  const organisation = await organisationOf(desk, visit);
  const shown = await getFunding(domain.database, organisation.id, String(visit.ctx.params.funding));
  // People of an organisation are told that somebody of ours said it, and not who.
  const names = await namesOfPeople(domain, visit.isHouse ? [shown.funding.claimedBy ?? ''] : []);
  const note = fault ? undefined : noteOf(visit);
  const { runtime } = domain;
  const moment = { nowMs: runtime.clock.now(), timeZone };
  const page = OneFundingPage({ visit, organisation, path: pathOf(visit), ...shown, names, moment, fault, note });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

async function sendQuotation(desk: Desk, visit: Visit): Promise<void> {
  const { ctx, words } = visit;
  const { domain, operators } = desk.deps;
  const organisation = await organisationOf(desk, visit);
  const quotation = await getQuotation(domain.database, organisation.id, String(ctx.params.quotation));
  const operatorName = operators.find(({ id }) => id === organisation.operator)?.name ?? organisation.operator;
  const { language } = words;
  const paper = await quotationPdf({ ...domain, texts: desk.deps.texts }, quotation, organisation, {
    ...{ language, operatorName },
  });
  ctx.status = 200;
  ctx.set({
    'Content-Type': 'application/pdf',
    'Content-Disposition': `attachment; filename="${quotation.number}.pdf"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  if (ctx.method === 'HEAD') paper.destroy();
  else ctx.body = paper;
}

type Run = (desk: Desk, visit: Visit, organisation: Organisation) => Promise<string>;

/** What is new is on the page of all. */
async function add(desk: Desk, visit: Visit, run: Run): Promise<void> {
  try {
    visit.goTo(await run(desk, visit, await organisationOf(desk, visit)));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showAll(desk, visit, refusalWords(visit.words, error));
  }
}

async function quote({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const { total = '', rows = '' } = visit.form;
  const totalMinor = amountOf(total, organisation);
  // A number of people that is none is one that no list has.
  const count = /^\d{1,7}$/.test(rows.trim()) ? Number(rows) : 0;
  const asked = { organisationId: organisation.id, totalMinor, rows: count };
  await makeQuotation(deps.domain, visit.actor(), asked);
  return `${pathOf(visit)}?done=quoted`;
}

async function announce({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const { quotation, amount } = visit.form;
  const { id } = await announceFunding(deps.domain, visit.actor(), {
    organisationId: organisation.id,
    ...(quotation ? { quotationId: quotation.slice(0, LONGEST_ID) } : { amountMinor: amountOf(amount, organisation) }),
  });
  return `${pathOf(visit)}/${id}?done=announced`;
}

/** As people write it, without separators: what could be read in two ways is not guessed. */
function amountOf(text = '', { currency }: Organisation): bigint {
  const amount = parseMoney(text.trim(), currency);
  if (!amount) throw new Refusal('funding.amount');
  return amount.amountMinor;
}

/** Whoever comes second is shown what the first did. */
async function act(desk: Desk, visit: Visit, run: Run): Promise<void> {
  try {
    const done = await run(desk, visit, await organisationOf(desk, visit));
    visit.goTo(`${pathOf(visit)}/${visit.ctx.params.funding}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showOne(desk, visit, refusalWords(visit.words, error));
  }
}

const whichOf = ({ ctx }: Visit, { id }: Organisation) => ({
  ...{ organisationId: id, fundingId: String(ctx.params.funding) },
});

function doerOf(visit: Visit): Doer {
  invariant(visit.signedIn, 'the route is only for who is signed in');
  return { actor: visit.actor(), personId: visit.signedIn.member.personId };
}

function stepOf({ step }: Visit['form']): FundingStep {
  if (step !== 'banked' && step !== 'available') throw new HttpError(422);
  return step;
}

async function order({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const { number: orderNumber = '', amount } = visit.form;
  const orderMinor = amountOf(amount, organisation);
  await recordOrder(deps.domain, visit.actor(), { ...whichOf(visit, organisation), orderNumber, orderMinor });
  return 'ordered';
}

async function cancel({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  await cancelFunding(deps.domain, visit.actor(), { ...whichOf(visit, organisation), reason: reasonOf(visit.form) });
  return 'funding-cancelled';
}

async function claim({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const { evidence = '' } = visit.form;
  const said = { ...whichOf(visit, organisation), step: stepOf(visit.form), evidence };
  await claimStep(deps.domain, doerOf(visit), said);
  return 'claimed';
}

/** Of the claim that he has read. */
function readClaim(visit: Visit, organisation: Organisation) {
  const { seen = '' } = visit.form;
  if (!/^\d{1,15}$/.test(seen)) throw new HttpError(422);
  return { ...whichOf(visit, organisation), step: stepOf(visit.form), claimedAtMs: Number(seen) };
}

async function confirm({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const { state } = await confirmStep(deps.domain, doerOf(visit), readClaim(visit, organisation));
  return `funding-${state}`;
}

async function decline({ deps }: Desk, visit: Visit, organisation: Organisation): Promise<string> {
  const claimed = { ...readClaim(visit, organisation), reason: reasonOf(visit.form) };
  await dropClaim(deps.domain, visit.actor(), claimed);
  return 'claim-declined';
}
