import { businessDay, instantOfWallTime, startOfDay } from '../../../kernel/index.ts';
import type { Table, TableRow } from '../../../platform/tables/index.ts';
import {
  findColumns,
  MOST_ROWS_BEFORE_NAMES,
  type ReadBatch,
  type ReadingEnd,
  type StatementReading,
  StatementRefused,
} from '../../statements/index.ts';
import { type BookingRow, readBooking } from './booking-row.ts';
import { type ControlTotals, readTotals } from './control-totals.ts';
import type { BillerFileFormat } from './format.ts';

export interface BillerFileContext {
  currency: string;
  timeZone: string;
}

interface Seen {
  lines: number;
  faults: number;
  sumMinor: bigint;
  firstMs: number;
  lastMs: number;
}

/**
 * What a biller booked, from a file of its own. A row that cannot be read is told with its line and its reason, and the rest is
 * read. With control totals the file is whole when they fit, and refused when they do not; without them it proves the days that are in
 * it only where the biller promises whole days and every row was read.
 */
export async function* readBillerFile(
  table: Table,
  format: BillerFileFormat,
  context: BillerFileContext,
): StatementReading {
  const names = columnNames(format);
  let rowsBefore = 0;
  let places: Record<string, number> | undefined;
  let totals: ControlTotals | undefined;
  const seen: Seen = {
    ...{ lines: 0, faults: 0, sumMinor: 0n },
    ...{ firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY },
  };
  for await (const rows of table.rows()) {
    const batch: ReadBatch = { lines: [], faults: [] };
    for (const row of rows) {
      if (!places) {
        places = findColumns(row, names);
        rowsBefore += 1;
        if (!places && rowsBefore > MOST_ROWS_BEFORE_NAMES) throw noNames(names);
        continue;
      }
      if (totals)
        throw new StatementRefused(`line ${row.lineNo}: rows go on after the totals in line ${totals.lineNo}`);
      totals = readTotals(row, places, format, context.currency);
      if (!totals) take(row, places, format, context, batch, seen);
    }
    yield batch;
  }
  if (!places) throw noNames(names);
  return prove(format, context, totals, seen);
}

function columnNames({ columns, totals }: BillerFileFormat): string[] {
  const own = Object.values(columns).filter((column) => column !== undefined);
  const ofTotals = totals ? [totals.column, totals.count, totals.sum].filter((column) => column !== undefined) : [];
  return [...new Set([...own, ...ofTotals])];
}

function noNames(names: readonly string[]): StatementRefused {
  return new StatementRefused(`there is no line with the names of the columns (${names.join(', ')})`.slice(0, 250));
}

function take(
  row: TableRow,
  places: Record<string, number>,
  format: BillerFileFormat,
  context: BillerFileContext,
  batch: ReadBatch,
  seen: Seen,
): void {
  const read: BookingRow = readBooking(row, places, format, context.currency);
  if (read.kind === 'fault') {
    seen.faults += 1;
    batch.faults.push({ lineNo: row.lineNo, column: read.column, reason: read.reason });
    return;
  }
  const { wallMs, ...rest } = read.booking;
  const atMs = instantOfWallTime(wallMs, context.timeZone);
  batch.lines.push({ lineNo: row.lineNo, atMs, currency: context.currency, detail: '', ...rest });
  seen.lines += 1;
  seen.sumMinor += rest.amountMinor;
  seen.firstMs = Math.min(seen.firstMs, atMs);
  seen.lastMs = Math.max(seen.lastMs, atMs);
}

function prove(
  format: BillerFileFormat,
  { timeZone }: BillerFileContext,
  totals: ControlTotals | undefined,
  seen: Seen,
): ReadingEnd {
  if (format.totals && !totals) throw new StatementRefused(`the row of totals ("${format.totals.word}") is missing`);
  const isCounted = totals?.proves(seen) ?? false;
  const days = seen.lines === 0 ? {} : daysOf(seen, timeZone);
  if (isCounted) return { proof: 'control-totals', ...(format.wholeDays ? days : {}) };
  const isPromised = format.wholeDays && !format.totals && seen.faults === 0;
  return { proof: isPromised ? 'whole-day' : 'none', ...days };
}

function daysOf({ firstMs, lastMs }: Seen, timeZone: string): { fromMs: number; toMs: number } {
  const fromMs = startOfDay(firstMs, timeZone);
  let toMs = startOfDay(lastMs, timeZone) + 23 * HOUR_MS;
  // A day has 23 to 25 hours.
  while (businessDay(toMs, timeZone) === businessDay(lastMs, timeZone)) toMs += HOUR_MS / 4;
  return { fromMs, toMs };
}

const HOUR_MS = 3_600_000;
