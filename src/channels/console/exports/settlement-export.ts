import { countSettlements, eachSettlement, type Settlement } from '../../../domain/settlement/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell, ColumnPlan } from '../../../platform/tables/index.ts';
import { billerName } from '../pages/payment-table.tsx';
import { readSettlementFilters, settlementQuery } from '../settlement-filters.ts';
import type { Desk, Visit } from '../visit.ts';
import { EXPORT_READERS, type ExportList, eachRow, timeCell, timeTitle } from './export-list.ts';

/** Settlements with the filters of their list. */
export const settlementExport: ExportList = {
  name: 'settlements',
  title: ({ say }) => say('place.settlements'),
  allow: EXPORT_READERS,
  hasNumbers: false,
  page: '/console/settlements',
  open(desk, visit, query) {
    const filters = readSettlementFilters(desk, query);
    const { domain } = desk.deps;
    return {
      query: settlementQuery(filters),
      count: () => countSettlements(domain, filters),
      tables: () => [
        {
          title: visit.words.say('place.settlements'),
          columns: columnsOf(desk, visit),
          rows: eachRow(eachSettlement(domain, filters), (one) => cellsOf(desk, visit, one)),
        },
      ],
    };
  },
};

const SUMS = ['collected', 'reversed', 'adjusted', 'carried', 'fees', 'owed'] as const;

function columnsOf(desk: Desk, { words: { say, text } }: Visit): ColumnPlan[] {
  return [
    { title: say('settlement.column.day'), width: 12 },
    { title: say('settlement.column.biller'), width: 20 },
    { title: say('settlement.column.state'), width: 16 },
    { title: say('settlement.column.version'), width: 9 },
    { title: say('settlement.column.payments'), width: 11 },
    ...SUMS.map((name) => ({ title: text(`settlement.${name}`), width: 16 })),
    { title: say('export.column.currency'), width: 9 },
    { title: say('settlement.column.breaks'), width: 11 },
    timeTitle(desk, say('export.column.drawn-up')),
    { title: say('export.column.signed-by'), width: 24 },
    timeTitle(desk, say('export.column.signed')),
    { title: say('export.column.paid-by'), width: 24 },
    timeTitle(desk, say('export.column.paid')),
    { title: say('act.paid.from'), width: 16 },
    { title: say('act.paid.reference'), width: 24 },
    { title: say('export.column.id'), width: 38 },
  ];
}

function cellsOf(desk: Desk, { words: { say } }: Visit, one: Settlement): Cell[] {
  const { currency } = one;
  const amount = (amountMinor: bigint): Cell => ({
    ...{ decimal: formatDecimal({ amountMinor, currency }), digits: minorDigits(currency) },
  });
  const sums = [one.collectedMinor, one.reversedMinor, one.adjustedMinor, one.carriedMinor, -one.feesMinor];
  return [
    one.day,
    billerName(desk, one),
    say(`settlement-state.${one.state}`),
    { count: one.version },
    { count: one.payments },
    ...[...sums, one.netMinor].map(amount),
    currency,
    { count: one.openBreaks },
    timeCell(one.drawnUpAtMs),
    one.signedBy,
    timeCell(one.signedAtMs),
    one.paidBy,
    timeCell(one.paidAtMs),
    one.paidFrom,
    one.bankReference,
    one.id,
  ];
}
