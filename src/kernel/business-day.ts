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
