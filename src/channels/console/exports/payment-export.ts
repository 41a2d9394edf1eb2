import type { Payment } from '../../../domain/payments/index.ts';
import { countPayments, eachPayment } from '../../../domain/search/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell, ColumnPlan } from '../../../platform/tables/index.ts';
import { filtersQuery, readFilters } from '../filters.ts';
import { billerName } from '../pages/payment-table.tsx';
import type { Desk, Visit } from '../visit.ts';
import {
  EXPORT_READERS,
  type ExportList,
  eachRow,
  MOST_COUNTED_ROWS,
  phoneCell,
  timeCell,
  timeTitle,
} from './export-list.ts';

/** Payments with the filters of their list. */
export const paymentExport: ExportList = {
  name: 'payments',
  title: ({ say }) => say('payments.title'),
  allow: EXPORT_READERS,
  hasNumbers: true,
  page: '/console/payments',
  open(desk, visit, query) {
    const filters = readFilters(desk, query);
    const { domain } = desk.deps;
    const nowMs = domain.runtime.clock.now();
    return {
      query: filtersQuery(desk, filters),
      count: () => countPayments(domain, filters, { nowMs, most: MOST_COUNTED_ROWS }),
      tables: (numbers) => [
        {
          title: visit.words.say('payments.title'),
          columns: columnsOf(desk, visit),
          rows: eachRow(eachPayment(domain, filters, nowMs), (payment) => cellsOf(desk, visit, payment, numbers)),
        },
      ],
    };
  },
};

function columnsOf(desk: Desk, { words: { say } }: Visit): ColumnPlan[] {
  return [
    timeTitle(desk, say('fact.created')),
    { title: say('payment.reference'), width: 14 },
    { title: say('payment.biller'), width: 20 },
    { title: say('filter.account'), width: 18 },
    { title: say('payment.amount'), width: 14 },
    { title: say('export.column.currency'), width: 9 },
    { title: say('payment.state'), width: 16 },
    { title: say('export.column.reason'), width: 28 },
    { title: say('fact.channel'), width: 10 },
    { title: say('fact.dialler'), width: 16 },
    { title: say('fact.payer'), width: 16 },
    { title: say('fact.receipt'), width: 16 },
    { title: say('fact.biller-reference'), width: 22 },
    timeTitle(desk, say('fact.collected')),
    timeTitle(desk, say('fact.posted')),
    { title: say('export.column.id'), width: 38 },
  ];
}

function cellsOf(desk: Desk, { words }: Visit, payment: Payment, numbers: Parameters<typeof phoneCell>[1]): Cell[] {
  const { currency, reason } = payment;
  return [
    { atMs: payment.createdAtMs },
    payment.reference,
    billerName(desk, payment),
    payment.account,
    { decimal: formatDecimal(payment), digits: minorDigits(currency) },
    currency,
    words.say(`state.${payment.state}`),
    reason === null ? null : words.text(reason),
    words.say(`channel.${payment.channel}`),
    phoneCell(payment.dialler, numbers),
    phoneCell(payment.payer, numbers),
    payment.operatorReceipt,
    payment.billerReference,
    timeCell(payment.collectedAtMs),
    timeCell(payment.postedAtMs),
    payment.id,
  ];
}
