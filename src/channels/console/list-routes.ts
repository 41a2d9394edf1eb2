import { Readable } from 'node:stream';
import { rulesOf } from '../../domain/organisations/index.ts';
import { fillFromList, type PayoutBatch } from '../../domain/payout-batches/index.ts';
import {
  cellsOf,
  findListRows,
  getList,
  LONGEST_CELL,
  mendListRow,
  type PayoutList,
  type RowStanding,
  writeListTemplate,
  writeMendedList,
} from '../../domain/payout-lists/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import { BATCHES, batchOf, batchPath, MAKE, makerOf, ONE_BATCH, organisationOf, READ } from './batch-access.ts';
import { showBatch } from './batch-routes.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf } from './form.ts';
import { ListPage } from './pages/list-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const one = `${ONE_BATCH}/lists/:list`;

/** Files with people to be paid: taken in, read, mended, and put into a batch. */
export const listRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: `${BATCHES}/template/:format`, ...READ, handle: sendTemplate },
  { method: 'post', path: `${ONE_BATCH}/lists`, takesFile: true, ...MAKE, handle: takeIn },
  { method: 'get', path: one, ...MAKE, handle: (desk, visit) => showList(desk, visit) },
  { method: 'get', path: `${one}/mended/:format`, ...MAKE, handle: sendMended },
  { method: 'post', path: `${one}/rows/:row`, ...MAKE, handle: mend },
  { method: 'post', path: `${one}/fill`, ...MAKE, handle: fill },
];

const A_PAGE = 20;
const listPath = (batch: PayoutBatch, listId: string) => `${batchPath(batch)}/lists/${listId}`;

/** The file is read behind the page: whoever gave it looks on, or comes back. */
async function takeIn(desk: Desk, visit: Visit): Promise<void> {
  const { organisation, batch } = await batchOf(desk, visit);
  const { file } = visit;
  try {
    if (!file) throw new Refusal('list.no-file');
    if (batch.state !== 'draft') throw new Refusal('batch.state', { state: batch.state });
    const rules = rulesOf(organisation, desk.deps.payers, batch.purpose);
    const given = { ownerId: organisation.id, givenBy: makerOf(visit).id, file, rules };
    const listId = await desk.lists.begin(given, file.keep);
    visit.goTo(listPath(batch, listId));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showBatch(desk, visit, refusalWords(visit.words, error));
  }
}

const STANDINGS: readonly RowStanding[] = ['fault', 'warning', 'ok'];

async function showList(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const { organisation, batch } = await batchOf(desk, visit);
  const list = await getList(domain, String(visit.ctx.params.list), organisation.id);
  const standing = STANDINGS.find((name) => name === visit.query.standing) ?? worstOf(list);
  const after = /^\d{1,7}$/.test(visit.query.after ?? '') ? Number(visit.query.after) : 0;
  const found =
    list.state === 'read' ? await findListRows(domain, list, { standing, afterRow: after, most: A_PAGE + 1 }) : [];
  const rows = found.slice(0, A_PAGE);
  const next = found.length > A_PAGE ? rows.at(-1)?.rowNo : undefined;
  const shown = { organisation, batch, list, standing, rows, next, fault, note: fault ? undefined : noteOf(visit) };
  sendPage(visit.ctx, ListPage({ desk, visit, ...shown }), {
    ...{ status: fault ? 422 : 200, language: visit.words.language, compress: false },
  });
}

/** What has to be looked at first. */
const worstOf = ({ faultRows, warningRows }: PayoutList): RowStanding =>
  faultRows > 0 ? 'fault' : warningRows > 0 ? 'warning' : 'ok';

async function onList(desk: Desk, visit: Visit, run: (list: PayoutList, batch: PayoutBatch) => Promise<string>) {
  const { organisation, batch } = await batchOf(desk, visit);
  const list = await getList(desk.deps.domain, String(visit.ctx.params.list), organisation.id);
  try {
    visit.goTo(await run(list, batch));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showList(desk, visit, refusalWords(visit.words, error));
  }
}

function mend(desk: Desk, visit: Visit): Promise<void> {
  return onList(desk, visit, async (list, batch) => {
    const { domain, payers } = desk.deps;
    const rules = rulesOf(await organisationOf(desk, visit), payers, batch.purpose);
    const rowNo = Number(visit.ctx.params.row);
    if (!Number.isSafeInteger(rowNo)) throw new HttpError(404);
    const cells = new Map<number, string>();
    for (const [name, text] of Object.entries(visit.form)) {
      if (/^cell-\d{1,2}$/.test(name)) cells.set(Number(name.slice(5)), text.slice(0, LONGEST_CELL + 1));
    }
    const menderId = makerOf(visit).id;
    const mended = { listId: list.id, ownerId: list.ownerId, menderId, rowNo, cells, rules };
    const { row } = await mendListRow(domain, visit.actor(), mended);
    domain.log.info({ listId: list.id, rowNo, cells: cellsOf(row).length, standing: row.standing }, 'a row was mended');
    const { standing } = visit.form;
    const stays = STANDINGS.find((name) => name === standing);
    const path = listPath(batch, list.id);
    if (row.standing === 'fault') return `${path}?done=row-still&standing=fault`;
    return `${path}?done=row-mended${stays && stays !== 'fault' ? `&standing=${stays}` : ''}`;
  });
}

function fill(desk: Desk, visit: Visit): Promise<void> {
  return onList(desk, visit, async (list, batch) => {
    await fillFromList(desk.deps.domain, visit.actor(), makerOf(visit), {
      ...{ batchId: batch.id, organisationId: batch.organisationId, listId: list.id },
    });
    return `${batchPath(batch)}?done=batch-filled`;
  });
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

function formatOf({ ctx }: Visit): keyof typeof TYPES {
  const { format } = ctx.params;
  if (format !== 'csv' && format !== 'xlsx') throw new HttpError(404);
  return format;
}

function sendFile({ ctx }: Visit, name: string, format: keyof typeof TYPES, bytes: AsyncIterable<Buffer | string>) {
  ctx.status = 200;
  ctx.set({
    'Content-Type': TYPES[format],
    'Content-Disposition': `attachment; filename="${name}.${format}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  if (ctx.method !== 'HEAD') ctx.body = Readable.from(bytes, { objectMode: false });
}

async function sendTemplate(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  const format = formatOf(visit);
  const rules = rulesOf(await organisationOf(desk, visit), deps.payers);
  const file = { format, language: visit.words.language, timeZone: deps.timeZone };
  sendFile(visit, 'malipo-list', format, writeListTemplate({ ...deps.domain, texts: deps.texts }, rules, file));
}

/** The list as it was given, with what is to be mended beside it. It is whole numbers, and theirs. */
async function sendMended(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  const format = formatOf(visit);
  const { organisation, batch } = await batchOf(desk, visit);
  const list = await getList(deps.domain, String(visit.ctx.params.list), organisation.id);
  if (list.state !== 'read') throw new HttpError(404);
  const file = { format, language: visit.words.language, timeZone: deps.timeZone };
  const place = desk.downloads.open(() => visit.ctx.res.destroy());
  visit.ctx.res.once('close', place.end);
  sendFile(visit, `${batch.number}-list`, format, writeMendedList({ ...deps.domain, texts: deps.texts }, list, file));
}
