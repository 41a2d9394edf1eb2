import type { TableRow } from '../../../platform/tables/index.ts';
import { type LineKind, readAmount, readWallTime, storedText } from '../../statements/index.ts';
import type { BillerFileFormat } from './format.ts';

export interface Booking {
  kind: LineKind;
  receipt: string | undefined;
  reference: string;
  account: string;
  amountMinor: bigint;
  /** What clocks showed at the biller. */
  wallMs: number;
}

export type BookingRow = { kind: 'booking'; booking: Booking } | { kind: 'fault'; column: string; reason: string };

export function readBooking(
  { cells }: TableRow,
  places: Readonly<Record<string, number>>,
  { columns, dates, numbers }: BillerFileFormat,
  currency: string,
): BookingRow {
  const cell = (name: string | undefined) => (name === undefined ? '' : (cells[places[name] as number]?.trim() ?? ''));
  const fault = (column: string, reason: string): BookingRow => ({ kind: 'fault', column, reason });
  const reference = storedText(cell(columns.reference), 64);
  if (reference === undefined) return fault(columns.reference, 'it is empty');
  const account = storedText(cell(columns.account), 64);
  if (account === undefined) return fault(columns.account, 'it is empty');
  const amountMinor = readAmount(cell(columns.amount), currency, numbers);
  if (typeof amountMinor === 'string') return fault(columns.amount, amountMinor);
  if (amountMinor === 0n) return fault(columns.amount, 'it is nothing');
  const written = `${cell(columns.bookedAt)} ${cell(columns.bookedTime)}`.trim();
  const wallMs = readWallTime(written, dates);
  if (wallMs === undefined) return fault(columns.bookedAt, `"${written.slice(0, 40)}" is no date, written ${dates}`);
  const named = cell(columns.currency);
  if (columns.currency !== undefined && named !== currency) {
    return fault(columns.currency, `"${named.slice(0, 10)}" is not ${currency}`);
  }
  const receipt = storedText(cell(columns.billerReference), 64);
  const kind = amountMinor < 0n ? 'reversal' : 'payment';
  return { kind: 'booking', booking: { kind, receipt, reference, account, amountMinor, wallMs } };
}
