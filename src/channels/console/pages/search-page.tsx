import type { Found } from '../../../domain/search/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import { filtersQuery } from '../filters.ts';
import { personPath } from '../person-key.ts';
import type { Desk, Visit } from '../visit.ts';
import { Empty, Frame } from './frame.tsx';
import { PaymentTable } from './payment-table.tsx';

interface SearchPageProps {
  desk: Desk;
  visit: Visit;
  query: string;
  found: readonly Found[];
}

/** What was understood, and what was found under each meaning. */
export function SearchPage({ desk, visit, query, found }: SearchPageProps) {
  const { say } = visit.words;
  const hits = found.filter(({ payments, person }) => payments.length > 0 || person);
  return (
    <Frame visit={visit} title={say('search.title', { query })} query={query}>
      <h1>{say('search.title', { query })}</h1>
      <p class="hint">
        {found.length === 0
          ? say('search.not-understood')
          : say('search.understood', { readings: found.map(({ reading }) => readingWords(visit, reading)).join(', ') })}
      </p>
      {hits.length === 0 && <Empty>{say('search.nothing')}</Empty>}
      {hits.map((one, index) => (
        <section key={String(index)} class="card">
          <h2>{readingWords(visit, one.reading)}</h2>
          {one.person && (
            <p>
              <a href={personPath(desk, one.person)}>{say('search.open-person', { number: maskMsisdn(one.person) })}</a>
            </p>
          )}
          {one.payments.length > 0 && <PaymentTable desk={desk} visit={visit} payments={one.payments} />}
          {one.hasMore && one.filters && (
            <p>
              <a href={`/console/payments?${filtersQuery(desk, one.filters)}`}>{say('search.all')}</a>
            </p>
          )}
        </section>
      ))}
    </Frame>
  );
}

function readingWords({ words }: Visit, reading: Found['reading']): string {
  const { say, money } = words;
  switch (reading.kind) {
    case 'phone':
      return say('reading.phone', { what: maskMsisdn(reading.msisdn) });
    case 'reference':
      return say('reading.reference', { what: reading.reference });
    case 'receipt':
      return say('reading.receipt', { what: reading.receipt });
    // The digits are worth money until they are used.
    case 'token':
      return say('reading.token', { what: `****-${reading.digits.slice(-4)}` });
    case 'account':
      return say('reading.account', { what: reading.account });
    case 'amount':
      return say('reading.amount', { what: money(reading.amount) });
    case 'day':
      return say('reading.day', { what: reading.day });
    case 'id':
      return say('reading.id', { what: reading.id });
    case 'name':
      return say('reading.name', { what: reading.name });
  }
}
