import { type PaymentState, paymentStates } from '../../domain/payments/index.ts';
import { type PaymentCursor, type PaymentFilters, rangeOf } from '../../domain/search/index.ts';
import { formatDecimal, parseMoney, parseMsisdn } from '../../kernel/index.ts';
import { personOf, personPath } from './person-key.ts';
import type { Desk } from './visit.ts';

/** The filters of a list as they stand in its address, so that a search can be sent to a colleague. */
export type FilterQuery = Readonly<Record<string, string>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is not understood narrows nothing; the page shows which filters count. */
export function readFilters(desk: Desk, query: FilterQuery): PaymentFilters {
  const { timeZone, domain, billers, operators } = desk.deps;
  const msisdn = query.person ? personOf(desk, query.person) : parseMsisdn(query.phone ?? '', domain.country);
  const state = query.state as PaymentState | undefined;
  const amount = query.amount ? parseMoney(query.amount.replaceAll(',', ''), domain.currency) : undefined;
  const from = DAY.test(query.from ?? '') ? rangeOf(query.from as string, timeZone) : undefined;
  const to = DAY.test(query.to ?? '') ? rangeOf(query.to as string, timeZone) : undefined;
  const operator = operators.find(({ id }) => id === query.operator);
  return {
    ...(msisdn ? { msisdn } : {}),
    ...(billers.some(({ id }) => id === query.biller) ? { billerId: query.biller as string } : {}),
    ...(operator ? { operator: operator.id } : {}),
    ...(query.account ? { account: query.account.slice(0, 64) } : {}),
    ...(state && Object.hasOwn(paymentStates.next, state) ? { states: [state] } : {}),
    ...(amount ? { amount } : {}),
    ...(from ? { fromMs: from.fromMs } : {}),
    ...(to ? { toMs: to.toMs } : {}),
  };
}

/** The same as an address; a number is sealed. */
export function filtersQuery(desk: Desk, filters: PaymentFilters): string {
  const { msisdn, billerId, operator, account, states, amount } = filters;
  const query = new URLSearchParams();
  if (msisdn) query.set('person', personPath(desk, msisdn).split('/').at(-1) ?? '');
  if (billerId) query.set('biller', billerId);
  if (operator) query.set('operator', operator);
  if (account) query.set('account', account);
  if (states?.[0]) query.set('state', states[0]);
  if (amount) query.set('amount', formatDecimal(amount));
  if (filters.fromMs !== undefined) query.set('from', dayOf(desk, filters.fromMs));
  if (filters.toMs !== undefined) query.set('to', dayOf(desk, filters.toMs - 1));
  return query.toString();
}

function dayOf({ deps }: Desk, atMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: deps.timeZone }).format(atMs);
}

export function readCursor(text: string | undefined): PaymentCursor | undefined {
  const match = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(text ?? '');
  return match ? { createdAtMs: Number(match[1]), id: match[2] as string } : undefined;
}

export const cursorText = ({ createdAtMs, id }: PaymentCursor): string => `${createdAtMs}_${id}`;
