import type { PaymentState } from '../payments/index.ts';
import type { ReportDeps } from './hour-facts.ts';
import { unpackWaits, type Waits, waitAt } from './waits.ts';

/** What figures are narrowed by. The period is bounded by whoever asks: at most `MOST_DAYS` days. */
export interface FigureFilters {
  fromMs: number;
  toMs: number;
  currency: string;
  billerId?: string;
  operator?: string;
  state?: PaymentState;
}

/** Of one quarter of a year. */
export const MOST_DAYS = 92;

/*
 * A page of a week reads 168 hours, whatever happened in them: at 20 billers, 2 operators and 6 states that is 40,000 rows of
 * hour_payments in the worst case, by the index of the hour, and summed by the store. The payments themselves, five million or more, are
 * never read here; gather-hours.ts has counted them hour by hour.
 */

/** Payments, and what they came to. */
export interface Sum {
  payments: number;
  amountMinor: bigint;
}

export interface HourOfState extends Sum {
  hourMs: number;
  state: PaymentState;
}

type Row = Record<string, unknown>;

/** Payments by the hour of their confirmation and their state now, in the order of time. Hours without any are left out. */
export async function paymentsByHour({ database }: ReportDeps, filters: FigureFilters): Promise<HourOfState[]> {
  const { sql, values } = whereOf(filters);
  const rows: Row[] = await database.reader.query(
    `SELECT hour_at, state, SUM(payments) AS payments, SUM(amount_minor) AS amount FROM hour_payments
     WHERE ${sql} GROUP BY hour_at, state ORDER BY hour_at, state`,
    values,
  );
  return rows.map((row) => ({ hourMs: Number(row.hour_at), state: row.state as PaymentState, ...sumOf(row) }));
}

export interface ShareOfPayments extends Sum {
  billerId: string;
  operator: string;
  state: PaymentState;
}

/** The same by biller, operator and state. */
export async function paymentsByParty({ database }: ReportDeps, filters: FigureFilters): Promise<ShareOfPayments[]> {
  const { sql, values } = whereOf(filters);
  const rows: Row[] = await database.reader.query(
    `SELECT biller_id, operator, state, SUM(payments) AS payments, SUM(amount_minor) AS amount FROM hour_payments
     WHERE ${sql} GROUP BY biller_id, operator, state ORDER BY biller_id, operator, state`,
    values,
  );
  return rows.map((row) => ({
    ...{ billerId: String(row.biller_id), operator: String(row.operator), state: row.state as PaymentState },
    ...sumOf(row),
  }));
}

function whereOf({ fromMs, toMs, currency, billerId, operator, state }: FigureFilters) {
  const wanted = { biller_id: billerId, operator, state };
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const sql = ['hour_at >= ?', 'hour_at < ?', 'currency = ?', ...given.map(([name]) => `${name} = ?`)].join(' AND ');
  return { sql, values: [fromMs, toMs, currency, ...given.map(([, value]) => value)] };
}

const sumOf = (row: Row): Sum => ({ payments: Number(row.payments), amountMinor: BigInt(String(row.amount)) });

/** Still on their way: nothing can be said about them yet. */
const UNDER_WAY: ReadonlySet<PaymentState> = new Set(['requested', 'held', 'prompting', 'collected']);

/** Of all payments about which it is decided, those that the biller booked; undefined while there are none. */
export function successRate(
  shares: readonly ShareOfPayments[],
): { share: number; decided: number; posted: number } | undefined {
  const count = (fits: (state: PaymentState) => boolean) =>
    shares.reduce((sum, { state, payments }) => sum + (fits(state) ? payments : 0), 0);
  const decided = count((state) => !UNDER_WAY.has(state));
  const posted = count((state) => state === 'posted');
  return decided === 0 ? undefined : { share: posted / decided, decided, posted };
}

export interface ReceiptWaits {
  receipts: number;
  /** Seconds; undefined where nobody got one. */
  medianS: number | undefined;
  p95S: number | undefined;
  /** By the shortest of each step, in order. */
  steps: readonly { fromS: number; receipts: number }[];
}

/** From the confirmation to the receipt. */
export async function receiptWaits({ database }: ReportDeps, filters: FigureFilters): Promise<ReceiptWaits> {
  const { fromMs, toMs, billerId, operator } = filters;
  const values: unknown[] = [fromMs, toMs];
  let where = 'hour_at >= ? AND hour_at < ?';
  for (const [column, value] of [
    ['biller_id', billerId],
    ['operator', operator],
  ] as const) {
    if (value === undefined) continue;
    where += ` AND ${column} = ?`;
    values.push(value);
  }
  const rows: Row[] = await database.reader.query(`SELECT waits FROM hour_waits WHERE ${where}`, values);
  const waits: Waits = new Map();
  for (const row of rows) unpackWaits(String(row.waits), waits);
  const steps = [...waits].sort(([one], [other]) => one - other).map(([fromS, receipts]) => ({ fromS, receipts }));
  const receipts = steps.reduce((sum, step) => sum + step.receipts, 0);
  return { receipts, medianS: waitAt(waits, 0.5), p95S: waitAt(waits, 0.95), steps };
}

export interface MessageCost {
  kind: string;
  /** Empty where the provider told no cost. */
  currency: string;
  messages: number;
  segments: number;
  /** Ten-thousandths of the major unit. */
  costE4: bigint;
}

/** Messages by kind, the dearest first; of a biller: those about its payments. */
export async function messageCosts({ database }: ReportDeps, filters: FigureFilters): Promise<MessageCost[]> {
  const { fromMs, toMs, billerId } = filters;
  const rows: Row[] = await database.reader.query(
    `SELECT kind, currency, SUM(messages) AS messages, SUM(segments) AS segments, SUM(cost_e4) AS cost FROM hour_messages
     WHERE hour_at >= ? AND hour_at < ?${billerId === undefined ? '' : ' AND biller_id = ?'}
     GROUP BY kind, currency ORDER BY SUM(cost_e4) DESC, SUM(messages) DESC, kind`,
    [fromMs, toMs, ...(billerId === undefined ? [] : [billerId])],
  );
  return rows.map((row) => ({
    ...{ kind: String(row.kind), currency: String(row.currency), messages: Number(row.messages) },
    ...{ segments: Number(row.segments), costE4: BigInt(String(row.cost)) },
  }));
}

export interface ScreenOfFunnel {
  screen: string;
  sessions: number;
  dropped: number;
  ended: number;
}

/** Where sessions of that time went: all of them, and the screens in the order in which they are met. */
export async function funnel(
  { database }: ReportDeps,
  { fromMs, toMs }: Pick<FigureFilters, 'fromMs' | 'toMs'>,
): Promise<{ all: Omit<ScreenOfFunnel, 'screen'>; screens: ScreenOfFunnel[] }> {
  const rows: Row[] = await database.reader.query(
    `SELECT screen, SUM(sessions) AS sessions, SUM(dropped) AS dropped, SUM(ended) AS ended, SUM(places) AS places
     FROM hour_screens WHERE hour_at >= ? AND hour_at < ? GROUP BY screen`,
    [fromMs, toMs],
  );
  const counted = rows.map((row) => ({
    ...{ screen: String(row.screen), sessions: Number(row.sessions), dropped: Number(row.dropped) },
    ...{ ended: Number(row.ended), place: Number(row.places) / Number(row.sessions) },
  }));
  const { screen: _, place: __, ...all } = counted.find(({ screen }) => screen === '') ?? NO_SESSIONS;
  const screens = counted
    .filter(({ screen }) => screen !== '')
    .sort(
      (one, other) => one.place - other.place || other.sessions - one.sessions || (one.screen < other.screen ? -1 : 1),
    )
    .map(({ place: ___, ...one }) => one);
  return { all, screens };
}

const NO_SESSIONS = { screen: '', place: 0, sessions: 0, dropped: 0, ended: 0 };
