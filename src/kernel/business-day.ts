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

/** The first instant of the calendar day that holds `epochMs`, in a time zone. */
export function startOfDay(epochMs: number, timeZone: string): number {
  const day = businessDay(epochMs, timeZone);
  // Zones are offset by whole quarters of an hour: walk back over the day in those, then take the first that fits.
  const quarterMs = 15 * 60_000;
  let start = Math.floor(epochMs / quarterMs) * quarterMs;
  while (businessDay(start - quarterMs, timeZone) === day) start -= quarterMs;
  return start;
}
