import { hourWindow } from '../../kernel/index.ts';
import { gatherHour, gatherNothing } from './gather-hour.ts';
import type { ReportDeps } from './hour-facts.ts';
import { PROGRESS_ID, type ReportProgress, ReportProgressSchema } from './hours.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A transaction that was begun before a look and committed after it is found by the next one. */
const LOOK_BACK_MS = 10 * MINUTE_MS;

/**
 * Brings the figures of all hours up to date: hours that are over are counted once, the one that runs again and again, and an earlier one
 * whenever something has changed in it since (a refund, a late proof, a receipt that waited). Its place is kept with every hour.
 */
export async function gatherHours(deps: ReportDeps, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  const { clock } = deps.runtime;
  const progress = await beginGathering(deps);
  const doneUntilMs = await gatherOver(deps, progress.doneUntilMs, signal);
  await gatherChanged(deps, progress.lookedUntilMs, doneUntilMs, signal);
  await gatherHour(deps, hourWindow(clock.now(), deps.timeZone));
}

/** Counts the hours that are over; until which instant all are. */
async function gatherOver(deps: ReportDeps, fromMs: number, signal: AbortSignal | undefined): Promise<number> {
  let doneUntilMs = fromMs;
  for (;;) {
    signal?.throwIfAborted();
    const hour = hourWindow(doneUntilMs, deps.timeZone);
    if (hour.toMs > deps.runtime.clock.now()) return doneUntilMs;
    doneUntilMs = hour.toMs;
    const { isEmpty } = await gatherHour(deps, hour, { doneUntilMs });
    if (!isEmpty) continue;
    const nextMs = Math.min(deps.runtime.clock.now(), ...(await oldestFacts(deps, doneUntilMs)));
    const next = hourWindow(nextMs, deps.timeZone);
    if (next.fromMs <= doneUntilMs) continue;
    await gatherNothing(deps, { fromMs: doneUntilMs, toMs: next.fromMs }, { doneUntilMs: next.fromMs });
    doneUntilMs = next.fromMs;
  }
}

/** At most so much is gathered while somebody waits for a page; the job does the rest. */
const PAGE_HOURS_MS = 2 * HOUR_MS;
/** Younger figures are shown as they are. */
const FRESH_MS = 5_000;

/** The same for who opens a page: only when little is missing. Until which instant the figures then count; undefined before the first. */
export async function refreshHours(
  deps: ReportDeps,
): Promise<{ gatheredAtMs: number; isComplete: boolean } | undefined> {
  const now = deps.runtime.clock.now();
  const before = await readProgress(deps);
  const missingMs = before ? now - Math.min(before.doneUntilMs, before.lookedUntilMs) : 0;
  if (missingMs <= PAGE_HOURS_MS && now - (before?.gatheredAtMs ?? 0) > FRESH_MS) await gatherHours(deps);
  const after = await readProgress(deps);
  if (!after) return undefined;
  return { gatheredAtMs: after.gatheredAtMs, isComplete: after.doneUntilMs > now - PAGE_HOURS_MS };
}

/** Has everything counted anew from an instant on; the next gathering does it. What is there stays until its hour is reached. */
export async function rebuildHours(deps: ReportDeps, fromMs: number): Promise<void> {
  await beginGathering(deps);
  const firstMs = Math.max(fromMs, Math.min(deps.runtime.clock.now(), ...(await oldestFacts(deps))));
  const { fromMs: hourMs } = hourWindow(firstMs, deps.timeZone);
  await deps.database.transaction(async (tx) => {
    const progress = await tx.lockOne(ReportProgressSchema, { id: PROGRESS_ID });
    const doneUntilMs = Math.min(hourMs, progress?.doneUntilMs ?? hourMs);
    await tx.update(ReportProgressSchema, { id: PROGRESS_ID }, { doneUntilMs });
  });
}

function readProgress({ database }: ReportDeps): Promise<ReportProgress | null> {
  return database.reader.findOne(ReportProgressSchema, { where: { id: PROGRESS_ID } });
}

/** Where the gathering stands; at first, at the hour of the oldest fact. */
async function beginGathering(deps: ReportDeps): Promise<ReportProgress> {
  const known = await readProgress(deps);
  if (known) return known;
  const now = deps.runtime.clock.now();
  const oldestMs = Math.min(now, ...(await oldestFacts(deps)));
  const { fromMs: doneUntilMs } = hourWindow(oldestMs, deps.timeZone);
  const first = { id: PROGRESS_ID, doneUntilMs, lookedUntilMs: now, gatheredAtMs: 0 };
  await deps.database.transaction((tx) => tx.insertOnce(ReportProgressSchema, first));
  return (await readProgress(deps)) ?? first;
}

/** When something first happened since an instant, each from an index. */
async function oldestFacts({ database }: ReportDeps, sinceMs = 0): Promise<number[]> {
  const facts = ['payment.created_at', 'message.sent_at', 'ledger_entry.at', 'dialog_part.from_at'];
  const oldest = facts.map(async (fact) => {
    const [table, column] = fact.split('.');
    const [row]: { at: unknown }[] = await database.reader.query(
      `SELECT MIN(${column}) AS at FROM ${table} WHERE ${column} >= ?`,
      [sinceMs],
    );
    return row?.at == null ? [] : [Number(row.at)];
  });
  return (await Promise.all(oldest)).flat();
}

/** Counts the hours anew whose payments have changed since the last look, an hour of changes at a time. */
async function gatherChanged(
  deps: ReportDeps,
  lookedUntilMs: number,
  doneUntilMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = deps.runtime.clock.now();
  let fromMs = lookedUntilMs - LOOK_BACK_MS;
  while (fromMs < now) {
    const toMs = Math.min(fromMs + HOUR_MS, now);
    const changed = await changedHours(deps, { fromMs, toMs }, doneUntilMs);
    // What happened in the looked-at time itself is counted by its own hours: sessions, messages, postings.
    for (const atMs of [fromMs, toMs - 1]) if (atMs < doneUntilMs) changed.add(hourWindow(atMs, deps.timeZone).fromMs);
    for (const hourMs of [...changed].sort((one, other) => one - other)) {
      signal?.throwIfAborted();
      await gatherHour(deps, hourWindow(hourMs, deps.timeZone));
    }
    await deps.database.transaction((tx) =>
      tx.update(ReportProgressSchema, { id: PROGRESS_ID }, { lookedUntilMs: toMs }),
    );
    fromMs = toMs;
  }
}

/** Hours before `beforeMs` whose payments changed, or were told of, in that time. */
async function changedHours(
  { database, timeZone }: ReportDeps,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  beforeMs: number,
): Promise<Set<number>> {
  // By the hour of UTC: SQL knows no zones, and two of ours hold all of one.
  const hour = `p.created_at - p.created_at % ${HOUR_MS}`;
  const queries = [
    `SELECT DISTINCT ${hour} AS hour FROM payment_event e JOIN payment p ON p.id = e.payment_id
     WHERE e.at >= ? AND e.at < ? AND p.created_at < ?`,
    `SELECT DISTINCT ${hour} AS hour FROM message m JOIN payment p ON p.id = m.subject_id
     WHERE m.sent_at >= ? AND m.sent_at < ? AND p.created_at < ?`,
  ];
  const hours = new Set<number>();
  for (const sql of queries) {
    const rows: { hour: unknown }[] = await database.reader.query(sql, [fromMs, toMs, beforeMs]);
    for (const row of rows) {
      for (const atMs of [Number(row.hour), Number(row.hour) + HOUR_MS - 1]) {
        if (atMs < beforeMs) hours.add(hourWindow(atMs, timeZone).fromMs);
      }
    }
  }
  return hours;
}
