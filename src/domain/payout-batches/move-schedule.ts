import { Refusal } from '../../kernel/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import type { PayoutBatchDeps } from './deps.ts';
import {
  dropUnfinishedRun,
  lastRunEnd,
  lockSchedule,
  recordScheduleEvent,
  type WhichSchedule,
} from './keep-schedule.ts';
import { actorText } from './make-batch.ts';
import { dueAfter } from './paying-time.ts';
import { type PayoutSchedule, PayoutScheduleSchema, type ScheduleState, scheduleStates } from './schedule.ts';
import { parseRule } from './schedule-rule.ts';
import { NO_STANDING, outdateStanding } from './standing-limits.ts';

/**
 * Pauses, resumes or ends it. Resumed, it is due next after now: what it missed meanwhile is not made up for. Ended, a standing approval
 * ends with it. Refuses with `schedule.not-found`, `schedule.state`, `schedule.over`.
 */
export function moveSchedule(
  deps: PayoutBatchDeps,
  actor: Actor,
  { to, reason, ...which }: WhichSchedule & { to: ScheduleState; reason: string },
): Promise<PayoutSchedule> {
  return deps.database.transaction(async (tx) => {
    const schedule = await lockSchedule(tx, which);
    const { id, state, rule, organisationId } = schedule;
    if (!scheduleStates.allows(state, to)) throw new Refusal('schedule.state', { state });
    const afterMs = Math.max(deps.runtime.clock.now(), await lastRunEnd(deps, tx, id));
    const due = await dueAfter(deps, tx, { organisationId, rule: parseRule(JSON.parse(rule)) }, afterMs);
    if (to === 'active' && due === null) throw new Refusal('schedule.over');
    if (to === 'ended') await outdateStanding(deps, tx, schedule);
    if (to !== 'active') await dropUnfinishedRun(deps, tx, schedule);
    const patch = { state: to, nextAtMs: to === 'active' ? due : null, ...(to === 'ended' ? NO_STANDING : {}) };
    await tx.update(PayoutScheduleSchema, { id }, patch);
    await recordScheduleEvent(deps, tx, id, state, to, { actor: actorText(actor), reason: reason || to });
    const act = to === 'active' ? 'resumed' : to;
    await recordAct(deps, tx, {
      ...{ actor, act: `schedule.${act}`, subject: { kind: 'payout-schedule', id }, reason, before: { state } },
    });
    return { ...schedule, ...patch };
  });
}
