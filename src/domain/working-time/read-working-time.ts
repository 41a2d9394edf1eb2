import { z } from 'zod';
import type { WorkingTime } from './working-time.ts';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as "08:00"');

/** The working days and hours as a file has them. */
export const workingHoursSchema = z
  .strictObject({ days: z.array(z.enum(WEEKDAYS)).min(1).max(7), from: clock, to: clock })
  .refine(({ from, to }) => from < to, 'ends before it begins');

/** Holidays by country and day: what each is called. */
export const holidaysSchema = z.record(
  z.string().regex(/^[A-Z]{2}$/, 'must be a country such as KE'),
  z.record(z.iso.date(), z.string().min(1).max(64)),
);

/** The working time of every country whose holidays are written. */
export function readWorkingTimes(
  { days, from, to }: z.output<typeof workingHoursSchema>,
  holidays: z.output<typeof holidaysSchema>,
): ReadonlyMap<string, WorkingTime> {
  const hours = {
    weekdays: new Set(days.map((day) => WEEKDAYS.indexOf(day))),
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
  };
  return new Map(
    Object.entries(holidays).map(([country, named]) => [
      country,
      { ...hours, holidays: new Map(Object.entries(named)) },
    ]),
  );
}

function minuteOf(text: string): number {
  const [hour, minute] = text.split(':');
  return Number(hour) * 60 + Number(minute);
}
