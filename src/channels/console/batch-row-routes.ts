import { type Organisation, rulesOf } from '../../domain/organisations/index.ts';
import {
  claimsOfRows,
  excludeRow,
  listRows,
  type NewRow,
  type PayoutBatch,
  type RowState,
  type RowView,
  replaceRows,
  retryRows,
  rowStates,
} from '../../domain/payout-batches/index.ts';
import { checkGivenRows, findingWords } from '../../domain/payout-lists/index.ts';
import { formatDecimal, invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import { AGAIN, batchOf, batchPath, MAKE, makerOf, ONE_BATCH, READ } from './batch-access.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { ReplacePage } from './pages/replace-page.tsx';
import { RowsPage } from './pages/rows-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const rows = `${ONE_BATCH}/rows`;
const replace = `${ONE_BATCH}/replace`;

/** The rows of a batch, and what is done to some of them. */
export const batchRowRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: rows, ...READ, handle: (desk, visit) => showRows(desk, visit) },
  { method: 'post', path: `${rows}/exclude`, ...MAKE, handle: (desk, visit) => exclude(desk, visit, true) },
  { method: 'post', path: `${rows}/include`, ...MAKE, handle: (desk, visit) => exclude(desk, visit, false) },
  { method: 'post', path: `${rows}/retry`, ...AGAIN, handle: retry },
  { method: 'get', path: replace, ...AGAIN, handle: (desk, visit) => showReplace(desk, visit) },
  { method: 'post', path: replace, ...AGAIN, handle: putInPlace },
];

const A_PAGE = 50;
/** With four fields each they fit into one form. */
const A_FORM = 20;

function stateOf({ query }: Visit): RowState | undefined {
  return Object.hasOwn(rowStates.next, query.state ?? '') ? (query.state as RowState) : undefined;
}

const rowOf = (text: string | undefined) => (/^\d{1,7}$/.test(text ?? '') ? Number(text) : 0);

async function showRows(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { organisation, batch } = await batchOf(desk, visit);
  const state = stateOf(visit);
  const afterRow = rowOf(visit.query.after);
  const page = await listRows(desk.deps.domain, { batchId: batch.id, state, afterRow, limit: A_PAGE });
  const progress = await desk.progress(batch);
  const claims = await claimsOfRows(
    desk.deps.domain,
    page.rows.map(({ id }) => id),
  );
  const shown = {
    organisation,
    batch,
    state,
    progress,
    claims,
    ...page,
    fault,
    note: fault ? undefined : noteOf(visit),
  };
  sendPage(visit.ctx, RowsPage({ visit, ...shown }), {
    ...{ status: fault ? 422 : 200, language: visit.words.language, compress: false },
  });
}

/** Those that were ticked. */
function chosenOf({ form }: Visit): number[] {
  const chosen = Object.keys(form).flatMap((name) => (/^row-\d{1,7}$/.test(name) ? [Number(name.slice(4))] : []));
  if (chosen.length === 0) throw new Refusal('batch.none-chosen');
  return chosen;
}

async function onRows(desk: Desk, visit: Visit, run: (batch: PayoutBatch) => Promise<string>): Promise<void> {
  const { batch } = await batchOf(desk, visit);
  try {
    visit.goTo(await run(batch));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showRows(desk, visit, refusalWords(visit.words, error));
  }
}

function exclude(desk: Desk, visit: Visit, excluded: boolean): Promise<void> {
  return onRows(desk, visit, async ({ id: batchId, organisationId }) => {
    const reason = reasonOf(visit.form);
    for (const rowNo of chosenOf(visit)) {
      const input = { batchId, organisationId, rowNo, excluded, reason };
      await excludeRow(desk.deps.domain, visit.actor(), makerOf(visit), input);
    }
    const done = excluded ? 'rows-excluded' : 'rows-included';
    return `${batchPath({ id: batchId, organisationId })}/rows?done=${done}`;
  });
}

function retry(desk: Desk, visit: Visit): Promise<void> {
  return onRows(desk, visit, async ({ id: batchId, organisationId }) => {
    const rowNos = chosenOf(visit);
    const input = { batchId, organisationId, rowNos, reason: reasonOf(visit.form) };
    await retryRows(desk.deps.domain, visit.actor(), input);
    return `${batchPath({ id: batchId, organisationId })}?done=batch-rows-again`;
  });
}

/** What was not paid, the first ones; whoever has put those in place comes back for the next. */
async function unpaidOf(desk: Desk, visit: Visit, batch: PayoutBatch): Promise<RowView[]> {
  const { domain } = desk.deps;
  const afterRow = rowOf(visit.query.after);
  const [failed, back] = await Promise.all(
    (['failed', 'reversed'] as const).map((state) =>
      listRows(domain, { batchId: batch.id, state, afterRow, limit: A_FORM }),
    ),
  );
  const all = [...(failed?.rows ?? []), ...(back?.rows ?? [])].sort((one, other) => one.rowNo - other.rowNo);
  return all.slice(0, A_FORM);
}

async function showReplace(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { organisation, batch } = await batchOf(desk, visit);
  const unpaid = await unpaidOf(desk, visit, batch);
  const page = ReplacePage({ visit, organisation, batch, rows: unpaid, isFull: unpaid.length === A_FORM, fault });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

async function putInPlace(desk: Desk, visit: Visit): Promise<void> {
  const { organisation, batch } = await batchOf(desk, visit);
  try {
    const chosen = chosenOf(visit);
    const unpaid = await unpaidOf(desk, visit, batch);
    const changes = new Map<number, Partial<NewRow>>();
    for (const rowNo of chosen) {
      const row = unpaid.find((one) => one.rowNo === rowNo);
      if (!row) throw new Refusal('batch.row', { rowNo });
      changes.set(rowNo, changeOf(desk, visit, organisation, row));
    }
    const input = { batchId: batch.id, organisationId: organisation.id, changes, reason: reasonOf(visit.form) };
    const next = await replaceRows(desk.deps.domain, visit.actor(), makerOf(visit), input);
    visit.goTo(`${batchPath(next)}?done=rows-replaced`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showReplace(desk, visit, refusalWords(visit.words, error));
  }
}

/** What is left empty stays. Refuses with `batch.row-fault`, in the words of lists. */
function changeOf({ deps }: Desk, visit: Visit, organisation: Organisation, row: RowView): Partial<NewRow> {
  const written = (field: string) => visit.form[`${field}-${row.rowNo}`]?.trim() ?? '';
  const { listWords } = deps.domain;
  const given = {
    phone: written('phone') || row.msisdn,
    amount: written('amount') || formatDecimal(row),
    name: written('name') || (row.name ?? ''),
    reference: row.reference ?? '',
  };
  const [checked] = checkGivenRows({ rules: rulesOf(organisation, deps.payers), listWords }, [given]);
  invariant(checked, 'what was given is checked');
  const fault = checked.findings.find(({ severity }) => severity === 'fault');
  if (fault) {
    const why = findingWords({ texts: deps.texts, words: listWords }, visit.words.language, fault);
    throw new Refusal('batch.row-fault', { row: String(row.rowNo), why });
  }
  const { msisdn, amountMinor, name } = checked;
  if (msisdn === null || amountMinor === null) throw new HttpError(422);
  return { msisdn, amountMinor, name };
}
