import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { recordAct } from '../audit/index.ts';
import { lockOrganisation } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { moveBatch, recordBatchEvent } from './move-batch.ts';
import { scheduleActor } from './run-schedules.ts';
import { type PayoutSchedule, PayoutScheduleSchema } from './schedule.ts';
import { type ScheduleRun, ScheduleRunSchema } from './schedule-run.ts';
import { countNewWarnings } from './schedule-source.ts';
import { type StandingFault, standingFault } from './standing-limits.ts';
import { approve, submitWithin } from './submit-batch.ts';
import { tellOfRun } from './tell-of-run.ts';

/**
 * Work of `payout-batch.scheduled`: a run that was checked is granted by the standing approval, as far as that covers it, else it waits
 * for people, who are told why. With rows that a person must look at first it is not even submitted. All in one commit, behind the
 * locks of the schedule and of the batch.
 */
export async function onRunChecked(deps: PayoutBatchDeps, { batchId }: { batchId: string }): Promise<void> {
  const known = await deps.database.reader.findOneByOrFail(PayoutBatchSchema, { id: batchId });
  const warnings = await countNewWarnings(deps, known);
  try {
    await deps.database.transaction((tx) => settle(deps, tx, known, warnings));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await deps.database.transaction((tx) => leaveToPeople(deps, tx, batchId, error.code));
  }
}

/** As the events of the batch keep it. */
const WHY_NOT: Readonly<Record<Exclude<StandingFault, 'none'>, string>> = {
  undecided: 'its standing approval is not given yet',
  paused: 'its schedule is held',
  over: 'its standing approval has ended',
  total: 'it is more money than its standing approval allows',
  rows: 'it is more people than its standing approval allows',
  recipients: 'its people or fixed amounts are not those of its standing approval',
  'rows-changed': 'somebody changed its rows',
  'people-changed': 'somebody who gave its standing approval may approve no more',
};

async function settle(deps: PayoutBatchDeps, tx: Tx, known: PayoutBatch, warnings: number): Promise<void> {
  const organisation = await lockOrganisation(tx, known.organisationId);
  const schedule = await tx.lockOne(PayoutScheduleSchema, { id: known.scheduleId ?? '' });
  const run = await tx.lockOne(ScheduleRunSchema, { batchId: known.id });
  const batch = await tx.lockOne(PayoutBatchSchema, { id: known.id });
  if (!schedule || !batch || run?.outcome !== 'checking') return;
  if (batch.state !== 'ready') return keep(deps, tx, run, { why: batch.state === 'draft' ? 'faults' : 'taken-on' });
  if (warnings > 0) return keep(deps, tx, run, { why: 'warnings' });
  const fault = await standingFault(deps, tx, schedule, batch);
  if (fault === undefined) return grantByStanding(deps, tx, schedule, run, batch);
  const reason = `a run of ${schedule.name}`;
  await submitWithin(deps, tx, scheduleActor(schedule), { id: schedule.makerId }, { organisation, batch, reason });
  if (fault !== 'none') {
    const cause = { actor: 'service', reason: WHY_NOT[fault] };
    await recordBatchEvent(deps, tx, batch.id, 'submitted', 'submitted', cause);
  }
  await keep(deps, tx, run, { why: `standing-${fault}` });
}

async function grantByStanding(
  deps: PayoutBatchDeps,
  tx: Tx,
  { standingApprovalId: approvalId, organisationId: scope }: PayoutSchedule,
  { id }: ScheduleRun,
  batch: PayoutBatch,
): Promise<void> {
  const now = deps.runtime.clock.now();
  const cause = { actor: 'approvals', reason: 'a standing approval covers it' };
  await approve(
    deps,
    tx,
    await moveBatch(deps, tx, batch, 'submitted', cause, { submittedAtMs: now, approvalId }),
    cause,
  );
  await tx.update(ScheduleRunSchema, { id }, { outcome: 'standing', why: null, changedAtMs: now });
  const actor = { kind: 'service', id: 'schedules', address: '', scope } as const;
  await recordAct(deps, tx, {
    ...{ actor, act: 'batch.granted-by-standing', subject: { kind: 'payout-batch', id: batch.id } },
    after: { approvalId, hash: batch.contentHash, rows: batch.rows, totalMinor: batch.totalMinor },
  });
}

async function keep(deps: PayoutBatchDeps, tx: Tx, { id }: ScheduleRun, { why }: { why: string }): Promise<void> {
  const changedAtMs = deps.runtime.clock.now();
  await tx.update(ScheduleRunSchema, { id }, { outcome: 'people', why, changedAtMs });
  await tellOfRun(deps, tx, id);
}

async function leaveToPeople(deps: PayoutBatchDeps, tx: Tx, batchId: string, why: string): Promise<void> {
  const run = await tx.lockOne(ScheduleRunSchema, { batchId });
  if (run?.outcome === 'checking') await keep(deps, tx, run, { why });
}
