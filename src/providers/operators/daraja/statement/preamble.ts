import type { TableRow } from '../../../../platform/tables/index.ts';
import { type DateOrder, readAmount, readWallTime, StatementRefused } from '../../../statements/index.ts';

/** What the lines above the names of the columns say. */
export interface Preamble {
  shortCode: string | undefined;
  /** As it is written: in the order of the rows' own dates. */
  period: { from: string; to: string } | undefined;
  openingMinor: bigint | undefined;
  closingMinor: bigint | undefined;
}

const DATE = '(\\d[\\d/.-]{7,9}(?:[ T]+[\\d:]{4,8})?)';
const PERIOD = new RegExp(`time period\\W*(?:from)?\\s*${DATE}\\s*(?:to|-)\\s*${DATE}`, 'i');

export function readPreamble(rows: readonly TableRow[], currency: string): Preamble {
  const lines = rows.map(({ cells }) => cells.filter((cell) => cell.trim() !== '').join(' '));
  const find = (pattern: RegExp) => lines.map((line) => pattern.exec(line)).find((match) => match !== null);
  const amount = (pattern: RegExp) => {
    const found = find(pattern)?.[1];
    const read = found === undefined ? undefined : readAmount(found, currency);
    return typeof read === 'bigint' ? read : undefined;
  };
  const period = find(PERIOD);
  return {
    shortCode: find(/short ?code\W*(\d{4,12})\b/i)?.[1],
    period: period ? { from: period[1] ?? '', to: period[2] ?? '' } : undefined,
    openingMinor: amount(/opening balance\s*:?\s*(-?[\d,]+(?:\.\d+)?)/i),
    closingMinor: amount(/closing balance\s*:?\s*(-?[\d,]+(?:\.\d+)?)/i),
  };
}

/** The period's two ends as clocks showed them; the second may be written as the last second of a day, which it includes. */
export function periodOf({ period }: Preamble, order: DateOrder): { fromMs: number; toMs: number } | undefined {
  if (!period) return undefined;
  const [fromMs, lastMs] = [readWallTime(period.from, order), readWallTime(period.to, order)];
  if (fromMs === undefined || lastMs === undefined || lastMs <= fromMs) return undefined;
  return { fromMs, toMs: lastMs % 60_000 === 59_000 ? lastMs + 1_000 : lastMs };
}

export function refuseOtherShortCode({ shortCode }: Preamble, ours: string, mustName = false): void {
  if (mustName && shortCode === undefined) {
    throw new StatementRefused(
      `the file does not say that it is of short code ${ours}: give the whole file, with the lines above its columns`,
    );
  }
  if (shortCode === undefined || ours === '' || shortCode === ours) return;
  throw new StatementRefused(`the statement is of short code ${shortCode}, and ours is ${ours}`);
}
