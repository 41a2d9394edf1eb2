import { businessDay, dayWindow, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { PayoutBatchSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { type Cause, moveBatch } from './move-batch.ts';
import { type PayoutSchedule, PayoutScheduleSchema, type ScheduleState } from './schedule.ts';
import { ScheduleEventSchema, ScheduleRunSchema } from './schedule-run.ts';

export interface WhichSchedule {
  scheduleId: string;
  organisationId: string;
}

/** Refuses with `schedule.not-found`, also for another's. */
export async function lockSchedule(tx: Tx, { scheduleId, organisationId }: WhichSchedule): Promise<PayoutSchedule> {
  const schedule = await tx.lockOne(PayoutScheduleSchema, { id: scheduleId });
  if (!schedule || schedule.organisationId !== organisationId) throw new Refusal('schedule.not-found');
  return schedule;
}

export async function recordScheduleEvent(
  { runtime }: Pick<PayoutBatchDeps, 'runtime'>,
  tx: Tx,
  scheduleId: string,
  fromState: ScheduleState | 'none',
  toState: ScheduleState,
  { actor, reason }: Cause,
): Promise<void> {
  await tx.insert(ScheduleEventSchema, {
    ...{ id: runtime.ids.next(), scheduleId, fromState, toState },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}

/** A run that is not whole when its schedule is changed, paused or ended is given up: nobody would end it. The schedule is locked. */
export async function dropUnfinishedRun(deps: PayoutBatchDeps, tx: Tx, { id }: PayoutSchedule): Promise<void> {
  const run = await tx.lockOne(ScheduleRunSchema, { scheduleId: id, outcome: 'making' });
  if (!run) return;
  const changedAtMs = deps.runtime.clock.now();
  await tx.update(ScheduleRunSchema, { id: run.id }, { outcome: 'not-made', why: 'schedule-changed', changedAtMs });
  await dropDraft(deps, tx, run.batchId, 'its schedule was changed before it was whole');
}

/** Unless a person has taken it on. */
export async function dropDraft(deps: PayoutBatchDeps, tx: Tx, batchId: string | null, reason: string): Promise<void> {
  const batch = batchId === null ? null : await tx.lockOne(PayoutBatchSchema, { id: batchId });
  if (batch?.state === 'draft') await moveBatch(deps, tx, batch, 'cancelled', { actor: 'service', reason });
}

/** A day has one run: the last instant of today when that was made, else 0. */
export async function lastRunEnd(
  { runtime, payoutSettings: { timeZone } }: PayoutBatchDeps,
  tx: Tx,
  scheduleId: string,
): Promise<number> {
  const today = businessDay(runtime.clock.now(), timeZone);
  const run = await tx.findOne(ScheduleRunSchema, { scheduleId, dueDay: today });
  return run && run.outcome !== 'making' ? dayWindow(today, timeZone).toMs - 1 : 0;
}
