const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const MOST_OFFSETS = 10_000;
const QUARTER_MS = 15 * 60_000;

/**
 * The instant at which clocks in a time zone show a time, which is given as if it were UTC (`Date.UTC(...)`). An hour that a
 * change of the clock leaves out is read as the one after it; one that comes twice is read as its first.
 */
export function instantOfWallTime(wallMs: number, timeZone: string): number {
  const before = wallMs - offsetMs(wallMs - 86_400_000, timeZone);
  if (before + offsetMs(before, timeZone) === wallMs) return before;
  const after = wallMs - offsetMs(wallMs + 86_400_000, timeZone);
  return after + offsetMs(after, timeZone) === wallMs ? after : before;
}

/** How far clocks there are ahead of UTC. Zones change theirs at whole quarters of an hour. */
function offsetMs(epochMs: number, timeZone: string): number {
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const offset = shownMs(quarter * QUARTER_MS, timeZone) - quarter * QUARTER_MS;
  offsets.set(key, offset);
  return offset;
}

function shownMs(epochMs: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    const two = '2-digit';
    const fields = {
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
      hourCycle: 'h23',
    } as const;
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, ...fields });
    formatters.set(timeZone, formatter);
  }
  const shown: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(epochMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** What clocks in a time zone show at an instant, as if it were UTC: the other way round. */
export function wallTimeOf(epochMs: number, timeZone: string): number {
  return epochMs + offsetMs(epochMs, timeZone);
}
