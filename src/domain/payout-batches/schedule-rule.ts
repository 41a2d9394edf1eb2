import { z } from 'zod';
import { addDays, instantOfWallTime, isDay, Refusal, wallTimeOf } from '../../kernel/index.ts';
import { lastWorkingDay, type WorkingTime } from '../working-time/index.ts';

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('By the clock on the wall: `08:30`');
const day = z.string().refine(isDay, 'Not a day').meta({ format: 'date' });
const weekday = z.int().min(0).max(6).describe('0 is Sunday');
const monthDay = z.int().min(1).max(31).describe('In a month that has no such day it is the last one');

const dayOff = z
  .literal('before')
  .optional()
  .describe('On a day on which nobody works it is due on the working day before; left out: due all the same');

/** When a schedule is due, by the clock on the wall. `weekday`: 0 is Sunday. `day` of a month that has no such day is its last. */
export const scheduleRuleSchema = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('once'), day, at: clock }),
  z.strictObject({ every: z.literal('week'), weekday, at: clock, dayOff }),
  z.strictObject({ every: z.literal('month'), day: monthDay, at: clock, dayOff }),
]);
export type ScheduleRule = z.output<typeof scheduleRuleSchema>;

/** As it is kept, or as somebody gave it. Refuses with `schedule.rule`. */
export function parseRule(written: unknown): ScheduleRule {
  const read = scheduleRuleSchema.safeParse(written);
  if (!read.success) throw new Refusal('schedule.rule');
  return read.data;
}

/** The first time it is due after an instant, epoch ms; null: never again. */
export function nextDue(
  rule: ScheduleRule,
  afterMs: number,
  { timeZone, working }: { timeZone: string; working: WorkingTime },
): number | null {
  const today = new Date(wallTimeOf(afterMs, timeZone)).toISOString().slice(0, 10);
  const isMoved = rule.every !== 'once' && rule.dayOff === 'before';
  for (const named of daysOf(rule, today)) {
    const due = isMoved ? lastWorkingDay(working, named) : named;
    const [hour = 0, minute = 0] = rule.at.split(':').map(Number);
    const dueMs = instantOfWallTime(Date.parse(`${due}T00:00:00Z`) + (hour * 60 + minute) * 60_000, timeZone);
    if (dueMs > afterMs) return dueMs;
  }
  return null;
}

/** Its days from this one on, as many as are needed: that of today may be over, and the one after it moved to before today. */
function daysOf(rule: ScheduleRule, today: string): string[] {
  if (rule.every === 'once') return [rule.day];
  if (rule.every === 'week') {
    const ahead = (rule.weekday - new Date(`${today}T00:00:00Z`).getUTCDay() + 7) % 7;
    return [0, 1, 2].map((weeks) => addDays(today, ahead + 7 * weeks));
  }
  const [year = 0, month = 1] = today.split('-').map(Number);
  return [0, 1, 2].map((ahead) => dayOfMonth(year, month - 1 + ahead, rule.day));
}

function dayOfMonth(year: number, month: number, wanted: number): string {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(wanted, last))).toISOString().slice(0, 10);
}
