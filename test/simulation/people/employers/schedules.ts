import { ApprovalSchema } from '../../../../src/domain/approvals/index.ts';
import type { Organisation } from '../../../../src/domain/organisations/index.ts';
import {
  addRows,
  askStanding,
  changeSchedule,
  createBatch,
  createSchedule,
  moveSchedule,
  type PayoutBatch,
  PayoutBatchSchema,
  PayoutRowSchema,
  type PayoutSchedule,
  PayoutScheduleSchema,
  voteOnStanding,
} from '../../../../src/domain/payout-batches/index.ts';
import { addDays, businessDay, wallTimeOf } from '../../../../src/kernel/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import {
  ADMINISTRATOR,
  APPROVERS,
  actorOf,
  type EmployerDeps,
  INITIATOR,
  idOf,
  ORGANISATION_ID,
  presentPeople,
  roleOf,
  settleIn,
  unlessRefused,
} from './employer.ts';
import { recipient } from './prepare.ts';

/** A batch of long ago that schedules pay again: no part of what is judged. */
export const LAST_MONTH_ID = idOf(9);
const PEOPLE_OF_LAST_MONTH = 5;
const MONTH_MS = 30 * 86_400_000;
const MINUTE_MS = 60_000;
const own = actorOf(INITIATOR);
const maker = { id: INITIATOR };
const which = { organisationId: ORGANISATION_ID, reason: 'simulation' };

/** One step of those who keep a schedule: it is made, agreed to beforehand or not, moved, held, and let go on. */
export async function keepSchedule(service: Service, deps: EmployerDeps): Promise<void> {
  const { draw, plan } = deps;
  const { reader } = service.deps.database;
  const organisation = await settleIn(service);
  await unlessRefused(async () => {
    const source = await lastMonth(service, organisation);
    const schedule = await reader.findOne(PayoutScheduleSchema, { where: { organisationId: ORGANISATION_ID } });
    if (!schedule) return begin(service, deps, organisation);
    if (schedule.state === 'ended') return;
    const approval = schedule.standingApprovalId;
    if (plan.schedule !== 'asks' && approval === null) return ask(service, deps, schedule, source);
    if (approval !== null && schedule.standingApprovers === null) await vote(service, deps, approval);
    else await disturb(service, deps, schedule, draw.fraction());
  });
}

/** A closed batch of a month ago, or a run of today would pay what another of these days has, and a person must look at that. */
async function lastMonth({ deps }: Service, organisation: Organisation): Promise<PayoutBatch> {
  const { reader } = deps.database;
  const batchId = LAST_MONTH_ID;
  const find = () => reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  const known = await find();
  if (known?.state === 'closed') return known;
  const of = { id: batchId, name: 'Pay of October', purpose: 'salary', hours: 'at-once' } as const;
  const { rows } = await createBatch(deps, own, organisation, maker, of);
  const people = Array.from({ length: PEOPLE_OF_LAST_MONTH }, (_, at) => ({
    ...{ msisdn: recipient(3_000 + at), amountMinor: BigInt(50 + 35 * at) * 100n, name: null, reference: null },
  }));
  if (rows === 0) {
    await addRows(deps, own, maker, { batchId, organisationId: ORGANISATION_ID, fromRowNo: 1, rows: people });
  }
  await deps.database.transaction(async (tx) => {
    await tx.update(PayoutBatchSchema, { id: batchId }, { state: 'closed' });
    await tx.manager.update(PayoutRowSchema, { batchId }, { changedAtMs: deps.runtime.clock.now() - MONTH_MS });
  });
  return (await find()) as PayoutBatch;
}

/** Every week, for the first time in some minutes. */
function termsIn({ deps }: Service, minutes: number) {
  const dueMs = deps.runtime.clock.now() + minutes * MINUTE_MS;
  const wall = new Date(wallTimeOf(dueMs, deps.payoutSettings.timeZone));
  const rule = { every: 'week', weekday: wall.getUTCDay(), at: wall.toISOString().slice(11, 16) };
  return { name: 'Pay', rule, sourceBatchId: LAST_MONTH_ID, amounts: 'fixed' as const, hours: 'at-once' as const };
}

async function begin(service: Service, { draw, trace }: EmployerDeps, organisation: Organisation): Promise<void> {
  const { id, rule } = await createSchedule(service.deps, own, organisation, maker, termsIn(service, draw.int(2, 6)));
  trace.note(`schedule ${id} is made: ${rule}`);
  trace.count('schedules made');
}

async function ask(
  { deps }: Service,
  { plan, trace }: EmployerDeps,
  { id: scheduleId }: PayoutSchedule,
  { totalMinor, rows: mostRows }: PayoutBatch,
): Promise<void> {
  const mostMinor = plan.schedule === 'beyond' ? totalMinor - 100n : totalMinor;
  const lastDay = addDays(businessDay(deps.runtime.clock.now(), deps.payoutSettings.timeZone), 30);
  await askStanding(deps, own, maker, { ...which, scheduleId, mostMinor, mostRows, lastDay });
  trace.note(`${mostMinor} a run is asked for schedule ${scheduleId}`);
  trace.count('standing approvals asked for');
}

async function vote(service: Service, { draw, trace }: EmployerDeps, approvalId: string): Promise<void> {
  const { deps } = service;
  const { subjectHash } = await deps.database.reader.findOneByOrFail(ApprovalSchema, { id: approvalId });
  const here = await presentPeople(service);
  // The maker tries too.
  const voter = draw.pick([INITIATOR, ...APPROVERS, ...APPROVERS, ADMINISTRATOR]);
  const verdict = draw.hits(0.95) ? ('grant' as const) : ('reject' as const);
  if (!here.has(voter)) return;
  const roles = [roleOf(voter), 'approver'];
  const { state } = await voteOnStanding(deps, actorOf(voter), {
    ...{ approvalId, voter: { id: voter, roles, scope: ORGANISATION_ID }, verdict, subjectHash, reason: which.reason },
  });
  trace.note(`${roleOf(voter)} votes ${verdict} on standing approval ${approvalId}: ${state}`);
  trace.count(`standing approvals ${state}`);
}

/** Moved to later on a day that had its run, it is not run again. */
async function disturb(
  service: Service,
  { draw, trace }: EmployerDeps,
  { id: scheduleId, state, lastBatchId }: PayoutSchedule,
  upset: number,
): Promise<void> {
  if (state === 'paused') await moveSchedule(service.deps, own, { ...which, scheduleId, to: 'active' });
  else if (upset < 0.03) await moveSchedule(service.deps, own, { ...which, scheduleId, to: 'paused' });
  else if (upset < 0.08 && lastBatchId !== null) {
    const terms = termsIn(service, draw.int(1, 5));
    await changeSchedule(service.deps, own, maker, { ...which, ...terms, scheduleId });
    trace.note(`schedule ${scheduleId} is moved`);
    trace.count('schedules moved');
  }
}

export async function endSchedules({ deps }: Service): Promise<void> {
  for (const { id: scheduleId, state } of await deps.database.reader.find(PayoutScheduleSchema)) {
    if (state === 'ended') continue;
    await unlessRefused(() => moveSchedule(deps, own, { ...which, scheduleId, to: 'ended' }));
  }
}
