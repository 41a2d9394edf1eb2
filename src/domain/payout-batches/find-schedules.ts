import { In, LessThan } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type PayoutBatch, PayoutBatchSchema } from './batch.ts';
import { type PayoutSchedule, PayoutScheduleSchema } from './schedule.ts';
import { type ScheduleEvent, ScheduleEventSchema, type ScheduleRun, ScheduleRunSchema } from './schedule-run.ts';
import { sourceOf } from './schedule-source.ts';
import { PAYOUT_STANDING } from './standing-approval.ts';

interface ReadDeps {
  database: Database;
}

/** Refuses with `schedule.not-found`, also for another's. */
export async function getSchedule({ database }: ReadDeps, id: string, organisationId: string): Promise<PayoutSchedule> {
  const schedule = await database.reader.findOne(PayoutScheduleSchema, { where: { id, organisationId } });
  if (!schedule) throw new Refusal('schedule.not-found');
  return schedule;
}

/** An organisation's, the newest first. `next`: the id before which the next page begins. */
export async function listSchedules(
  { database }: ReadDeps,
  { organisationId, beforeId, limit }: { organisationId: string; beforeId?: string | undefined; limit: number },
): Promise<{ schedules: PayoutSchedule[]; next: string | undefined }> {
  const rows = await database.reader.find(PayoutScheduleSchema, {
    where: { organisationId, ...(beforeId === undefined ? {} : { id: LessThan(beforeId) }) },
    ...{ order: { id: 'DESC' }, take: limit + 1 },
  });
  const schedules = rows.slice(0, limit);
  return { schedules, next: rows.length > limit ? schedules.at(-1)?.id : undefined };
}

/** The batch whose people its next run pays. */
export function nextSource({ database }: ReadDeps, schedule: PayoutSchedule): Promise<PayoutBatch> {
  return sourceOf(database.reader, schedule);
}

export type RunView = ScheduleRun & { batch: PayoutBatch | undefined };

const SHOWN = 60;

/** Its last runs, the newest first, each with its batch. */
export async function runsOfSchedule(deps: ReadDeps, scheduleId: string): Promise<RunView[]> {
  return (await pageRuns(deps, { scheduleId, limit: SHOWN })).runs;
}

/** The same, a page at a time. `next`: the day before which the next page begins. */
export async function pageRuns(
  { database: { reader } }: ReadDeps,
  { scheduleId, beforeDay, limit }: { scheduleId: string; beforeDay?: string | undefined; limit: number },
): Promise<{ runs: RunView[]; next: string | undefined }> {
  const found = await reader.find(ScheduleRunSchema, {
    where: { scheduleId, ...(beforeDay === undefined ? {} : { dueDay: LessThan(beforeDay) }) },
    ...{ order: { dueDay: 'DESC' }, take: limit + 1 },
  });
  const page = found.slice(0, limit);
  const runs = await withBatches(reader, page);
  return { runs, next: found.length > limit ? page.at(-1)?.dueDay : undefined };
}

async function withBatches(reader: Database['reader'], runs: readonly ScheduleRun[]): Promise<RunView[]> {
  const ids = runs.flatMap(({ batchId }) => (batchId === null ? [] : [batchId]));
  const batches = ids.length === 0 ? [] : await reader.find(PayoutBatchSchema, { where: { id: In(ids) } });
  return runs.map((run) => ({ ...run, batch: batches.find(({ id }) => id === run.batchId) }));
}

/** Who changed it, when and why; oldest first. */
export function scheduleHistory({ database }: ReadDeps, scheduleId: string): Promise<ScheduleEvent[]> {
  return database.reader.find(ScheduleEventSchema, {
    ...{ where: { scheduleId }, order: { atMs: 'ASC', id: 'ASC' }, take: 1_000 },
  });
}

/** What approvals are about, where it is a standing one. */
export async function schedulesOfApprovals(
  { database }: ReadDeps,
  approvals: readonly { kind: string; subjectId: string }[],
): Promise<PayoutSchedule[]> {
  const ids = approvals.flatMap(({ kind, subjectId }) => (kind === PAYOUT_STANDING ? [subjectId] : []));
  return ids.length === 0 ? [] : database.reader.find(PayoutScheduleSchema, { where: { id: In(ids) } });
}
