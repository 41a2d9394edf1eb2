import { namesOfStaff, type StaffRole } from '../../domain/staff/index.ts';
import {
  addWebhookEndpoint,
  resendWebhook,
  resendWebhooksSince,
  rotateWebhookSecret,
  switchWebhookEndpoint,
  tryWebhookEndpoint,
} from '../../domain/support/index.ts';
import {
  type EndpointCursor,
  EVENT_TYPES,
  endpointChanges,
  findEndpoint,
  lastAnswers,
  listAttempts,
  listDeliveries,
  pageEndpoints,
  secretTimes,
} from '../../domain/webhooks/index.ts';
import { businessDay, dayWindow, isDay, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { readCursor } from './filters.ts';
import { noteOf, reasonOf } from './form.ts';
import { WebhookPage } from './pages/webhook-page.tsx';
import { WebhooksPage } from './pages/webhooks-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
/** Whoever may repeat what was given up. */
const RESENDERS: readonly StaffRole[] = ['finance', 'administrator'];
const ADMINISTRATORS: readonly StaffRole[] = ['administrator'];

const one = '/console/webhooks/:id';

/** Whom billers have told us to tell, what became of it, and what can be done. */
export const webhookRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/webhooks', allow: READERS, handle: (desk, visit) => showEndpoints(desk, visit) },
  { method: 'post', path: '/console/webhooks', allow: ADMINISTRATORS, handle: add },
  { method: 'get', path: one, allow: READERS, handle: (desk, visit) => showOne(desk, visit) },
  { method: 'post', path: `${one}/rotate`, allow: ADMINISTRATORS, handle: rotate },
  { method: 'post', path: `${one}/enable`, allow: ADMINISTRATORS, handle: (desk, visit) => act(desk, visit, enable) },
  { method: 'post', path: `${one}/disable`, allow: ADMINISTRATORS, handle: (desk, visit) => act(desk, visit, disable) },
  { method: 'post', path: `${one}/test`, allow: RESENDERS, handle: (desk, visit) => act(desk, visit, test) },
  { method: 'post', path: `${one}/resend`, allow: RESENDERS, handle: (desk, visit) => act(desk, visit, resend) },
  { method: 'post', path: `${one}/since`, allow: RESENDERS, handle: (desk, visit) => act(desk, visit, resendSince) },
];

const ENDPOINTS_A_PAGE = 50;
const DELIVERIES_A_PAGE = 25;
const LONGEST_ID = 36;
const HOUR_MS = 3_600_000;

/** `secret`: of one that was just made; it is shown this once. */
async function showEndpoints(
  { deps }: Desk,
  visit: Visit,
  made: { fault?: string; secret?: string; status?: number } = {},
): Promise<void> {
  const { query, form, words } = visit;
  const billerId = deps.billers.find(({ id }) => id === query.biller)?.id;
  const after = readEndpointCursor(query.after);
  const { endpoints, next } = await pageEndpoints(deps.domain, { billerId, after, limit: ENDPOINTS_A_PAGE });
  const answers = await lastAnswers(
    deps.domain,
    endpoints.map(({ id }) => id),
  );
  const { status = 200, ...shown } = made;
  const billers = deps.billers;
  const page = WebhooksPage({ visit, billers, billerId, endpoints, answers, next, values: form, ...shown });
  sendPage(visit.ctx, page, { status, language: words.language, compress: false });
}

function readEndpointCursor(text: string | undefined): EndpointCursor | undefined {
  const match = /^([a-z][a-z0-9-]{1,23})_([0-9a-f-]{36})$/.exec(text ?? '');
  return match ? { ownerId: match[1] as string, id: match[2] as string } : undefined;
}

async function add(desk: Desk, visit: Visit): Promise<void> {
  const { form } = visit;
  const biller = desk.deps.billers.find(({ id }) => id === form.biller);
  if (!biller) throw new HttpError(422);
  const eventTypes = EVENT_TYPES.biller.filter((type) => form[`event-${type}`] === 'yes');
  const wanted = { billerId: biller.id, url: (form.url ?? '').trim(), eventTypes, reason: reasonOf(form) };
  try {
    const { secret } = await addWebhookEndpoint(desk.deps.domain, visit.actor(), wanted);
    await showEndpoints(desk, { ...visit, form: {} }, { secret });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showEndpoints(desk, visit, { fault: faultWords(visit, error), status: 422 });
  }
}

/** Why an address is refused is a code, and told in words. */
function faultWords({ words }: Visit, refusal: Refusal): string {
  const { why } = refusal.details;
  if (typeof why !== 'string') return refusalWords(words, refusal);
  return words.say(`refusal.${refusal.code}`, { why: words.name('address-refusal', why) });
}

async function showOne(
  { deps }: Desk,
  visit: Visit,
  made: { fault?: string; secret?: { text: string; oldEndsAtMs: number } } = {},
): Promise<void> {
  const { domain } = deps;
  const endpoint = await findEndpoint(domain, idOf(visit));
  if (!endpoint) throw new HttpError(404);
  const place = readCursor(visit.query.after);
  const wanted = { endpointId: endpoint.id, after: place, limit: DELIVERIES_A_PAGE + 1 };
  const [found, changes, secrets] = await Promise.all([
    listDeliveries(domain, wanted),
    endpointChanges(domain, endpoint.id),
    secretTimes(domain, endpoint.id),
  ]);
  const deliveries = found.slice(0, DELIVERIES_A_PAGE);
  const attempts = await listAttempts(
    domain,
    deliveries.map(({ id }) => id),
  );
  const names = await namesOfStaff(
    domain,
    changes.map(({ actor }) => actor),
  );
  const next = found.length > DELIVERIES_A_PAGE ? deliveries.at(-1) : undefined;
  const { rotationMs } = domain.webhookSettings;
  const page = WebhookPage({
    ...{ visit, billers: deps.billers, endpoint, deliveries, attempts, next, changes, names, secrets },
    ...{
      overlapHours: Math.round(rotationMs / HOUR_MS),
      today: businessDay(domain.runtime.clock.now(), deps.timeZone),
    },
    ...{ note: made.fault || made.secret ? undefined : noteOf(visit), ...made },
  });
  const status = made.fault ? 422 : 200;
  sendPage(visit.ctx, page, { status, language: visit.words.language, compress: false });
}

const idOf = ({ ctx }: Visit) => String(ctx.params.id).slice(0, LONGEST_ID);
const actOf = (visit: Visit) => ({ endpointId: idOf(visit), reason: reasonOf(visit.form) });

/** Whoever comes second is shown how it stands. */
async function act(desk: Desk, visit: Visit, run: (desk: Desk, visit: Visit) => Promise<string>): Promise<void> {
  try {
    const done = await run(desk, visit);
    visit.goTo(`/console/webhooks/${idOf(visit)}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showOne(desk, visit, { fault: refusalWords(visit.words, error) });
  }
}

async function rotate(desk: Desk, visit: Visit): Promise<void> {
  const { hours = '' } = visit.form;
  if (!/^\d{1,4}$/.test(hours) || Number(hours) > LONGEST_OVERLAP_HOURS) throw new HttpError(422);
  const wanted = { ...actOf(visit), overlapMs: Number(hours) * HOUR_MS };
  try {
    const { secret, oldEndsAtMs } = await rotateWebhookSecret(desk.deps.domain, visit.actor(), wanted);
    await showOne(desk, visit, { secret: { text: secret, oldEndsAtMs } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showOne(desk, visit, { fault: refusalWords(visit.words, error) });
  }
}

/** A year. */
const LONGEST_OVERLAP_HOURS = 8_760;

async function enable({ deps }: Desk, visit: Visit): Promise<string> {
  await switchWebhookEndpoint(deps.domain, visit.actor(), { ...actOf(visit), to: 'enabled' });
  return 'endpoint-enabled';
}

async function disable({ deps }: Desk, visit: Visit): Promise<string> {
  await switchWebhookEndpoint(deps.domain, visit.actor(), { ...actOf(visit), to: 'disabled' });
  return 'endpoint-disabled';
}

async function test({ deps }: Desk, visit: Visit): Promise<string> {
  await tryWebhookEndpoint(deps.domain, visit.actor(), actOf(visit));
  return 'endpoint-tested';
}

async function resend({ deps }: Desk, visit: Visit): Promise<string> {
  const deliveryId = (visit.form.delivery ?? '').slice(0, LONGEST_ID);
  await resendWebhook(deps.domain, visit.actor(), { deliveryId, reason: reasonOf(visit.form) });
  return 'webhook-resent';
}

/** From the beginning of a day by the business's clock. */
async function resendSince({ deps }: Desk, visit: Visit): Promise<string> {
  const { since = '' } = visit.form;
  if (!isDay(since)) throw new HttpError(422);
  const sinceMs = dayWindow(since, deps.timeZone).fromMs;
  await resendWebhooksSince(deps.domain, visit.actor(), { ...actOf(visit), sinceMs });
  return 'webhooks-resent';
}
