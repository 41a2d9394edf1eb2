import { In, Not } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { lockOrganisation, type Organisation } from '../organisations/index.ts';
import { type PayingHours, PayoutBatchSchema } from './batch.ts';
import { AGREED } from './batch-states.ts';
import { type Maker, makerIds, type PayoutBatchDeps } from './deps.ts';
import {
  dropUnfinishedRun,
  lastRunEnd,
  lockSchedule,
  recordScheduleEvent,
  type WhichSchedule,
} from './keep-schedule.ts';
import { actorText } from './make-batch.ts';
import { dueAfter } from './paying-time.ts';
import { makersOfSchedule, type PayoutSchedule, PayoutScheduleSchema } from './schedule.ts';
import { parseRule, type ScheduleRule } from './schedule-rule.ts';
import { NO_STANDING, outdateStanding } from './standing-limits.ts';

export interface NewSchedule {
  name: string;
  /** As `scheduleRuleSchema` has it. */
  rule: unknown;
  sourceBatchId: string;
  amounts: PayoutSchedule['amounts'];
  hours: PayingHours;
}

/**
 * From its next due time on, a batch is made by itself of the people of another. Refuses with `schedule.name`, `schedule.rule`,
 * `schedule.over` (never due), `schedule.too-many` and `schedule.source` (a batch that was not agreed to, or another's).
 */
export async function createSchedule(
  deps: PayoutBatchDeps,
  actor: Actor,
  organisation: Organisation,
  maker: Maker,
  input: NewSchedule,
): Promise<PayoutSchedule> {
  const { ids, clock } = deps.runtime;
  return deps.database.transaction(async (tx) => {
    const { name, rule, nextAtMs } = await termsOf(deps, tx, organisation.id, input);
    const { sourceBatchId, amounts, hours } = input;
    await assertSource(tx, sourceBatchId, organisation.id);
    await assertRoom(tx, organisation.id);
    const schedule: PayoutSchedule = {
      ...{ id: ids.next(), organisationId: organisation.id, name, state: 'active', rule: JSON.stringify(rule) },
      ...{ sourceBatchId, amounts, hours, nextAtMs, lastBatchId: null, makerId: maker.id, createdAtMs: clock.now() },
      ...{ makers: JSON.stringify(makerIds(maker)), ...NO_STANDING },
    };
    await tx.insert(PayoutScheduleSchema, schedule);
    const cause = { actor: actorText(actor), reason: name };
    await recordScheduleEvent(deps, tx, schedule.id, 'none', 'active', cause);
    await recordAct(deps, tx, {
      ...{ actor, act: 'schedule.created', subject: { kind: 'payout-schedule', id: schedule.id } },
      after: { name, rule: schedule.rule, sourceBatchId, amounts, hours, nextAtMs },
    });
    return schedule;
  });
}

/**
 * Other terms for what is not made yet. A standing approval was given to the old ones, and ends. Refuses as `createSchedule` does,
 * with `schedule.not-found`, and with `schedule.state` when it has ended.
 */
export function changeSchedule(
  deps: PayoutBatchDeps,
  actor: Actor,
  maker: Maker,
  { scheduleId, organisationId, reason, ...input }: WhichSchedule & NewSchedule & { reason: string },
): Promise<PayoutSchedule> {
  return deps.database.transaction(async (tx) => {
    const schedule = await lockSchedule(tx, { scheduleId, organisationId });
    const { state } = schedule;
    if (state === 'ended') throw new Refusal('schedule.state', { state });
    const terms = await termsOf(deps, tx, organisationId, input, await lastRunEnd(deps, tx, scheduleId));
    const { sourceBatchId, amounts, hours } = input;
    await assertSource(tx, sourceBatchId, organisationId);
    await outdateStanding(deps, tx, schedule);
    await dropUnfinishedRun(deps, tx, schedule);
    const patch = {
      ...{ name: terms.name, rule: JSON.stringify(terms.rule), sourceBatchId, amounts, hours, ...NO_STANDING },
      nextAtMs: state === 'active' ? terms.nextAtMs : null,
      makers: JSON.stringify([...new Set([...makersOfSchedule(schedule), ...makerIds(maker)])]),
    };
    await tx.update(PayoutScheduleSchema, { id: scheduleId }, patch);
    const cause = { actor: actorText(actor), reason: reason || 'changed' };
    await recordScheduleEvent(deps, tx, scheduleId, state, state, cause);
    const { name, rule, hours: hoursBefore, amounts: amountsBefore, sourceBatchId: sourceBefore } = schedule;
    await recordAct(deps, tx, {
      ...{ actor, act: 'schedule.changed', subject: { kind: 'payout-schedule', id: scheduleId }, reason },
      before: { name, rule, sourceBatchId: sourceBefore, amounts: amountsBefore, hours: hoursBefore },
      after: { name: patch.name, rule: patch.rule, sourceBatchId, amounts, hours, nextAtMs: patch.nextAtMs },
    });
    return { ...schedule, ...patch };
  });
}

/** A run is called by its name and by its day. */
const LONGEST_NAME = 60;

async function termsOf(
  deps: PayoutBatchDeps,
  tx: Tx,
  organisationId: string,
  { name: written, rule: given }: NewSchedule,
  notBeforeMs = 0,
): Promise<{ name: string; rule: ScheduleRule; nextAtMs: number }> {
  const name = written.trim().replace(/\s+/g, ' ');
  if (name.length < 2 || name.length > LONGEST_NAME) throw new Refusal('schedule.name');
  const rule = parseRule(given);
  const afterMs = Math.max(deps.runtime.clock.now(), notBeforeMs);
  const nextAtMs = await dueAfter(deps, tx, { organisationId, rule }, afterMs);
  if (nextAtMs === null) throw new Refusal('schedule.over');
  return { name, rule, nextAtMs };
}

async function assertSource(tx: Tx, id: string, organisationId: string): Promise<void> {
  const where = { id, organisationId, state: In([...AGREED]) };
  if ((await tx.manager.countBy(PayoutBatchSchema, where)) === 0) throw new Refusal('schedule.source');
}

/** That have not ended, of one organisation: a program that makes them by mistake ends here. */
const MOST_SCHEDULES = 100;

async function assertRoom(tx: Tx, organisationId: string): Promise<void> {
  // Those who make one at once wait for each other, or each would find room.
  await lockOrganisation(tx, organisationId);
  const count = await tx.manager.countBy(PayoutScheduleSchema, { organisationId, state: Not('ended') });
  if (count >= MOST_SCHEDULES) throw new Refusal('schedule.too-many', { most: MOST_SCHEDULES });
}
