import {
  type ListRules,
  MOST_LIST_ROWS,
  PAYOUT_PURPOSES,
  type PayableOperator,
  type PayoutPurpose,
} from '../payout-lists/index.ts';
import type { Organisation } from './organisation.ts';

/** What the rows of an organisation's lists are checked against. `operators`: all by whom we can pay; an organisation pays through one. `purpose`: of the batch that they are for. */
export function rulesOf(
  organisation: Organisation,
  operators: readonly PayableOperator[],
  purpose?: PayoutPurpose,
): ListRules {
  const { country, currency, operator, leastMinor, mostMinor, mostBatchMinor, mostRows } = organisation;
  const allowed = organisation.purposes.split(' ');
  return {
    ...{ country, currency, leastMinor, mostMinor, mostTotalMinor: mostBatchMinor },
    operators: operators.filter(({ name }) => name === operator),
    purposes: PAYOUT_PURPOSES.filter((purpose) => allowed.includes(purpose)),
    purpose,
    mostRows: Math.min(mostRows, MOST_LIST_ROWS),
  };
}
