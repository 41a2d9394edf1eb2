/** Whether this is the name of a time zone, such as `Africa/Nairobi`. */
export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a time zone, as `2026-11-20`. */
export function businessDay(epochMs: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(epochMs);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight by the clock on the wall of a time zone; 0 to 1439. */
export function minuteOfDay(epochMs: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(timeZone, clock);
  }
  const [hour, minute] = clock.format(epochMs).split(':');
  return Number(hour) * 60 + Number(minute);
}

/** By zone and day: to find one takes up to a hundred formattings. Few days are asked about at a time. */
const starts = new Map<string, number>();
const MOST_STARTS = 1_000;

/** The first instant of the calendar day that holds `epochMs`, in a time zone. */
export function startOfDay(epochMs: number, timeZone: string): number {
  const day = businessDay(epochMs, timeZone);
  const key = `${timeZone} ${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  if (starts.size >= MOST_STARTS) starts.clear();
  const start = findStart(day, epochMs, timeZone);
  starts.set(key, start);
  return start;
}

function findStart(day: string, epochMs: number, timeZone: string): number {
  // Zones are offset by whole quarters of an hour: walk back over the day in those, then take the first that fits.
  const quarterMs = 15 * 60_000;
  let start = Math.floor(epochMs / quarterMs) * quarterMs;
  while (businessDay(start - quarterMs, timeZone) === day) start -= quarterMs;
  return start;
}

const DAY_MS = 86_400_000;

/** Whether a text is a day of the calendar: `2028-02-29` is, `2026-02-29` is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** The calendar day so many days after another; before it when negative. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days of the calendar lie between; negative when `to` is the earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The first instant of a calendar day and that of the next: 23, 24 or 25 hours where clocks are changed. */
export function dayWindow(day: string, timeZone: string): { fromMs: number; toMs: number } {
  return { fromMs: firstInstant(day, timeZone), toMs: firstInstant(addDays(day, 1), timeZone) };
}

function firstInstant(day: string, timeZone: string): number {
  // Noon in UTC lies in the same calendar day, or in one beside it, everywhere.
  const noon = Date.parse(`${day}T12:00:00Z`);
  for (const candidate of [noon, noon - DAY_MS / 2, noon + DAY_MS / 2, noon - DAY_MS, noon + DAY_MS]) {
    if (businessDay(candidate, timeZone) === day) return startOfDay(candidate, timeZone);
  }
  throw new RangeError(`${timeZone} has no ${day}`);
}

const HOUR_MS = 3_600_000;

/**
 * The hour of the clock on the wall that holds an instant. Hours are counted from the day's first instant, so that they divide every day
 * without gap or overlap: one of 23 or 25 hours, and those of a zone that is half an hour off; only a day whose clock is changed by half
 * an hour ends with a shorter one.
 */
export function hourWindow(epochMs: number, timeZone: string): { fromMs: number; toMs: number } {
  const dayMs = startOfDay(epochMs, timeZone);
  const fromMs = dayMs + Math.floor((epochMs - dayMs) / HOUR_MS) * HOUR_MS;
  const lastMs = fromMs + HOUR_MS - 1;
  if (businessDay(lastMs, timeZone) === businessDay(fromMs, timeZone)) return { fromMs, toMs: fromMs + HOUR_MS };
  return { fromMs, toMs: startOfDay(lastMs, timeZone) };
}
