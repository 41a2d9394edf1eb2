import { addDays, businessDay, invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { BillsAnswer } from '../../providers/billers/index.ts';
import { connectorOf } from '../accounts/index.ts';
import type { Biller } from '../billers/index.ts';
import type { ReminderDeps } from './deps.ts';
import { findTargets, type Target } from './find-bills.ts';
import { type ReminderRun, ReminderRunSchema, ReminderSchema } from './reminder.ts';
import { nextWindow, type Window, zonesOf } from './sending-hours.ts';

export interface PlanInput {
  /** A day of the billers' zone: today, when left out. */
  day?: string;
  signal?: AbortSignal;
  onProgress?(progress: PlanProgress): void;
}

export interface PlanProgress {
  billerId: string;
  stage: number;
  bills: number;
  planned: number;
}

export interface PlanReport {
  bills: number;
  planned: number;
  /** Billers that do not tell their bills. */
  notOffered: string[];
  /** Billers whose list could not be read to its end: to be run again. */
  unread: { billerId: string; why: string }[];
}

/** How many are written in one transaction: others write too. */
const CHUNK = 100;
/** An answer that always has a next page must end. */
export const MOST_PAGES = 10_000;

/**
 * Plans the reminders of a day: of every biller with bills, for every stage. What was read before is not read again, and
 * what was planned before is not planned twice, so it may run as often as one likes.
 */
export async function planReminders(deps: ReminderDeps, input: PlanInput = {}): Promise<PlanReport> {
  const { stages, timeZone } = deps.reminderSettings;
  const day = input.day ?? businessDay(deps.runtime.clock.now(), timeZone);
  const report: PlanReport = { bills: 0, planned: 0, notOffered: [], unread: [] };
  for (const biller of billersWithBills(deps)) {
    for (const stage of stages) {
      const run = await openRun(deps, day, biller.id, stage);
      const end = run.state === 'done' ? 'done' : await readOn(deps, biller, run, input, report);
      if (end === 'done') continue;
      if (end === 'not-offered') report.notOffered.push(biller.id);
      else report.unread.push({ billerId: biller.id, why: end });
      // Its next stage would meet the same.
      break;
    }
  }
  return report;
}

/** A meter has no bill that falls due. */
export function billersWithBills({ billers }: Pick<ReminderDeps, 'billers'>): Biller[] {
  return billers.all().filter(({ kind }) => kind === 'postpaid');
}

/** The due date of the bills that a day's stage is about. */
export function dueDayOf(day: string, stage: number): string {
  return addDays(day, -stage);
}

async function openRun(deps: ReminderDeps, day: string, billerId: string, stage: number): Promise<ReminderRun> {
  const where = { day, billerId, stage };
  const { clock, ids } = deps.runtime;
  return deps.database.transaction(async (tx) => {
    const known = await tx.findOne(ReminderRunSchema, where);
    if (known) return known;
    const begun = { bills: 0, planned: 0, startedAtMs: clock.now(), finishedAtMs: null };
    await tx.insertOnce(ReminderRunSchema, { id: ids.next(), ...where, state: 'running', cursorText: null, ...begun });
    const run = await tx.findOne(ReminderRunSchema, where);
    invariant(run, 'a run that was just opened can be read');
    return run;
  });
}

/** Reads from where the run is to the list's end. Returns how it ended: done, not offered, or why it could not be read. */
async function readOn(
  deps: ReminderDeps,
  biller: Biller,
  run: ReminderRun,
  { signal, onProgress }: PlanInput,
  report: PlanReport,
): Promise<string> {
  const dueDay = dueDayOf(run.day, run.stage);
  let cursor = run.cursorText;
  let { bills, planned } = run;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    signal?.throwIfAborted();
    const page = await readPage(deps, biller.id, dueDay, cursor);
    if (page.kind === 'not-offered') return 'not-offered';
    if (page.kind === 'unknown') return page.description;
    if (page.unreadable > 0) deps.log.warn({ biller: biller.id, unreadable: page.unreadable }, 'bills were left out');
    const targets = await findTargets(deps, biller.id, run.stage, page.bills);
    const fresh = await keepTargets(deps, biller.id, run.stage, targets);
    bills += page.bills.length;
    planned += fresh;
    report.bills += page.bills.length;
    report.planned += fresh;
    cursor = page.next;
    await keepPlace(deps, run.id, cursor, { bills, planned });
    onProgress?.({ billerId: biller.id, stage: run.stage, bills, planned });
    if (cursor === null) return 'done';
  }
  return `more than ${MOST_PAGES} pages`;
}

/** A cursor may be older than the biller keeps it: then the list is read from its beginning, and nothing is planned twice. */
async function readPage(
  deps: ReminderDeps,
  billerId: string,
  dueDay: string,
  cursor: string | null,
): Promise<BillsAnswer> {
  const connector = connectorOf(deps, billerId);
  const range = { fromDay: dueDay, toDay: dueDay };
  const page = await connector.dueBills({ ...range, cursor });
  if (page.kind !== 'unknown' || cursor === null) return page;
  return connector.dueBills({ ...range, cursor: null });
}

function keepPlace(
  { database, runtime }: ReminderDeps,
  id: string,
  cursorText: string | null,
  counts: Pick<ReminderRun, 'bills' | 'planned'>,
): Promise<unknown> {
  const end = cursorText === null ? { state: 'done' as const, finishedAtMs: runtime.clock.now() } : {};
  return database.transaction((tx) => tx.update(ReminderRunSchema, { id }, { cursorText, ...counts, ...end }));
}

async function keepTargets(
  deps: ReminderDeps,
  billerId: string,
  stage: number,
  targets: readonly Target[],
): Promise<number> {
  const windowOf = windowFinder(deps);
  let fresh = 0;
  for (let from = 0; from < targets.length; from += CHUNK) {
    const chunk = targets.slice(from, from + CHUNK);
    fresh += await deps.database.transaction(async (tx) => {
      let count = 0;
      for (const target of chunk) {
        const window = windowOf(target);
        // Nowhere a decent hour for all of his country: nobody is woken for a reminder.
        if (window && (await keepOne(deps, tx, billerId, stage, target, window))) count += 1;
      }
      return count;
    });
  }
  return fresh;
}

/** The window of a number, found once for all numbers in the same zones. */
export function windowFinder({ reminderSettings, runtime }: Pick<ReminderDeps, 'reminderSettings' | 'runtime'>) {
  const known = new Map<string, Window | undefined>();
  const now = runtime.clock.now();
  return ({ msisdn }: Pick<Target, 'msisdn'>): Window | undefined => {
    const zones = zonesOf(msisdn, reminderSettings);
    const key = zones.join(' ');
    if (!known.has(key)) known.set(key, nextWindow(now, zones, reminderSettings.hours));
    return known.get(key);
  };
}

const DAY_MS = 86_400_000;

function keepOne(
  { runtime }: ReminderDeps,
  tx: Tx,
  billerId: string,
  stage: number,
  { bill, account, due, dueDay, paidSinceMs, customerId, msisdn }: Target,
  { opensAtMs }: Window,
): Promise<boolean> {
  return tx.insertOnce(ReminderSchema, {
    id: runtime.ids.next(),
    ...{ billerId, bill, account, stage, customerId, recipient: msisdn, dueDay, paidSinceMs },
    ...due,
    state: 'planned',
    reason: null,
    dueAtMs: opensAtMs,
    lastAtMs: opensAtMs + DAY_MS,
    tries: 0,
    plannedAtMs: runtime.clock.now(),
    decidedAtMs: null,
  });
}
