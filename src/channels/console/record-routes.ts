import { missesOf } from '../../domain/accounts/index.ts';
import { writeNote } from '../../domain/notes/index.ts';
import { PaymentTokenSchema, usedLimits } from '../../domain/payments/index.ts';
import { erasureOf } from '../../domain/privacy/index.ts';
import { findPayments, LONGEST_QUERY, search } from '../../domain/search/index.ts';
import { namesOfStaff, type StaffRole } from '../../domain/staff/index.ts';
import { type PaymentStory, paymentPulse, paymentStory, personStory } from '../../domain/stories/index.ts';
import {
  askBiller,
  askOperator,
  lookAtCallback,
  lookAtNumber,
  lookAtTokens,
  repeatWork,
  sendReceipt,
  unlinkAccount,
  unlockPin,
} from '../../domain/support/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import { rowPath } from './batch-access.ts';
import type { ConsoleRoute } from './console-route.ts';
import { readCursor, readFilters } from './filters.ts';
import { noteOf, reasonOf } from './form.ts';
import { PaymentPage } from './pages/payment-page.tsx';
import { PaymentsPage } from './pages/payments-page.tsx';
import { PersonPage } from './pages/person-page.tsx';
import { RawPage } from './pages/raw-page.tsx';
import { SearchPage } from './pages/search-page.tsx';
import { personPath } from './person-key.ts';
import { msisdnOf } from './person-routes.ts';
import type { Desk, Visit } from './visit.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
const ACTORS: readonly StaffRole[] = ['support', 'finance', 'administrator'];

const payment = '/console/payments/:id';
const person = '/console/people/:key';

/** Finding things, and what can be done about one. */
export const recordRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/search', allow: READERS, handle: showSearch },
  { method: 'get', path: '/console/payments', allow: READERS, handle: showPayments },
  { method: 'get', path: payment, allow: READERS, handle: (desk, visit) => showPayment(desk, visit) },
  { method: 'post', path: `${payment}/tokens`, allow: ACTORS, handle: showTokens },
  { method: 'post', path: `${payment}/note`, allow: ACTORS, handle: notePayment },
  { method: 'post', path: `${payment}/receipt`, allow: ACTORS, handle: receiptAgain },
  { method: 'post', path: `${payment}/ask-operator`, allow: ACTORS, handle: nowAskOperator },
  { method: 'post', path: `${payment}/ask-biller`, allow: ACTORS, handle: nowAskBiller },
  { method: 'post', path: `${payment}/repeat`, allow: ACTORS, handle: repeat },
  { method: 'get', path: '/console/callbacks/:id', allow: READERS, handle: showCallback },
  { method: 'get', path: person, allow: READERS, handle: (desk, visit) => showPerson(desk, visit) },
  { method: 'post', path: `${person}/number`, allow: ACTORS, handle: showNumber },
  { method: 'post', path: `${person}/note`, allow: ACTORS, handle: notePerson },
  { method: 'post', path: `${person}/unlink`, allow: ['support', 'administrator'], handle: unlink },
  { method: 'post', path: `${person}/unlock`, allow: ACTORS, handle: unlock },
];

const A_PAGE = 50;

async function showSearch(desk: Desk, visit: Visit): Promise<void> {
  const query = (visit.query.q ?? '').slice(0, LONGEST_QUERY);
  if (query.trim() === '') return visit.goTo('/console/payments');
  const { found, exact } = await search(desk.deps.domain, query);
  if (exact?.kind === 'payment') return visit.goTo(`/console/payments/${exact.id}`);
  if (exact?.kind === 'payout') return visit.goTo(rowPath({ ...exact, id: exact.batchId }, exact.rowNo));
  if (exact?.kind === 'person') return visit.goTo(personPath(desk, exact.msisdn));
  const { language } = visit.words;
  sendPage(visit.ctx, SearchPage({ desk, visit, query, found }), { language, compress: false });
}

async function showPayments(desk: Desk, visit: Visit): Promise<void> {
  const { query, words } = visit;
  const { domain } = desk.deps;
  const filters = readFilters(desk, query);
  const after = readCursor(query.after);
  const nowMs = domain.runtime.clock.now();
  const page = await findPayments(domain, filters, { ...(after ? { after } : {}), limit: A_PAGE, nowMs });
  sendPage(visit.ctx, PaymentsPage({ desk, visit, query, filters, page }), {
    language: words.language,
    compress: false,
  });
}

async function storyOf({ deps }: Desk, visit: Visit): Promise<PaymentStory> {
  const story = await paymentStory(deps.domain, String(visit.ctx.params.id));
  if (!story) throw new HttpError(404);
  return story;
}

async function showPayment(desk: Desk, visit: Visit, tokens?: readonly string[]): Promise<void> {
  const { domain } = desk.deps;
  // Before the story is read: what happens from here on, the page is told of.
  const pulse = await paymentPulse(domain, String(visit.ctx.params.id));
  const story = await storyOf(desk, visit);
  const ids = story.entries.flatMap((one) =>
    one.kind === 'act' ? [one.actorId] : one.kind === 'note' ? [one.authorId] : [],
  );
  const names = await namesOfStaff(domain, [...ids, ...story.refunds.map(({ proposedBy }) => proposedBy)]);
  const tokenCount = await domain.database.reader.countBy(PaymentTokenSchema, { paymentId: story.payment.id });
  const page = PaymentPage({
    desk,
    visit,
    story,
    pulse,
    names,
    tokenCount,
    note: noteOf(visit),
    ...(tokens ? { tokens } : {}),
  });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function showTokens(desk: Desk, visit: Visit): Promise<void> {
  const tokens = await lookAtTokens(desk.deps.domain, visit.actor(), String(visit.ctx.params.id));
  await showPayment(desk, visit, tokens);
}

const paymentPath = ({ ctx }: Visit, done: string) => `/console/payments/${ctx.params.id}?done=${done}`;
const actOf = ({ ctx, form }: Visit) => ({ paymentId: String(ctx.params.id), reason: reasonOf(form) });

async function notePayment(desk: Desk, visit: Visit): Promise<void> {
  const { payment } = await storyOf(desk, visit);
  const subject = { kind: 'payment', id: payment.id } as const;
  await writeNote(desk.deps.domain, visit.actor(), { subject, body: visit.form.body ?? '' });
  visit.goTo(paymentPath(visit, 'note'));
}

async function receiptAgain({ deps }: Desk, visit: Visit): Promise<void> {
  const { to, once = '' } = visit.form;
  const onceKey = /^[0-9a-f-]{36}$/.test(once) ? once : deps.domain.runtime.ids.next();
  const recipient = to === 'payer' ? 'payer' : 'dialler';
  await sendReceipt(deps.domain, visit.actor(), { ...actOf(visit), to: recipient, onceKey });
  visit.goTo(paymentPath(visit, 'receipt'));
}

async function nowAskOperator({ deps }: Desk, visit: Visit): Promise<void> {
  await nowAsk(visit, askOperator(deps.domain, visit.actor(), actOf(visit)));
}

async function nowAskBiller({ deps }: Desk, visit: Visit): Promise<void> {
  await nowAsk(visit, askBiller(deps.domain, visit.actor(), actOf(visit)));
}

/** What was answered by itself while a reason was being written is no error: the page shows the answer. */
async function nowAsk(visit: Visit, asking: Promise<void>): Promise<void> {
  const done = await asking.then(
    () => 'asked',
    (error: unknown) => {
      if (error instanceof Refusal && error.code === 'work.none') return 'overtaken';
      throw error;
    },
  );
  visit.goTo(paymentPath(visit, done));
}

async function repeat(desk: Desk, visit: Visit): Promise<void> {
  const { next } = await storyOf(desk, visit);
  const rowIds = next.filter(({ state }) => state === 'dead').map(({ id }) => id);
  await repeatWork(desk.deps.domain, visit.actor(), { ...actOf(visit), rowIds });
  visit.goTo(paymentPath(visit, 'repeated'));
}

async function showCallback({ deps }: Desk, visit: Visit): Promise<void> {
  const event = await lookAtCallback(deps.domain, visit.actor(), String(visit.ctx.params.id));
  sendPage(visit.ctx, RawPage({ visit, event, country: deps.domain.country }), {
    language: visit.words.language,
    compress: false,
  });
}

async function showPerson(desk: Desk, visit: Visit, isShown = false): Promise<void> {
  const { domain } = desk.deps;
  const before = Number(visit.query.before);
  const beforeMs = Number.isSafeInteger(before) && before > 0 ? before : domain.runtime.clock.now() + 1;
  const story = await personStory(domain, { msisdn: msisdnOf(desk, visit), beforeMs });
  const authors = story.entries.flatMap((one) => (one.kind === 'note' ? [one.note.authorId] : []));
  const names = await namesOfStaff(domain, authors);
  const erasure = await erasureOf(domain, story.msisdn);
  const used = await usedLimits(domain, { msisdn: story.msisdn });
  // They are kept beside the books, and may be out of reach.
  const misses = await missesOf(domain, story.msisdn).catch(() => undefined);
  const limits = { ...used, misses };
  const nowMs = domain.runtime.clock.now();
  const page = PersonPage({ desk, visit, story, limits, nowMs, names, isShown, erasure, note: noteOf(visit) });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function showNumber(desk: Desk, visit: Visit): Promise<void> {
  await lookAtNumber(desk.deps.domain, visit.actor(), msisdnOf(desk, visit));
  await showPerson(desk, visit, true);
}

async function notePerson(desk: Desk, visit: Visit): Promise<void> {
  const id = msisdnOf(desk, visit);
  await writeNote(desk.deps.domain, visit.actor(), { subject: { kind: 'person', id }, body: visit.form.body ?? '' });
  visit.goTo(`${personPath(desk, id)}?done=note`);
}

async function unlink(desk: Desk, visit: Visit): Promise<void> {
  const msisdn = msisdnOf(desk, visit);
  const linkId = visit.form.link ?? '';
  await unlinkAccount(desk.deps.domain, visit.actor(), { msisdn, linkId, reason: reasonOf(visit.form) });
  visit.goTo(`${personPath(desk, msisdn)}?done=unlinked`);
}

async function unlock(desk: Desk, visit: Visit): Promise<void> {
  const msisdn = msisdnOf(desk, visit);
  await unlockPin(desk.deps.domain, visit.actor(), { msisdn, reason: reasonOf(visit.form) });
  visit.goTo(`${personPath(desk, msisdn)}?done=unlocked`);
}
