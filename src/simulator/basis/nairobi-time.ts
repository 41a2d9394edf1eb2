/** East Africa has had no daylight saving since 1960: the offset is a constant. */
const OFFSET_MS = 3 * 3_600_000;

/** `yyyyMMddHHmmss` in Nairobi, the operator's own spelling. */
export function nairobiStamp(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString().slice(0, 19).replace(/\D/g, '');
}

/** `2026-11-20` in Nairobi. */
export function nairobiDay(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString().slice(0, 10);
}

/** Reads `yyyyMMddHHmmss`; undefined when it is no instant. */
export function readNairobiStamp(stamp: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(stamp);
  return match ? readParts(match) : undefined;
}

/** Reads `2026-11-20 8:36:00`, as the pull interface takes it. */
export function readNairobiTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  return match ? readParts(match) : undefined;
}

function readParts(match: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  const exact = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour;
  return exact ? utc - OFFSET_MS : undefined;
}
