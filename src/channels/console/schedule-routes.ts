import { findApproval } from '../../domain/approvals/index.ts';
import {
  AGREED,
  askStanding,
  changeSchedule,
  createSchedule,
  endStanding,
  getSchedule,
  listBatches,
  listSchedules,
  moveSchedule,
  type NewSchedule,
  nextSource,
  type PayoutBatch,
  paidFrom,
  runsOfSchedule,
  type ScheduleState,
  scheduleHistory,
} from '../../domain/payout-batches/index.ts';
import { parseMoney, Refusal } from '../../kernel/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import {
  DECIDE,
  MAKE,
  makerOf,
  namesOfActors,
  ONE_SCHEDULE,
  organisationOf,
  PAUSE,
  READ,
  SCHEDULES,
  schedulePath,
  TAKE_BACK,
} from './batch-access.ts';
import type { ConsoleRoute, Permission } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { SchedulePage } from './pages/schedule-page.tsx';
import { SchedulesPage } from './pages/schedules-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const post = (name: string, permission: Permission, run: Run): ConsoleRoute => ({
  ...{ method: 'post', path: `${ONE_SCHEDULE}/${name}`, ...permission },
  handle: (desk, visit) => act(desk, visit, run),
});

const move = (to: ScheduleState, done: string): Run => {
  return async ({ deps }, visit, which) => {
    await moveSchedule(deps.domain, visit.actor(), { ...which, to, reason: reasonOf(visit.form) });
    return done;
  };
};

/** Batches that are made again by themselves. What their standing approval is voted on is where all votes are. */
export const scheduleRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: SCHEDULES, ...READ, handle: (desk, visit) => showAll(desk, visit) },
  { method: 'post', path: SCHEDULES, ...MAKE, handle: create },
  { method: 'get', path: ONE_SCHEDULE, ...READ, handle: (desk, visit) => showOne(desk, visit) },
  post('change', MAKE, async ({ deps }, visit, which) => {
    const change = { ...which, ...termsOf(visit), reason: reasonOf(visit.form) };
    await changeSchedule(deps.domain, visit.actor(), makerOf(visit), change);
    return 'schedule-changed';
  }),
  post('pause', PAUSE, move('paused', 'schedule-paused')),
  post('resume', DECIDE, move('active', 'schedule-resumed')),
  post('end', DECIDE, move('ended', 'schedule-ended')),
  post('standing', MAKE, async ({ deps }, visit, which) => {
    const { most = '', rows = '', 'last-day': lastDay = '' } = visit.form;
    const { currency } = await organisationOf({ deps } as Desk, visit);
    const mostMinor = parseMoney(most.trim(), currency)?.amountMinor ?? 0n;
    const limits = { mostMinor, mostRows: Number(rows), lastDay, reason: reasonOf(visit.form) };
    await askStanding(deps.domain, visit.actor(), makerOf(visit), { ...which, ...limits });
    return 'standing-asked';
  }),
  post('standing/end', TAKE_BACK, async ({ deps }, visit, which) => {
    await endStanding(deps.domain, visit.actor(), { ...which, reason: reasonOf(visit.form) });
    return 'standing-ended';
  }),
];

const A_PAGE = 50;
const LONGEST_ID = 36;

/** As the form has it; what is missing or odd is refused as a rule. */
function termsOf({ form }: Visit): NewSchedule {
  const { name = '', every, day, weekday, 'month-day': monthDay, at, batch = '' } = form;
  const dayOff = form['day-off'] === 'before' ? { dayOff: 'before' } : {};
  const when = {
    once: { every, day, at },
    week: { every, weekday: Number(weekday), at, ...dayOff },
    month: { every, day: Number(monthDay), at, ...dayOff },
  };
  return {
    ...{ name, sourceBatchId: batch.slice(0, LONGEST_ID), amounts: form.amounts === 'fixed' ? 'fixed' : 'last' },
    rule: when[every as keyof typeof when],
    hours: form.hours === 'working-hours' ? 'working-hours' : 'at-once',
  };
}

/** Of which a schedule can be made, the newest first. */
async function agreedBatches({ deps }: Desk, organisationId: string): Promise<PayoutBatch[]> {
  const { batches } = await listBatches(deps.domain, { organisationId, limit: A_PAGE });
  return batches.filter(({ state }) => AGREED.includes(state));
}

async function showAll(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const organisation = await organisationOf(desk, visit);
  const { before } = visit.query;
  const { schedules, next } = await listSchedules(desk.deps.domain, {
    ...{ organisationId: organisation.id, beforeId: before?.slice(0, LONGEST_ID), limit: A_PAGE },
  });
  const batches = await agreedBatches(desk, organisation.id);
  const note = fault ? undefined : noteOf(visit);
  const page = SchedulesPage({ visit, organisation, schedules, batches, next, fault, note, given: visit.form });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

async function create(desk: Desk, visit: Visit): Promise<void> {
  const organisation = await organisationOf(desk, visit);
  try {
    const terms = termsOf(visit);
    const schedule = await createSchedule(desk.deps.domain, visit.actor(), organisation, makerOf(visit), terms);
    visit.goTo(`${schedulePath(schedule)}?done=schedule-created`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showAll(desk, visit, refusalWords(visit.words, error));
  }
}

async function showOne(desk: Desk, visit: Visit, fault?: string): Promise<void> {
  const { domain } = desk.deps;
  const organisation = await organisationOf(desk, visit);
  const schedule = await getSchedule(domain, String(visit.ctx.params.schedule).slice(0, LONGEST_ID), organisation.id);
  const { standingApprovalId, nextAtMs, hours } = schedule;
  const [runs, events, source, batches, standing] = await Promise.all([
    runsOfSchedule(domain, schedule.id),
    scheduleHistory(domain, schedule.id),
    nextSource(domain, schedule),
    agreedBatches(desk, organisation.id),
    standingApprovalId === null ? null : findApproval(domain, { id: standingApprovalId, scope: organisation.id }),
  ]);
  const names = await namesOfActors(desk, visit, events);
  const paidFromMs = nextAtMs === null ? null : paidFrom(domain, organisation, { hours, atMs: nextAtMs });
  const facts = { organisation, schedule, runs, events, source, batches, names, paidFromMs };
  const note = fault ? undefined : noteOf(visit);
  const page = SchedulePage({ visit, ...facts, standing: standing?.approval ?? null, fault, note, given: visit.form });
  sendPage(visit.ctx, page, { status: fault ? 422 : 200, language: visit.words.language, compress: false });
}

interface Which {
  scheduleId: string;
  organisationId: string;
}

type Run = (desk: Desk, visit: Visit, which: Which) => Promise<string>;

/** Whoever comes second is shown what the first did. */
async function act(desk: Desk, visit: Visit, run: Run): Promise<void> {
  const { id: organisationId } = await organisationOf(desk, visit);
  const scheduleId = String(visit.ctx.params.schedule).slice(0, LONGEST_ID);
  try {
    const done = await run(desk, visit, { scheduleId, organisationId });
    visit.goTo(`${schedulePath({ id: scheduleId, organisationId })}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code.endsWith('.not-found')) throw error;
    await showOne(desk, visit, refusalWords(visit.words, error));
  }
}
