import { getOrganisation } from '../../domain/organisations/index.ts';
import { countAnswers } from '../../domain/payout-answers/index.ts';
import {
  batchHistory,
  type ChangeKind,
  cancelBatch,
  checkBatch,
  closeBatch,
  comparableBatch,
  compareBatches,
  countWarnings,
  createBatch,
  listBatches,
  listChanges,
  type PayoutBatch,
  pauseBatch,
  reopenBatch,
  resumeBatch,
  retryRows,
  stopBatch,
  submitBatch,
} from '../../domain/payout-batches/index.ts';
import { freeLists, PAYOUT_PURPOSES } from '../../domain/payout-lists/index.ts';
import { instantOfWallTime, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import {
  AGAIN,
  BATCHES,
  batchesPath,
  batchOf,
  batchPath,
  DECIDE,
  MAKE,
  makerOf,
  namesOfActors,
  ONE_BATCH,
  organisationOf,
  PAUSE,
  READ,
} from './batch-access.ts';
import type { ConsoleRoute, Permission } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { BatchPage } from './pages/batch-page.tsx';
import { BatchesPage } from './pages/batches-page.tsx';
import { ChangesPage } from './pages/changes-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const post = (name: string, permission: Permission, run: Run): ConsoleRoute => ({
  ...{ method: 'post', path: `${ONE_BATCH}/${name}`, ...permission },
  handle: (desk, visit) => act(desk, visit, run),
});

/** People whom an organisation pays together: prepared, shown, followed, held. The votes are cast where all votes are. */
export const batchRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: BATCHES, ...READ, handle: (desk, visit) => showAll(desk, visit) },
  { method: 'post', path: BATCHES, ...MAKE, handle: create },
  { method: 'get', path: ONE_BATCH, ...READ, handle: (desk, visit) => showBatch(desk, visit) },
  { method: 'get', path: `${ONE_BATCH}/changes/:kind`, ...READ, handle: showChanges },
  post('check', MAKE, async ({ deps }, visit, which) => {
    await checkBatch(deps.domain, visit.actor(), which);
    return 'batch-checked';
  }),
  post('submit', MAKE, async ({ deps }, visit, which) => {
    const reason = visit.form.reason?.trim() ?? '';
    await submitBatch(deps.domain, visit.actor(), makerOf(visit), { ...which, reason });
    return 'batch-submitted';
  }),
  post('reopen', MAKE, async ({ deps }, visit, which) => {
    await reopenBatch(deps.domain, visit.actor(), makerOf(visit), { ...which, reason: reasonOf(visit.form) });
    return 'batch-reopened';
  }),
  post('cancel', DECIDE, async ({ deps }, visit, which) => {
    await cancelBatch(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'batch-cancelled';
  }),
  post('pause', PAUSE, async ({ deps }, visit, which) => {
    await pauseBatch(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'batch-paused';
  }),
  post('resume', DECIDE, async ({ deps }, visit, which) => {
    await resumeBatch(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'batch-resumed';
  }),
  post('stop', DECIDE, async ({ deps }, visit, which) => {
    await stopBatch(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'batch-stopped';
  }),
  post('retry', AGAIN, async ({ deps }, visit, which) => {
    await retryRows(deps.domain, visit.actor(), { ...which, rowNos: 'all', reason: reasonOf(visit.form) });
    return 'batch-rows-again';
  }),
  post('close', DECIDE, async ({ deps }, visit, which) => {
    await closeBatch(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'batch-closed';
  }),
];

const A_PAGE = 50;
const LONGEST_ID = 36;

async function showAll(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const organisation = await organisationOf(desk, visit);
  const { before } = visit.query;
  const { batches, next } = await listBatches(desk.deps.domain, {
    ...{ organisationId: organisation.id, beforeId: before?.slice(0, LONGEST_ID), limit: A_PAGE },
  });
  const note = fault ? undefined : noteOf(visit);
  const page = BatchesPage({ visit, organisation, batches, next, fault, note, given: visit.form });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

async function create(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  const organisation = await organisationOf(desk, visit);
  const { name = '', hours, from = '' } = visit.form;
  const purpose = PAYOUT_PURPOSES.find((one) => one === visit.form.purpose);
  try {
    if (!purpose) throw new Refusal('batch.purpose', { purpose: '' });
    const batch = await createBatch(deps.domain, visit.actor(), organisation, makerOf(visit), {
      ...{ name, purpose, hours: hours === 'working-hours' ? hours : 'at-once' },
      notBeforeMs: from === '' ? null : wallInstant(from, deps.timeZone),
    });
    visit.goTo(`${batchPath(batch)}?done=batch-created`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showAll(desk, visit, refusalWords(visit.words, error));
  }
}

/** `2026-12-24T09:30`, by the clock on the wall. Refuses with `batch.time`. */
function wallInstant(text: string, timeZone: string): number {
  const wallMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN;
  if (Number.isNaN(wallMs)) throw new Refusal('batch.time');
  return instantOfWallTime(wallMs, timeZone);
}

/** Lists of the organisation that are in no batch yet; a draft is filled from one of them. */
const LISTS_SHOWN = 5;

export async function showBatch(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const { organisation, batch } = await batchOf(desk, visit);
  const isDraft = batch.state === 'draft';
  const [progress, warnings, events, changes, lists, previous, answers] = await Promise.all([
    desk.progress(batch),
    batch.state === 'ready' || isDraft ? countWarnings(domain.database.reader, batch.id) : 0,
    batchHistory(domain, batch.id),
    // Compared while people decide; later the rows speak for themselves.
    ['ready', 'submitted', 'in-approval'].includes(batch.state) ? compareBatches(domain, batch) : null,
    isDraft ? freeLists(domain, organisation.id, LISTS_SHOWN) : [],
    batch.previousId === null ? null : comparableBatch(domain, batch),
    countAnswers(domain, batch.id),
  ]);
  const names = await namesOfActors(desk, visit, events);
  const note = fault ? undefined : noteOf(visit);
  const facts = { organisation, batch, progress, warnings, events, changes, lists, previous, answers, names };
  const page = BatchPage({ desk, visit, ...facts, fault, note });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

const KINDS: readonly ChangeKind[] = ['newcomer', 'changed', 'leaver'];

async function showChanges({ deps }: Desk, visit: Visit): Promise<void> {
  const { domain } = deps;
  const organisation = await getOrganisation(domain, String(visit.ctx.params.organisation));
  const { batch } = await batchOf({ deps } as Desk, visit);
  const kind = KINDS.find((one) => one === visit.ctx.params.kind);
  const before = kind && (await comparableBatch(domain, batch));
  if (!kind || !before) throw new HttpError(404);
  // The cursor would be a number of somebody: it is sealed.
  const after = visit.query.after ? openCursor({ deps } as Desk, visit.query.after) : '';
  const found = await listChanges(domain, { batch, before, kind, after, limit: A_PAGE + 1 });
  const changes = found.slice(0, A_PAGE);
  const last = found.length > A_PAGE ? changes.at(-1)?.msisdn : undefined;
  const next = last && Buffer.from(domain.sealing.seal(last)).toString('base64url');
  const page = ChangesPage({ visit, organisation, batch, before, kind, changes, next });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

function openCursor({ deps }: Pick<Desk, 'deps'>, text: string): string {
  try {
    return deps.domain.sealing.open(Buffer.from(text, 'base64url').toString());
  } catch {
    throw new HttpError(404);
  }
}

interface Which {
  batchId: string;
  organisationId: string;
}

type Run = (desk: Desk, visit: Visit, which: Which, batch: PayoutBatch) => Promise<string>;

/** Whoever comes second is shown what the first did. */
async function act(desk: Desk, visit: Visit, run: Run): Promise<void> {
  const { organisation, batch } = await batchOf(desk, visit);
  try {
    const done = await run(desk, visit, { batchId: batch.id, organisationId: organisation.id }, batch);
    visit.goTo(`${batchesPath(organisation)}/${batch.id}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showBatch(desk, visit, refusalWords(visit.words, error));
  }
}
