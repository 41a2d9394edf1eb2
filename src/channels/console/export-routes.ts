import { askExport, exportStateAt, findExport } from '../../domain/exports/index.ts';
import type { StaffRole } from '../../domain/staff/index.ts';
import { invariant } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import { type ConsoleRoute, mayOpen } from './console-route.ts';
import { approvalExport } from './exports/approval-export.ts';
import { auditExport } from './exports/audit-export.ts';
import { type ExportList, WHOLE_NUMBERS } from './exports/export-list.ts';
import { figureExports } from './exports/figure-exports.ts';
import { paymentExport } from './exports/payment-export.ts';
import { queueExports } from './exports/queue-export.ts';
import { sendExport } from './exports/send-export.ts';
import { settlementExport } from './exports/settlement-export.ts';
import { staffExport } from './exports/staff-export.ts';
import { ExportPage, ExportRunPage } from './pages/export-pages.tsx';
import type { Desk, Visit } from './visit.ts';

const LISTS: readonly ExportList[] = [
  paymentExport,
  ...figureExports,
  ...queueExports,
  settlementExport,
  approvalExport,
  staffExport,
  auditExport,
];
/** Whoever may take any list; each list has its own roles beside. */
const TAKERS = [...new Set(LISTS.flatMap(({ allow }) => allow))];
const OWN_TAKERS = [...new Set(LISTS.flatMap(({ allowOrganisation = [] }) => allowOrganisation))];
const whoever = { allow: TAKERS, allowOrganisation: OWN_TAKERS };

/** Lists as files: what it will be and how much, then the file, with a page that shows how far it is. */
export const exportRoutes: readonly ConsoleRoute[] = [
  ...LISTS.flatMap((list): ConsoleRoute[] => {
    const { allow, allowOrganisation = [] } = list;
    const may = { allow, allowOrganisation };
    const path = `/console/exports/${list.name}`;
    return [
      { method: 'get', path, ...may, handle: (desk, visit) => showExport(desk, visit, list) },
      { method: 'post', path, ...may, handle: (desk, visit) => ask(desk, visit, list) },
    ];
  }),
  { method: 'get', path: '/console/exports/run/:id', ...whoever, handle: showRun },
  { method: 'get', path: '/console/exports/run/:id/file', ...whoever, handle: sendFile },
];

async function showExport(desk: Desk, visit: Visit, list: ExportList): Promise<void> {
  const opened = list.open(desk, visit, visit.query);
  const page = ExportPage({ visit, list, query: opened.query, rows: await opened.count() });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function ask(desk: Desk, visit: Visit, list: ExportList): Promise<void> {
  const { format, rows = '0' } = visit.form;
  // Only what the list itself understands: the rest would be kept as it came.
  const { query } = list.open(desk, visit, Object.fromEntries(new URLSearchParams(visit.form.query ?? '')));
  const wantsWhole = list.hasNumbers && visit.form.numbers === 'whole';
  if (wantsWhole && !visit.may(...WHOLE_NUMBERS)) throw new HttpError(403);
  const run = await askExport(desk.deps.domain, {
    memberId: memberOf(visit),
    list: list.name,
    format: format === 'xlsx' ? 'xlsx' : 'csv',
    numbers: wantsWhole ? 'whole' : 'masked',
    query,
    expectedRows: /^\d{1,9}$/.test(rows) ? Number(rows) : 0,
  });
  visit.goTo(`/console/exports/run/${run.id}`);
}

function memberOf({ signedIn }: Visit): string {
  invariant(signedIn, 'the route is only for who is signed in');
  return signedIn.member.id;
}

/** The list of a run, for who may still see it. */
async function runOf({ deps }: Desk, visit: Visit) {
  const run = await findExport(deps.domain, { id: String(visit.ctx.params.id), memberId: memberOf(visit) });
  const list = LISTS.find(({ name }) => name === run.list);
  if (!list) throw new HttpError(404);
  const { allow, allowOrganisation = [] } = list;
  const needed = (roles: readonly StaffRole[]) =>
    run.numbers === 'whole' ? roles.filter((role) => WHOLE_NUMBERS.includes(role)) : roles;
  const permission = { allow: needed(allow), allowOrganisation: needed(allowOrganisation) };
  if (mayOpen(permission, visit.signedIn)) throw new HttpError(403);
  return { run, list };
}

/** Begins the file by itself, once; then the page asks how far it is. */
async function showRun(desk: Desk, visit: Visit): Promise<void> {
  const { run, list } = await runOf(desk, visit);
  const state = exportStateAt(run, desk.deps.domain.runtime.clock.now());
  if (state === 'asked') visit.ctx.set('Refresh', `0; url=/console/exports/run/${run.id}/file`);
  const page = ExportRunPage({ visit, list, run, state });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

async function sendFile(desk: Desk, visit: Visit): Promise<void> {
  const { run, list } = await runOf(desk, visit);
  await sendExport(desk, visit, list, run);
}
