import type { ComponentChildren } from 'preact';
import { paymentStates } from '../../../domain/payments/index.ts';
import { addDays, businessDay } from '../../../kernel/index.ts';
import type { Chart } from '../dashboard/charts.ts';
import { type DashboardProps, percentOf } from '../dashboard/dashboard-props.ts';
import { costMinor } from '../dashboard/figures.ts';
import { dashboardQuery } from '../dashboard/period.ts';
import { FloatTable, FunnelTable, MessageTable, ShareTable, SlotTable, WaitTable } from './dashboard-tables.tsx';
import { Empty, ExportLink, Frame } from './frame.tsx';

export function DashboardPage(props: DashboardProps) {
  const { visit, figures, progress } = props;
  const { say, time } = visit.words;
  return (
    <Frame visit={visit} title={say('place.dashboard')}>
      <h1>{say('place.dashboard')}</h1>
      <Filters {...props} />
      {progress && (
        <p class={progress.isComplete ? 'hint' : 'note'}>
          {say(progress.isComplete ? 'dashboard.as-of' : 'dashboard.behind', { time: time(progress.gatheredAtMs) })}
        </p>
      )}
      <Headline {...props} />
      {figures.total.payments === 0 ? <Empty>{say('dashboard.none')}</Empty> : <Payments {...props} />}
      <div class="halves">
        <Card {...props} name="waits" chart={figures.waits.receipts > 0}>
          {figures.waits.receipts === 0 ? <Empty>{say('dashboard.no-receipts')}</Empty> : <WaitTable {...props} />}
        </Card>
        <Card {...props} name="messages">
          {figures.messages.length === 0 ? <Empty>{say('dashboard.no-messages')}</Empty> : <MessageTable {...props} />}
        </Card>
      </div>
      <Card {...props} name="funnel" chart={figures.sessions.all.sessions > 0}>
        {figures.sessions.all.sessions === 0 ? (
          <Empty>{say('dashboard.no-sessions')}</Empty>
        ) : (
          <FunnelTable {...props} />
        )}
      </Card>
      <Card {...props} name="float">
        {figures.floats.length === 0 ? <Empty>{say('dashboard.no-float')}</Empty> : <FloatTable {...props} />}
      </Card>
    </Frame>
  );
}

function Payments(props: DashboardProps) {
  const { say } = props.visit.words;
  return (
    <>
      <Card {...props} name="payments" chart>
        <details>
          <summary>{say('dashboard.as-table')}</summary>
          <SlotTable {...props} />
        </details>
      </Card>
      <Card {...props} name="value" chart isPart />
      <div class="halves">
        <div>
          <Shares {...props} by="billerId" />
          <Shares {...props} by="operator" />
        </div>
        <Shares {...props} by="state" />
      </div>
    </>
  );
}

function Shares(props: DashboardProps & { by: 'billerId' | 'operator' | 'state' }) {
  const { by, visit } = props;
  return (
    <section class="card">
      <h2>{visit.words.say(`dashboard.by.${by === 'billerId' ? 'biller' : by}`)}</h2>
      <ShareTable {...props} />
    </section>
  );
}

interface CardProps extends DashboardProps {
  name: Chart | 'messages' | 'float';
  chart?: boolean;
  /** Its figures are in the table of another card. */
  isPart?: boolean;
  children?: ComponentChildren;
}

function Card({ desk, visit, filters, name, chart = false, isPart = false, children }: CardProps) {
  const { say } = visit.words;
  const query = dashboardQuery(desk, filters);
  const address = `/console/dashboard/chart/${name}.svg?${query}&lang=${visit.words.language}`;
  return (
    <section class="card" id={name}>
      <h2>{say(`dashboard.${name}.title`)}</h2>
      <p class="hint">{say(`dashboard.${name}.what`, name === 'value' ? { currency: filters.currency } : {})}</p>
      {chart && (
        <picture>
          <source media="(max-width: 40rem)" srcset={`${address}&narrow=1`} />
          <img class="chart" src={address} alt={say('dashboard.alt', { title: say(`dashboard.${name}.title`) })} />
        </picture>
      )}
      {children}
      {!isPart && <ExportLink visit={visit} list={name === 'payments' ? 'figures' : `figures-${name}`} query={query} />}
    </section>
  );
}

function Headline({ visit, filters, figures }: DashboardProps) {
  const { say, money, language } = visit.words;
  const { total, success, waits, messages, sessions } = figures;
  const { currency } = filters;
  const percent = (share: number) => percentOf(language, share);
  const costs = new Map<string, bigint>();
  for (const one of messages) {
    if (one.currency !== '') costs.set(one.currency, (costs.get(one.currency) ?? 0n) + one.costE4);
  }
  const tiles: [string, string, (string | undefined)?][] = [
    ['payments', new Intl.NumberFormat(language).format(total.payments)],
    ['value', money({ amountMinor: total.amountMinor, currency })],
    [
      'success',
      success ? percent(success.share) : '-',
      success && say('dashboard.tile.success-of', { decided: success.decided }),
    ],
    [
      'receipt',
      waits.medianS === undefined ? '-' : `${waits.medianS} s`,
      waits.p95S === undefined ? undefined : say('dashboard.tile.receipt-p95', { seconds: waits.p95S }),
    ],
    [
      'sms',
      costs.size === 0
        ? '-'
        : [...costs]
            .map(([of, costE4]) => money({ amountMinor: costMinor({ currency: of, costE4 }), currency: of }))
            .join(', '),
    ],
    ['dropped', sessions.all.sessions === 0 ? '-' : percent(sessions.all.dropped / sessions.all.sessions)],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([name, value, more]) => (
        <div key={name} class="card">
          <dt>{say(`dashboard.tile.${name}`)}</dt>
          <dd>
            {value}
            {more && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Filters({ desk, visit, filters }: DashboardProps) {
  const { say } = visit.words;
  const { billers, operators, domain, timeZone } = desk.deps;
  const today = businessDay(domain.runtime.clock.now(), timeZone);
  const choice = (name: string, chosen: string | undefined, options: readonly { id: string; name: string }[]) => (
    <div class="field">
      <label for={name}>{say(`filter.${name}`)}</label>
      <select id={name} name={name}>
        <option value="">{say('filter.any')}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id} selected={option.id === chosen}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
  const day = (name: 'from' | 'to') => (
    <div class="field">
      <label for={name}>{say(`filter.${name}`)}</label>
      <input type="date" {...{ id: name, name, value: filters[name], max: today }} />
    </div>
  );
  const states = Object.keys(paymentStates.next).map((id) => ({ id, name: say(`state.${id}`) }));
  const currencies = [...new Set([domain.currency, ...billers.map(({ currency }) => currency)])];
  const spans = [
    ['today', today, today],
    ['week', addDays(today, -6), today],
    ['month', addDays(today, -30), today],
  ] as const;
  return (
    <>
      <form class="filters" method="get" action="/console/dashboard">
        {day('from')}
        {day('to')}
        {choice('biller', filters.billerId, billers)}
        {choice('operator', filters.operator, operators)}
        {choice('state', filters.state, states)}
        {currencies.length > 1 &&
          choice(
            'currency',
            filters.currency,
            currencies.map((id) => ({ id, name: id })),
          )}
        <button type="submit">{say('filter.go')}</button>
      </form>
      <ul class="places spans">
        {spans.map(([id, from, to]) => (
          <li key={id}>
            <a
              href={`/console/dashboard?${dashboardQuery(desk, { ...filters, from, to })}`}
              {...(filters.from === from && filters.to === to ? { 'aria-current': 'page' as const } : {})}
            >
              {say(`dashboard.span.${id}`)}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
