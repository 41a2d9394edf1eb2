import {
  type SettlementCursor,
  type SettlementFilters,
  type SettlementState,
  settlementStates,
} from '../../domain/settlement/index.ts';
import { isDay } from '../../kernel/index.ts';
import type { FilterQuery } from './filters.ts';
import type { Desk } from './visit.ts';

type ShownState = NonNullable<SettlementFilters['state']> | 'all';

export const SETTLEMENT_STATES: readonly ShownState[] = [
  ...(['waiting', 'all'] as const),
  ...(Object.keys(settlementStates.next) as SettlementState[]),
];

/** What is not understood narrows nothing. Without a state: what waits for a person. */
export function readSettlementFilters({ deps }: Desk, { state, biller, from, to }: FilterQuery): SettlementFilters {
  const known = SETTLEMENT_STATES.find((one) => one === state) ?? 'waiting';
  return {
    ...(known === 'all' ? {} : { state: known }),
    ...(deps.billers.some(({ id }) => id === biller) ? { billerId: biller as string } : {}),
    ...(isDay(from ?? '') ? { fromDay: from as string } : {}),
    ...(isDay(to ?? '') ? { toDay: to as string } : {}),
  };
}

/** The same as an address. */
export function settlementQuery({ state, billerId, fromDay, toDay }: SettlementFilters): string {
  const query = new URLSearchParams({ state: state ?? 'all' });
  if (billerId) query.set('biller', billerId);
  if (fromDay) query.set('from', fromDay);
  if (toDay) query.set('to', toDay);
  return query.toString();
}

export function readSettlementCursor(text: string | undefined): SettlementCursor | undefined {
  const [, day = '', id = ''] = /^(\d{4}-\d\d-\d\d)_([0-9a-f-]{36})$/.exec(text ?? '') ?? [];
  return isDay(day) ? { day, id } : undefined;
}

export const settlementCursorText = ({ day, id }: SettlementCursor): string => `${day}_${id}`;
