import { type DateOrder, readWallTime, StatementRefused, yearPlace } from '../../../statements/index.ts';

/** Watches the dates of a whole file, and says at its end in which order all of them are written. */
export interface DateProof {
  see(row: { lineNo: number; text: string; receipt: string }): void;
  decide(): DateOrder;
}

const YEAR_LAST = ['day-month-year', 'month-day-year'] as const;
type YearLast = (typeof YEAR_LAST)[number];

const DAY_MS = 86_400_000;

/**
 * The order is proven and never guessed: a date that an order makes impossible (month 20, the future) rules the order out; where
 * both stay possible, the receipts decide, which begin with the year, the month and the day (`SKT...` is 29 November 2024). A file
 * that writes some dates one way and some another, as a spreadsheet leaves it that understood half of them, is refused.
 */
export function makeDateProof(nowMs: number): DateProof {
  let place: { lineNo: number; year: 'first' | 'last'; text: string } | undefined;
  const ruledOut = new Map<YearLast, { lineNo: number; text: string }>();
  const bornOut: Record<YearLast, number> = { 'day-month-year': 0, 'month-day-year': 0 };
  return {
    see({ lineNo, text, receipt }) {
      const year = yearPlace(text);
      if (year === undefined) return;
      place ??= { lineNo, year, text };
      if (place.year !== year) {
        const clash = `"${text}" beside "${place.text}" in line ${place.lineNo}`;
        throw new StatementRefused(`line ${lineNo}: the dates are not all written one way: ${clash}`);
      }
      if (year === 'first') return;
      const walls = YEAR_LAST.map((order) => readWallTime(text, order));
      for (const [index, order] of YEAR_LAST.entries()) {
        const wallMs = walls[index];
        const isPossible = wallMs !== undefined && wallMs < nowMs + 2 * DAY_MS;
        if (!isPossible && !ruledOut.has(order)) ruledOut.set(order, { lineNo, text });
        // A day that reads alike both ways bears nothing out.
        if (isPossible && walls[0] !== walls[1] && receiptIsOf(receipt, wallMs)) bornOut[order] += 1;
      }
    },
    decide() {
      if (place?.year !== 'last') return 'year-month-day';
      const possible = YEAR_LAST.filter((order) => !ruledOut.has(order));
      const [only] = possible;
      if (possible.length === 1 && only) return only;
      if (possible.length === 0) throw neither(ruledOut);
      const told = YEAR_LAST.filter((order) => bornOut[order] > 0);
      if (told.length === 1 && told[0]) return told[0];
      const why = `"${place.text}" can be read as two days, and so can every other date of the file`;
      throw new StatementRefused(`line ${place.lineNo}: ${why}: export it with dates as yyyy-mm-dd`);
    },
  };
}

function neither(ruledOut: ReadonlyMap<YearLast, { lineNo: number; text: string }>): StatementRefused {
  const last = [...ruledOut.values()].sort((one, other) => other.lineNo - one.lineNo)[0];
  return new StatementRefused(
    `line ${last?.lineNo}: "${last?.text}" is a date that does not exist, as the dates before it are written`,
  );
}

const FIRST_YEAR = 2006;

/** The first three symbols: year from A = 2006, month from A, day as 1 to 9 and then from A. */
function receiptIsOf(receipt: string, wallMs: number): boolean {
  const match = /^([A-Z])([A-L])([1-9A-V])[0-9A-Z]{7}$/.exec(receipt);
  if (!match) return false;
  const [, year = '', month = '', day = ''] = match;
  const date = new Date(wallMs);
  const dayNumber = /\d/.test(day) ? Number(day) : day.charCodeAt(0) - 55;
  return (
    date.getUTCFullYear() === FIRST_YEAR + year.charCodeAt(0) - 65 &&
    date.getUTCMonth() === month.charCodeAt(0) - 65 &&
    date.getUTCDate() === dayNumber
  );
}
