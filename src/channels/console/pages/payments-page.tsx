import { paymentStates } from '../../../domain/payments/index.ts';
import type { PaymentFilters, PaymentPage } from '../../../domain/search/index.ts';
import { cursorText, type FilterQuery, filtersQuery } from '../filters.ts';
import type { Desk, Visit } from '../visit.ts';
import { Empty, ExportLink, Frame } from './frame.tsx';
import { PaymentTable } from './payment-table.tsx';

interface PaymentsPageProps {
  desk: Desk;
  visit: Visit;
  query: FilterQuery;
  filters: PaymentFilters;
  page: PaymentPage;
}

export function PaymentsPage({ desk, visit, query, filters, page }: PaymentsPageProps) {
  const { say, time } = visit.words;
  const address = filtersQuery(desk, filters);
  return (
    <Frame visit={visit} title={say('payments.title')}>
      <h1>{say('payments.title')}</h1>
      <Filters desk={desk} visit={visit} query={query} />
      {page.payments.length === 0 ? (
        <Empty>{say('payments.none')}</Empty>
      ) : (
        <>
          <PaymentTable desk={desk} visit={visit} payments={page.payments} />
          <ExportLink visit={visit} list="payments" query={address} />
        </>
      )}
      {page.next && (
        <p>
          <a class="button small" href={`/console/payments?${address}&after=${cursorText(page.next)}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
      {!page.next && page.sinceMs !== undefined && (
        <p class="hint">{say('payments.since', { time: time(page.sinceMs) })}</p>
      )}
    </Frame>
  );
}

function Filters({ desk, visit, query }: Pick<PaymentsPageProps, 'desk' | 'visit' | 'query'>) {
  const { say } = visit.words;
  const field = (name: string, type: 'text' | 'date' = 'text') => (
    <div class="field">
      <label for={name}>{say(`filter.${name}`)}</label>
      {type === 'date' ? (
        <input type="date" {...{ id: name, name, value: query[name] ?? '' }} />
      ) : (
        <input type="text" {...{ id: name, name, value: query[name] ?? '', maxLength: 64, autocomplete: 'off' }} />
      )}
    </div>
  );
  const choice = (name: string, options: readonly { id: string; name: string }[]) => (
    <div class="field">
      <label for={name}>{say(`filter.${name}`)}</label>
      <select id={name} name={name}>
        <option value="">{say('filter.any')}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id} selected={option.id === query[name]}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
  const states = Object.keys(paymentStates.next).map((id) => ({ id, name: say(`state.${id}`) }));
  return (
    <form class="filters" method="get" action="/console/payments">
      {query.person && <input type="hidden" name="person" value={query.person} />}
      {choice('state', states)}
      {choice('biller', desk.deps.billers)}
      {choice('operator', desk.deps.operators)}
      {field('account')}
      {field('amount')}
      {field('from', 'date')}
      {field('to', 'date')}
      <button type="submit">{say('filter.go')}</button>
    </form>
  );
}
