import type { EntitySchema, ObjectLiteral } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import { type Hour, messagesOf, movementsOf, paymentsOf, type ReportDeps, waitsOf } from './hour-facts.ts';
import { screensOf } from './hour-screens.ts';
import {
  HourMessagesSchema,
  HourMovementsSchema,
  HourPaymentsSchema,
  HourScreensSchema,
  HourWaitsSchema,
  PROGRESS_ID,
  type ReportProgress,
  ReportProgressSchema,
} from './hours.ts';

/**
 * Counts one hour anew and puts it in the place of what was there, in one commit with how far the gathering is. It may be done any number
 * of times, by several processes, and die at any point: the hour is what the facts say.
 */
export async function gatherHour(
  deps: ReportDeps,
  hour: Hour,
  progress: Partial<ReportProgress> = {},
): Promise<{ isEmpty: boolean }> {
  // One after the other: the embedded store reads in this process, which also answers customers.
  const payments = await paymentsOf(deps, hour);
  const waits = await waitsOf(deps, hour);
  const messages = await messagesOf(deps, hour);
  const movements = await movementsOf(deps, hour);
  const screens = await screensOf(deps, hour);
  const { ids, clock } = deps.runtime;
  const hourMs = hour.fromMs;
  const dress = <T>(drafts: readonly T[]) => drafts.map((draft) => ({ ...draft, id: ids.next(), hourMs }));
  await deps.database.transaction(async (tx) => {
    // Whoever writes hours waits here for his turn.
    await tx.lockOne(ReportProgressSchema, { id: PROGRESS_ID });
    await replace(tx, HourPaymentsSchema, hour, dress(payments));
    await replace(tx, HourWaitsSchema, hour, dress(waits));
    await replace(tx, HourMessagesSchema, hour, dress(messages));
    await replace(tx, HourMovementsSchema, hour, dress(movements));
    const kept = await tx.findOne(HourScreensSchema, { hourMs, screen: '' });
    const sessions = screens.find(({ screen }) => screen === '')?.sessions ?? 0;
    // Sessions are forgotten after some weeks: an hour that has fewer than it had keeps what was counted while they were there.
    if (sessions >= (kept?.sessions ?? 0)) await replace(tx, HourScreensSchema, hour, dress(screens));
    await tx.update(ReportProgressSchema, { id: PROGRESS_ID }, { ...progress, gatheredAtMs: clock.now() });
  });
  return { isEmpty: [payments, messages, movements, screens].every(({ length }) => length === 0) };
}

/** A time in which nothing happened, in one commit: a service that was away for a month is not asked about each of its hours. */
export async function gatherNothing(deps: ReportDeps, gap: Hour, progress: Partial<ReportProgress>): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await tx.lockOne(ReportProgressSchema, { id: PROGRESS_ID });
    const tables = [HourPaymentsSchema, HourWaitsSchema, HourMessagesSchema, HourMovementsSchema];
    for (const table of tables) await replace(tx, table as typeof HourWaitsSchema, gap, []);
    await tx.update(ReportProgressSchema, { id: PROGRESS_ID }, progress);
  });
}

const ROWS_TOGETHER = 500;

async function replace<T extends ObjectLiteral & { hourMs: number }>(
  tx: Tx,
  entity: EntitySchema<T>,
  { fromMs, toMs }: Hour,
  rows: readonly T[],
): Promise<void> {
  // By the range: hours of another time zone that was set before begin elsewhere.
  await tx.manager
    .createQueryBuilder()
    .delete()
    .from(entity)
    .where('hour_at >= :fromMs AND hour_at < :toMs', { fromMs, toMs })
    .execute();
  for (let at = 0; at < rows.length; at += ROWS_TOGETHER) {
    await tx.manager.insert(entity, rows.slice(at, at + ROWS_TOGETHER) as never);
  }
}
