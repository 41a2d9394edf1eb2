import { In, LessThanOrEqual } from 'typeorm';
import type { ReminderDeps } from './deps.ts';
import { ReminderSchema, reminderStates } from './reminder.ts';

/** Work of one reminder; payload `{reminderId}`. */
export const SEND_REMINDER = 'reminder.send';

export const HAND_EVERY_MS = 60_000;

/**
 * Every minute: gives the next reminders their turn, as many as the pace allows for that minute and evenly over it. What is still in
 * hand counts, so that a slow minute is not made up for by a fast one. Returns how many had their turn.
 */
export async function handReminders(deps: ReminderDeps): Promise<number> {
  const { clock } = deps.runtime;
  const { perSecond } = deps.reminderSettings;
  const most = Math.max(1, Math.floor((perSecond * HAND_EVERY_MS) / 1_000));
  const now = clock.now();
  return deps.database.transaction(async (tx) => {
    const inHand = await tx.manager.countBy(ReminderSchema, { state: 'handed' });
    if (inHand >= most) return 0;
    const rows = await tx.manager.find(ReminderSchema, {
      where: { state: 'planned', dueAtMs: LessThanOrEqual(now) },
      order: { dueAtMs: 'ASC', id: 'ASC' },
      take: most - inHand,
      ...(deps.database.kind === 'mysql' ? { lock: { mode: 'pessimistic_write' as const } } : {}),
    });
    if (rows.length === 0) return 0;
    for (const [index, { id, state, tries }] of rows.entries()) {
      reminderStates.assert(state, 'handed');
      await deps.outbox.emit(tx, {
        topic: SEND_REMINDER,
        key: `${id}:${tries + 1}`,
        payload: { reminderId: id },
        dueAtMs: now + Math.floor((index * 1_000) / perSecond),
      });
    }
    const ids = rows.map(({ id }) => id);
    await tx.manager.update(ReminderSchema, { id: In(ids) }, { state: 'handed', tries: () => 'tries + 1' });
    return rows.length;
  });
}
