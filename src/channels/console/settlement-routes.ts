import { openBreaksOf } from '../../domain/reconciliation/index.ts';
import {
  FILE_PARTS,
  type FilePart,
  filesThere,
  getSettlement,
  namesOf,
  pageLines,
  pageSettlements,
  type Settlement,
  settlementHistory,
  tieOutsOf,
  verifySettlementFiles,
} from '../../domain/settlement/index.ts';
import type { StaffRole } from '../../domain/staff/index.ts';
import { sayPaid, signFor, takeSettlementFile, writeFilesAgain } from '../../domain/support/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { SettlementPage } from './pages/settlement-page.tsx';
import type { SettlementFilesShown } from './pages/settlement-props.ts';
import { SettlementsPage } from './pages/settlements-page.tsx';
import { readSettlementCursor, readSettlementFilters } from './settlement-filters.ts';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
/** Who takes the files away: the payout instruction names bank accounts. */
const TAKERS: readonly StaffRole[] = ['finance', 'administrator', 'auditor'];
const MONEY: readonly StaffRole[] = ['finance', 'administrator'];

const one = '/console/settlements/:id';

/** What each biller is owed for a day: looked at, signed by one person, paid by another. */
export const settlementRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/settlements', allow: READERS, handle: showSettlements },
  { method: 'get', path: one, allow: READERS, handle: (desk, visit) => showOne(desk, visit) },
  { method: 'get', path: `${one}/files/:file`, allow: TAKERS, handle: sendFile },
  { method: 'post', path: `${one}/sign`, allow: MONEY, handle: (desk, visit) => act(desk, visit, sign) },
  { method: 'post', path: `${one}/paid`, allow: MONEY, handle: (desk, visit) => act(desk, visit, paid) },
  { method: 'post', path: `${one}/write`, allow: MONEY, handle: (desk, visit) => act(desk, visit, write) },
];

const A_PAGE = 50;
const MOST_BREAKS = 20;
/** Up to so many lines the files are compared with the books whenever the page is opened; above, when somebody asks. */
const LINES_CHECKED_AT_ONCE = 2_000;

async function showSettlements(desk: Desk, visit: Visit): Promise<void> {
  const { query, words } = visit;
  const filters = readSettlementFilters(desk, query);
  const after = readSettlementCursor(query.after);
  const page = await pageSettlements(desk.deps.domain, filters, { after, limit: A_PAGE });
  const { language } = words;
  sendPage(visit.ctx, SettlementsPage({ desk, visit, query, filters, page }), { language, compress: false });
}

async function showOne(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const settlement = await getSettlement(domain, String(visit.ctx.params.id));
  const { after } = visit.query;
  const parties = [settlement.billerId, ...domain.operatorNames];
  const [files, lines, tieOuts, breaks, events] = await Promise.all([
    filesOf(desk, visit, settlement),
    pageLines(domain, settlement, { after: after?.slice(0, LONGEST_ID), limit: A_PAGE }),
    tieOutsOf(domain, settlement),
    openBreaksOf(domain, { day: settlement.day, parties, limit: MOST_BREAKS }),
    settlementHistory(domain, settlement.id),
  ]);
  const note = fault ? undefined : noteOf(visit);
  const page = SettlementPage({ desk, visit, settlement, files, lines, tieOuts, breaks, events, fault, note });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

const LONGEST_ID = 36;

/** What lies in the folder, and whether it is what we signed. Undefined before the first version, and for a biller that is no longer listed. */
async function filesOf(
  { deps, downloads }: Desk,
  visit: Visit,
  settlement: Settlement,
): Promise<SettlementFilesShown | undefined> {
  const { domain } = deps;
  if (settlement.version === 0 || !deps.billers.some(({ id }) => id === settlement.billerId)) return undefined;
  const [own, payout] = await Promise.all([
    filesThere(namesOf(domain, settlement, 'settlement')),
    filesThere(namesOf(domain, settlement, 'payout')),
  ]);
  const isAsked = visit.query.check === 'yes' || settlement.lines <= LINES_CHECKED_AT_ONCE;
  if (own.length === 0 || !isAsked) return { own, payout, verified: undefined };
  // Reading a large one takes a while: only so many at once, as with downloads.
  const place = settlement.lines > LINES_CHECKED_AT_ONCE ? downloads.open(() => undefined) : undefined;
  try {
    return { own, payout, verified: await verifySettlementFiles(domain, settlement) };
  } finally {
    place?.end();
  }
}

/** The file is named by what it is; where it lies is the settlement's to say. */
async function sendFile({ deps }: Desk, visit: Visit): Promise<void> {
  const { ctx } = visit;
  const [, payout, word] = /^(payout-)?([a-z]+)$/.exec(String(ctx.params.file)) ?? [];
  const part = FILE_PARTS.find((known) => known === word);
  if (!part) throw new HttpError(404);
  const wanted = { settlementId: String(ctx.params.id), set: payout ? 'payout' : 'settlement', part } as const;
  const { name, bytes, content } = await takeSettlementFile(deps.domain, visit.actor(), wanted);
  ctx.status = 200;
  ctx.set({
    'Content-Type': TYPES[part],
    'Content-Length': String(bytes),
    'Content-Disposition': `attachment; filename="${name}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  if (ctx.method === 'HEAD') content.destroy();
  else ctx.body = content;
}

const TYPES: Readonly<Record<FilePart, string>> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  sums: 'text/plain; charset=utf-8',
  signature: 'application/octet-stream',
};

/** Whoever comes second is shown what the first did. */
async function act(desk: Desk, visit: Visit, run: (desk: Desk, visit: Visit) => Promise<string>): Promise<void> {
  try {
    const done = await run(desk, visit);
    visit.goTo(`/console/settlements/${visit.ctx.params.id}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showOne(desk, visit, refusalWords(visit.words, error));
  }
}

function actOf({ ctx, form, signedIn }: Visit) {
  invariant(signedIn, 'the route is only for who is signed in');
  const { personId, name } = signedIn.member;
  return { settlementId: String(ctx.params.id), reason: reasonOf(form), personId, name };
}

async function sign({ deps }: Desk, visit: Visit): Promise<string> {
  const { version = '' } = visit.form;
  if (!/^\d{1,9}$/.test(version)) throw new HttpError(422);
  await signFor(deps.domain, visit.actor(), { ...actOf(visit), version: Number(version) });
  return 'signed';
}

async function paid({ deps }: Desk, visit: Visit): Promise<string> {
  const { reference = '', from = '' } = visit.form;
  if (from !== '' && !deps.operators.some(({ id }) => id === from)) throw new HttpError(422);
  const bankReference = reference.trim();
  await sayPaid(deps.domain, visit.actor(), { ...actOf(visit), bankReference, from: from || undefined });
  return 'paid-out';
}

async function write({ deps }: Desk, visit: Visit): Promise<string> {
  await writeFilesAgain(deps.domain, visit.actor(), actOf(visit));
  return 'files-asked';
}
