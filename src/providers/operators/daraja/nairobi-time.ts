/** Kenya has been three hours ahead of UTC, without summer time, since 1960. */
const OFFSET_MS = 3 * 3_600_000;

function parts(epochMs: number): string[] {
  return new Date(epochMs + OFFSET_MS).toISOString().split(/[-T:.]/);
}

/** `20240721125132`, as prompts are stamped. */
export function nairobiStamp(epochMs: number): string {
  return parts(epochMs).slice(0, 6).join('');
}

/** `2024-07-21 12:51:32`, as pull takes its window. */
export function nairobiDateTime(epochMs: number): string {
  const [year, month, day, hour, minute, second] = parts(epochMs);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** The instant at which clocks in Nairobi showed a time, given as if it were UTC. */
export function nairobiInstant(wallMs: number): number {
  return wallMs - OFFSET_MS;
}

const PATTERNS: readonly RegExp[] = [
  // 20240721125132
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
  // 06.07.2024 22:48:52
  /^(?<day>\d\d)\.(?<month>\d\d)\.(?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)$/,
  // 2020-08-05T10:13:00Z; 2026-09-28 10:13:00; 2019-07-31 19:00. Fractions of a second are dropped.
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[ T](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d\d:?\d\d)?$/,
];

/**
 * Epoch ms of a time in any spelling that this operator is known to use, Nairobi time unless a zone is written.
 * Undefined for anything else, also for a day that does not exist.
 */
export function parseNairobiTime(text: string): number | undefined {
  for (const pattern of PATTERNS) {
    const found = pattern.exec(text)?.groups;
    if (found) return toEpochMs(found);
  }
  return undefined;
}

function toEpochMs(found: Readonly<Record<string, string | undefined>>): number | undefined {
  const field = (name: string): number => Number(found[name] ?? '0');
  const year = field('year');
  if (year < 2000 || year > 2100) return undefined;
  const wall = Date.UTC(year, field('month') - 1, field('day'), field('hour'), field('minute'), field('second'));
  const back = new Date(wall);
  const exists =
    back.getUTCMonth() === field('month') - 1 &&
    back.getUTCDate() === field('day') &&
    back.getUTCHours() === field('hour') &&
    back.getUTCMinutes() === field('minute') &&
    back.getUTCSeconds() === field('second');
  return exists ? wall - zoneOffsetMs(found.zone) : undefined;
}

function zoneOffsetMs(zone: string | undefined): number {
  if (zone === undefined) return OFFSET_MS;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
