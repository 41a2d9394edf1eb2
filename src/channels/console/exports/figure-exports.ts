import { eachFigure, floatFigures, funnel, messageCosts, receiptWaits } from '../../../domain/reports/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell, ColumnPlan, WrittenTable } from '../../../platform/tables/index.ts';
import { type DashboardFilters, dashboardQuery, readDashboard } from '../dashboard/period.ts';
import { billerName, operatorName } from '../pages/payment-table.tsx';
import type { Desk, Visit } from '../visit.ts';
import { EXPORT_READERS, type ExportList, eachRow, timeTitle } from './export-list.ts';

type Open = (desk: Desk, visit: Visit, filters: DashboardFilters) => Omit<WrittenTable, 'title'>;

/** The figures of the dashboard, a list for each of its parts. */
export const figureExports: readonly ExportList[] = [
  listOf('figures', 'payments', (desk, { words: { say } }, filters) => ({
    columns: [
      timeTitle(desk, say('dashboard.column.time')),
      { title: say('payment.biller'), width: 22 },
      { title: say('filter.operator'), width: 14 },
      { title: say('payment.state'), width: 18 },
      { title: say('dashboard.column.payments') },
      { title: say('dashboard.column.value'), width: 16 },
      { title: say('export.column.currency'), width: 9 },
    ],
    rows: eachRow(eachFigure(desk.deps.domain, filters), (one) => [
      { atMs: one.hourMs },
      billerName(desk, one),
      operatorName(desk, one.operator),
      say(`state.${one.state}`),
      { count: one.payments },
      amountCell(one.amountMinor, filters.currency),
      filters.currency,
    ]),
  })),
  listOf('figures-funnel', 'funnel', ({ deps }, visit, filters) => ({
    columns: columns(visit, ['screen', 'sessions', 'went-on', 'ended', 'dropped']),
    rows: once(async () => {
      const { all, screens } = await funnel(deps.domain, filters);
      const total = { screen: visit.words.say('dashboard.all-sessions'), ...all };
      return [...screens, total].map(({ screen, sessions, ended, dropped }) => [
        screen,
        ...[sessions, sessions - ended - dropped, ended, dropped].map((count) => ({ count })),
      ]);
    }),
  })),
  listOf('figures-waits', 'waits', ({ deps }, visit, filters) => ({
    columns: columns(visit, ['wait-seconds', 'receipts']),
    rows: once(async () => {
      const { steps } = await receiptWaits(deps.domain, filters);
      return steps.map(({ fromS, receipts }) => [{ count: fromS }, { count: receipts }]);
    }),
  })),
  listOf('figures-messages', 'messages', ({ deps }, visit, filters) => ({
    columns: columns(visit, ['kind', 'messages', 'segments', 'cost', 'currency']),
    rows: once(async () =>
      (await messageCosts(deps.domain, filters)).map(({ kind, currency, messages, segments, costE4 }) => [
        ...[kind, { count: messages }, { count: segments }],
        currency === '' ? null : { decimal: fourDigits(costE4), digits: 4 },
        currency,
      ]),
    ),
  })),
  listOf('figures-float', 'float', (desk, visit) => ({
    columns: columns(visit, ['account', 'amount', 'currency']),
    rows: once(async () => {
      const { say } = visit.words;
      const { domain } = desk.deps;
      return (await floatFigures(domain, domain.operatorNames)).flatMap((one) => {
        const row = (name: string, amountMinor: bigint): Cell[] => [
          ...[name, amountCell(amountMinor, one.currency), one.currency],
        ];
        return [
          ...one.floats.map(({ operator, ledgerMinor }) =>
            row(say('dashboard.float-at', { operator: operatorName(desk, operator) }), ledgerMinor),
          ),
          row(say('dashboard.bank'), one.bankMinor),
          ...one.promised.map(({ kind, amountMinor }) => row(say(`dashboard.promised.${kind}`), amountMinor)),
          row(say('dashboard.promised.all'), one.promisedMinor),
          row(say(one.leftMinor < 0n ? 'dashboard.missing' : 'dashboard.left'), one.leftMinor),
        ];
      });
    }),
  })),
];

function listOf(name: string, part: string, open: Open): ExportList {
  return {
    name,
    title: ({ say }) => say(`dashboard.${part}.title`),
    allow: EXPORT_READERS,
    hasNumbers: false,
    page: '/console/dashboard',
    open(desk, visit, query) {
      const filters = readDashboard(desk, query);
      const title = visit.words.say(`dashboard.${part}.title`);
      return {
        query: dashboardQuery(desk, filters),
        // A few thousand at most; to count them is to read them.
        async count() {
          let rows = 0;
          for await (const some of open(desk, visit, filters).rows) rows += some.length;
          return rows;
        },
        tables: () => [{ title, ...open(desk, visit, filters) }],
      };
    },
  };
}

function columns({ words: { say } }: Visit, names: readonly string[]): ColumnPlan[] {
  return names.map((name, index) => ({
    title: say(name === 'currency' ? 'export.column.currency' : `dashboard.column.${name}`),
    width: index === 0 ? 30 : 16,
  }));
}

async function* once(read: () => Promise<readonly (readonly Cell[])[]>): AsyncGenerator<readonly (readonly Cell[])[]> {
  yield await read();
}

function amountCell(amountMinor: bigint, currency: string): Cell {
  return { decimal: formatDecimal({ amountMinor, currency }), digits: minorDigits(currency) };
}

function fourDigits(costE4: bigint): string {
  const digits = costE4.toString().padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
