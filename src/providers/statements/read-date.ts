/** In which order a file writes the parts of its dates. */
export type DateOrder = 'year-month-day' | 'day-month-year' | 'month-day-year';

const YEAR_FIRST = /^(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;
const YEAR_LAST = /^(\d\d?)([-/.])(\d\d?)\2(\d{4})(?:[ T]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/** Where the year stands; undefined when it is no date of numbers. */
export function yearPlace(text: string): 'first' | 'last' | undefined {
  if (YEAR_FIRST.test(text)) return 'first';
  return YEAR_LAST.test(text) ? 'last' : undefined;
}

/**
 * The time that clocks showed, as if it were UTC; midnight where only a day is written. Undefined for anything else, also for a
 * day that does not exist.
 */
export function readWallTime(text: string, order: DateOrder): number | undefined {
  const found = (order === 'year-month-day' ? YEAR_FIRST : YEAR_LAST).exec(text);
  if (!found) return undefined;
  const [one, two, three] = [Number(found[1]), Number(found[3]), Number(found[4])];
  const [hour, minute, second] = [Number(found[5] ?? 0), Number(found[6] ?? 0), Number(found[7] ?? 0)];
  const [year, month, day] =
    order === 'year-month-day' ? [one, two, three] : order === 'day-month-year' ? [three, two, one] : [three, one, two];
  if (year < 2000 || year > 2100 || hour > 23 || minute > 59 || second > 59) return undefined;
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(wallMs);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? wallMs : undefined;
}
