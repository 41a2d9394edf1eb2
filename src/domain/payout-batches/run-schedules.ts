import { LessThanOrEqual } from 'typeorm';
import { businessDay, invariant, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { makersOfBatch, type PayoutBatch, PayoutBatchSchema } from './batch.ts';
import { beginCheck } from './check-batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { dropDraft, recordScheduleEvent } from './keep-schedule.ts';
import { countIn, createBatchWithin } from './make-batch.ts';
import { dueAfter } from './paying-time.ts';
import { makersOfSchedule, type PayoutSchedule, PayoutScheduleSchema } from './schedule.ts';
import { parseRule } from './schedule-rule.ts';
import { type ScheduleRun, ScheduleRunSchema } from './schedule-run.ts';
import { copyMore, sourceOf } from './schedule-source.ts';
import { tellOfRun } from './tell-of-run.ts';

const MOST_DUE = 100;

/** A job of each minute: makes the batch of every schedule that is due. One that cannot be made is told of, and holds up no other. Returns how many were due. */
export async function runDueSchedules(deps: PayoutBatchDeps): Promise<number> {
  const due = await deps.database.reader.find(PayoutScheduleSchema, {
    where: { state: 'active', nextAtMs: LessThanOrEqual(deps.runtime.clock.now()) },
    ...{ order: { nextAtMs: 'ASC' }, take: MOST_DUE },
  });
  for (const schedule of due) {
    try {
      await makeRun(deps, schedule);
    } catch (error) {
      if (error instanceof Refusal) await giveUpRun(deps, schedule, error.code);
      else deps.log.error({ scheduleId: schedule.id, err: error }, 'the run of a schedule could not be made');
    }
  }
  return due.length;
}

export const scheduleActor = ({ organisationId }: PayoutSchedule): Actor => ({
  ...{ kind: 'service', id: 'schedules', address: '', scope: organisationId },
});

/**
 * One batch for one due day: begun with its day, which is unique; then its rows, some at a time; then it is checked, and the schedule
 * moves on in the same commit. Whoever dies in between leaves a run that goes on there, and two who make it at once make one. A time
 * that was missed is made once; those behind it that are past too are not.
 */
async function makeRun(deps: PayoutBatchDeps, known: PayoutSchedule): Promise<void> {
  const run = await deps.database.transaction((tx) => beginRun(deps, tx, known));
  if (!run?.batchId) return;
  const { batchId } = run;
  while (
    await deps.database.transaction(async (tx) => {
      const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
      return batch?.state === 'draft' && isUntouched(known, batch) && copyMore(deps, tx, batch);
    })
  );
  await deps.database.transaction((tx) => endRun(deps, tx, known, run));
}

/** Somebody who changes it has it from then on: the service puts nothing more into it. */
const isUntouched = (schedule: PayoutSchedule, batch: PayoutBatch) =>
  makersOfBatch(batch).every((maker) => makersOfSchedule(schedule).includes(maker));

async function beginRun(deps: PayoutBatchDeps, tx: Tx, known: PayoutSchedule): Promise<ScheduleRun | undefined> {
  const { runtime, payoutSettings } = deps;
  const organisation = await tx.manager.findOneByOrFail(OrganisationSchema, { id: known.organisationId });
  const schedule = await lockDue(tx, known);
  if (!schedule) return undefined;
  const { id: scheduleId, nextAtMs: dueAtMs, makerId, name, hours } = schedule;
  const dueDay = businessDay(dueAtMs, payoutSettings.timeZone);
  const begun = await tx.findOne(ScheduleRunSchema, { scheduleId, dueDay });
  if (begun?.outcome === 'making') return begun;
  if (begun) {
    await moveOn(deps, tx, schedule);
    return undefined;
  }
  if (organisation.state !== 'active') throw new Refusal('organisation.not-active');
  const source = await sourceOf(tx.manager, schedule);
  const batch = await createBatchWithin(
    ...([deps, tx, scheduleActor(schedule), organisation, { id: makerId }] as const),
    { name: `${name} ${dueDay}`, purpose: source.purpose, hours, previousId: source.id, scheduleId },
  );
  const makers = JSON.stringify(makersOfSchedule(schedule));
  await tx.update(PayoutBatchSchema, { id: batch.id }, { makers, titles: source.titles });
  const run: ScheduleRun = {
    ...{ id: runtime.ids.next(), scheduleId, dueDay, dueAtMs, batchId: batch.id, outcome: 'making', why: null },
    changedAtMs: runtime.clock.now(),
  };
  await tx.insert(ScheduleRunSchema, run);
  return run;
}

/** The schedule, locked, when this time of it is still to be made. */
async function lockDue(
  tx: Tx,
  { id, nextAtMs }: PayoutSchedule,
): Promise<(PayoutSchedule & { nextAtMs: number }) | undefined> {
  const schedule = await tx.lockOne(PayoutScheduleSchema, { id });
  if (schedule?.state !== 'active' || nextAtMs === null || schedule.nextAtMs !== nextAtMs) return undefined;
  return { ...schedule, nextAtMs };
}

async function endRun(deps: PayoutBatchDeps, tx: Tx, known: PayoutSchedule, { id }: ScheduleRun): Promise<void> {
  const schedule = await lockDue(tx, known);
  const run = await tx.lockOne(ScheduleRunSchema, { id });
  if (!schedule || run?.outcome !== 'making') return;
  invariant(run.batchId, 'a run that is being made has a batch');
  const batch = await tx.lockOne(PayoutBatchSchema, { id: run.batchId });
  const changedAtMs = deps.runtime.clock.now();
  if (batch?.state === 'draft' && isUntouched(schedule, batch)) {
    const counted = await countIn(tx, batch.id);
    if (counted.rows === 0) throw new Refusal('schedule.source');
    await tx.update(PayoutBatchSchema, { id: batch.id }, counted);
    await beginCheck(deps, tx, scheduleActor(schedule), { ...batch, ...counted });
    await tx.update(ScheduleRunSchema, { id }, { outcome: 'checking', changedAtMs });
  } else {
    await tx.update(ScheduleRunSchema, { id }, { outcome: 'people', why: 'taken-on', changedAtMs });
  }
  await moveOn(deps, tx, schedule, run.batchId);
}

/** To its next time; to its end when there is none. */
async function moveOn(deps: PayoutBatchDeps, tx: Tx, schedule: PayoutSchedule, batchId?: string): Promise<void> {
  const { id, state, rule, organisationId, nextAtMs } = schedule;
  const afterMs = Math.max(deps.runtime.clock.now(), nextAtMs ?? 0);
  const next = await dueAfter(deps, tx, { organisationId, rule: parseRule(JSON.parse(rule)) }, afterMs);
  const last = batchId === undefined ? {} : { lastBatchId: batchId };
  const over = next === null ? { state: 'ended' as const } : {};
  await tx.update(PayoutScheduleSchema, { id }, { nextAtMs: next, ...last, ...over });
  if (next !== null) return;
  await recordScheduleEvent(deps, tx, id, state, 'ended', { actor: 'service', reason: 'it is never due again' });
}

/** A run that cannot be made is not tried for ever: people are told why, and the next one is made at its time. */
async function giveUpRun(deps: PayoutBatchDeps, known: PayoutSchedule, why: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const schedule = await lockDue(tx, known);
    if (!schedule) return;
    const { id: scheduleId, nextAtMs: dueAtMs, state } = schedule;
    const dueDay = businessDay(dueAtMs, deps.payoutSettings.timeZone);
    const changedAtMs = deps.runtime.clock.now();
    const begun = await tx.lockOne(ScheduleRunSchema, { scheduleId, dueDay });
    const failed = { outcome: 'not-made' as const, why, changedAtMs };
    const run = { id: deps.runtime.ids.next(), scheduleId, dueDay, dueAtMs, batchId: null, ...failed };
    if (begun) await tx.update(ScheduleRunSchema, { id: begun.id }, failed);
    else await tx.insert(ScheduleRunSchema, run);
    if (begun) await dropDraft(deps, tx, begun.batchId, 'it could not be made');
    await recordScheduleEvent(deps, tx, scheduleId, state, state, {
      actor: 'service',
      reason: 'a run could not be made',
    });
    await tellOfRun(deps, tx, begun?.id ?? run.id);
    await moveOn(deps, tx, schedule);
  });
}
