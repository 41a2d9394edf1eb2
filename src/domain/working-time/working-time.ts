import { addDays, businessDay, dayWindow, instantOfWallTime, invariant, minuteOfDay } from '../../kernel/index.ts';

/** When people work in a country. */
export interface WorkingTime {
  /** By `Date#getUTCDay`: 0 is Sunday. At least one. */
  weekdays: ReadonlySet<number>;
  /** Minutes since midnight by the clock on the wall; from is included, to is not. */
  fromMinute: number;
  toMinute: number;
  /** What each public holiday is called, by its day. */
  holidays: ReadonlyMap<string, string>;
}

/** Longer than any row of holidays: a calendar without a working day in it is a mistake. */
const SEARCHED_DAYS = 60;

/** Whether people work on a calendar day, `2026-12-31`. */
export function isWorkingDay({ weekdays, holidays }: WorkingTime, day: string): boolean {
  return weekdays.has(new Date(`${day}T00:00:00Z`).getUTCDay()) && !holidays.has(day);
}

/** The working day so many working days after a day, which itself does not count. */
export function addWorkingDays(working: WorkingTime, day: string, count: number): string {
  let result = day;
  for (let left = count; left > 0; left -= 1) result = nextWorkingDay(working, addDays(result, 1));
  return result;
}

/** The first working day at or after a day. */
function nextWorkingDay(working: WorkingTime, day: string): string {
  for (let ahead = 0; ahead < SEARCHED_DAYS; ahead += 1) {
    const candidate = addDays(day, ahead);
    if (isWorkingDay(working, candidate)) return candidate;
  }
  invariant(false, `nobody works for ${SEARCHED_DAYS} days after ${day}`);
}

/** The last working day at or before a day. */
export function lastWorkingDay(working: WorkingTime, day: string): string {
  for (let back = 0; back < SEARCHED_DAYS; back += 1) {
    const candidate = addDays(day, -back);
    if (isWorkingDay(working, candidate)) return candidate;
  }
  invariant(false, `nobody works for ${SEARCHED_DAYS} days before ${day}`);
}

/** Whether people work at an instant, by the clocks of a time zone. */
export function isWorkingTime(working: WorkingTime, atMs: number, timeZone: string): boolean {
  const minute = minuteOfDay(atMs, timeZone);
  if (minute < working.fromMinute || minute >= working.toMinute) return false;
  return isWorkingDay(working, businessDay(atMs, timeZone));
}

/** The first instant at or after this one at which people work: itself, when they do. */
export function nextWorkingTime(working: WorkingTime, atMs: number, timeZone: string): number {
  if (isWorkingTime(working, atMs, timeZone)) return atMs;
  const today = businessDay(atMs, timeZone);
  const day = nextWorkingDay(working, today);
  const opensAtMs = openingOf(working, day, timeZone);
  if (opensAtMs >= atMs) return opensAtMs;
  return openingOf(working, nextWorkingDay(working, addDays(today, 1)), timeZone);
}

/** When the work of an instant that is worked at ends; the instant itself when nobody works. */
export function endOfWork(working: WorkingTime, atMs: number, timeZone: string): number {
  if (!isWorkingTime(working, atMs, timeZone)) return atMs;
  const day = businessDay(atMs, timeZone);
  const { toMs } = dayWindow(day, timeZone);
  return working.toMinute === MINUTES_A_DAY ? toMs : wallInstant(day, working.toMinute, timeZone);
}

const MINUTES_A_DAY = 24 * 60;

function openingOf({ fromMinute }: WorkingTime, day: string, timeZone: string): number {
  return wallInstant(day, fromMinute, timeZone);
}

function wallInstant(day: string, minute: number, timeZone: string): number {
  return instantOfWallTime(Date.parse(`${day}T00:00:00Z`) + minute * 60_000, timeZone);
}
