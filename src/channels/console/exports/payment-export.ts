import type { Payment } from '../../../domain/payments/index.ts';
import { givenBackOf } from '../../../domain/refunds/index.ts';
import { countPayments, eachPayment } from '../../../domain/search/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell, ColumnPlan } from '../../../platform/tables/index.ts';
import { filtersQuery, readFilters } from '../filters.ts';
import { billerName, operatorName } from '../pages/payment-table.tsx';
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
          rows: eachRow(withGivenBack(desk, eachPayment(domain, filters, nowMs)), (one) =>
            cellsOf(desk, visit, one, numbers),
          ),
        },
      ],
    };
  },
};

interface PaymentRow {
  payment: Payment;
  givenBackMinor: bigint;
}

async function* withGivenBack(
  { deps }: Desk,
  lists: AsyncIterable<readonly Payment[]>,
): AsyncGenerator<readonly PaymentRow[]> {
  for await (const payments of lists) {
    const sums = await givenBackOf(deps.domain.database, payments);
    yield payments.map((payment) => ({ payment, givenBackMinor: sums.get(payment.id) ?? backByOperator(payment) }));
  }
}

/** The operator can take all of it back without being asked. */
function backByOperator({ state, amountMinor }: Payment): bigint {
  return state === 'refunded' ? amountMinor : 0n;
}

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
    { title: say('filter.operator'), width: 12 },
    { title: say('fact.receipt'), width: 16 },
    { title: say('fact.biller-reference'), width: 22 },
    timeTitle(desk, say('fact.collected')),
    timeTitle(desk, say('fact.posted')),
    { title: say('export.column.given-back'), width: 14 },
    { title: say('export.column.id'), width: 38 },
  ];
}

function cellsOf(
  desk: Desk,
  { words }: Visit,
  { payment, givenBackMinor }: PaymentRow,
  numbers: Parameters<typeof phoneCell>[1],
): Cell[] {
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
    payment.operator === null ? null : operatorName(desk, payment.operator),
    payment.operatorReceipt,
    payment.billerReference,
    timeCell(payment.collectedAtMs),
    timeCell(payment.postedAtMs),
    { decimal: formatDecimal({ amountMinor: givenBackMinor, currency }), digits: minorDigits(currency) },
    payment.id,
  ];
}
