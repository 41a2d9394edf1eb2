import { type PaymentState, paymentStates } from '../../../domain/payments/index.ts';
import { type FigureFilters, MOST_DAYS } from '../../../domain/reports/index.ts';
import { addDays, businessDay, daysBetween, dayWindow, isDay } from '../../../kernel/index.ts';
import type { FilterQuery } from '../filters.ts';
import type { Desk } from '../visit.ts';

/** What the dashboard is narrowed by, as it stands in its address. */
export interface DashboardFilters extends FigureFilters {
  /** First and last day. */
  from: string;
  to: string;
  /** Short periods are shown by the hour, longer ones by the day. */
  isByHour: boolean;
}

const USUAL_DAYS = 7;
const MOST_DAYS_BY_HOUR = 8;

/** What is not understood narrows nothing. Without days: the last seven; never more than a quarter of a year. */
export function readDashboard({ deps }: Desk, query: FilterQuery): DashboardFilters {
  const { timeZone, billers, domain } = deps;
  const today = businessDay(domain.runtime.clock.now(), timeZone);
  const to = isRecent(query.to) ? query.to : today;
  const asked = isRecent(query.from) && query.from <= to ? query.from : addDays(to, 1 - USUAL_DAYS);
  const from = daysBetween(asked, to) >= MOST_DAYS ? addDays(to, 1 - MOST_DAYS) : asked;
  const state = query.state as PaymentState | undefined;
  const currencies = [domain.currency, ...billers.map(({ currency }) => currency)];
  return {
    ...{ from, to, isByHour: daysBetween(from, to) < MOST_DAYS_BY_HOUR },
    ...{ fromMs: dayWindow(from, timeZone).fromMs, toMs: dayWindow(to, timeZone).toMs },
    currency: currencies.find((one) => one === query.currency) ?? domain.currency,
    ...(billers.some(({ id }) => id === query.biller) ? { billerId: query.biller as string } : {}),
    ...(domain.operatorNames.some((name) => name === query.operator) ? { operator: query.operator as string } : {}),
    ...(state && Object.hasOwn(paymentStates.next, state) ? { state } : {}),
  };
}

/** Days of other centuries have no figures, and clocks that nobody knows. */
function isRecent(day: string | undefined): day is string {
  return day !== undefined && isDay(day) && day >= '2020-01-01' && day < '2100-01-01';
}

export function dashboardQuery({ deps }: Desk, filters: DashboardFilters): string {
  const { from, to, billerId, operator, state, currency } = filters;
  const query = new URLSearchParams({ from, to });
  if (billerId) query.set('biller', billerId);
  if (operator) query.set('operator', operator);
  if (state) query.set('state', state);
  if (currency !== deps.domain.currency) query.set('currency', currency);
  return query.toString();
}

/** The hours or days of the period, as far as they have begun. */
export function slotsOf({ deps }: Desk, { from, to, isByHour }: DashboardFilters): number[] {
  const { timeZone, domain } = deps;
  const now = domain.runtime.clock.now();
  const slots: number[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const { fromMs, toMs } = dayWindow(day, timeZone);
    const stepMs = isByHour ? 3_600_000 : toMs - fromMs;
    for (let atMs = fromMs; atMs < toMs && atMs <= now; atMs += stepMs) slots.push(atMs);
  }
  return slots;
}
