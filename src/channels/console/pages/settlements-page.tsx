import type {
  Settlement,
  SettlementCursor,
  SettlementFilters,
  SettlementState,
} from '../../../domain/settlement/index.ts';
import type { FilterQuery } from '../filters.ts';
import { SETTLEMENT_STATES, settlementCursorText, settlementQuery } from '../settlement-filters.ts';
import type { Tone } from '../tones.ts';
import type { Desk, Visit } from '../visit.ts';
import { Badge, Empty, ExportLink, Frame } from './frame.tsx';
import { billerName } from './payment-table.tsx';

interface SettlementsPageProps {
  desk: Desk;
  visit: Visit;
  query: FilterQuery;
  filters: SettlementFilters;
  page: { settlements: readonly Settlement[]; next: SettlementCursor | undefined };
}

export const SETTLEMENT_TONES: Readonly<Record<SettlementState, Tone>> = {
  drawing: 'quiet',
  'drawn-up': 'wait',
  signed: 'wait',
  'paid-out': 'good',
  carried: 'quiet',
};

/** What is owed for each biller and day, the newest day first. */
export function SettlementsPage({ desk, visit, query, filters, page: { settlements, next } }: SettlementsPageProps) {
  const { say } = visit.words;
  const address = settlementQuery(filters);
  return (
    <Frame visit={visit} title={say('place.settlements')}>
      <h1>{say('place.settlements')}</h1>
      <p class="hint">{say('settlement.what')}</p>
      <Filters desk={desk} visit={visit} query={query} filters={filters} />
      {settlements.length === 0 && (
        <Empty>
          {say(filters.state === 'waiting' ? 'settlement.none-waits' : 'settlement.none')}{' '}
          {filters.state === 'waiting' && <a href="/console/settlements?state=all">{say('settlement.show-all')}</a>}
        </Empty>
      )}
      {settlements.length > 0 && (
        <>
          <SettlementTable desk={desk} visit={visit} settlements={settlements} />
          <ExportLink visit={visit} list="settlements" query={address} />
        </>
      )}
      {next && (
        <p>
          <a class="button small" href={`/console/settlements?${address}&after=${settlementCursorText(next)}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </Frame>
  );
}

function SettlementTable({
  desk,
  visit,
  settlements,
}: Pick<SettlementsPageProps, 'desk' | 'visit'> & { settlements: readonly Settlement[] }) {
  const { say, money } = visit.words;
  const labels = ['day', 'biller', 'state', 'version', 'payments', 'owed', 'breaks'] as const;
  const [day, biller, state, version, payments, owed, breaks] = labels.map((name) => say(`settlement.column.${name}`));
  const figures: readonly string[] = ['version', 'payments', 'owed', 'breaks'];
  return (
    <div class="scroll">
      <table class="rows">
        <thead>
          <tr>
            {labels.map((name) => (
              <th key={name} scope="col" class={figures.includes(name) ? 'number' : undefined}>
                {say(`settlement.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settlements.map((one) => (
            <tr key={one.id}>
              <td data-label={day}>
                <a href={`/console/settlements/${one.id}`}>{one.day}</a>
              </td>
              <td data-label={biller}>{billerName(desk, one)}</td>
              <td data-label={state}>
                <Badge tone={SETTLEMENT_TONES[one.state]}>{say(`settlement-state.${one.state}`)}</Badge>
              </td>
              <td data-label={version} class="number">
                {one.version}
              </td>
              <td data-label={payments} class="number">
                {one.payments}
              </td>
              <td data-label={owed} class="number">
                {money({ amountMinor: one.netMinor, currency: one.currency })}
              </td>
              <td data-label={breaks} class="number">
                {one.openBreaks}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Filters({ desk, visit, query, filters }: Omit<SettlementsPageProps, 'page'>) {
  const { say } = visit.words;
  const day = (name: 'from' | 'to') => (
    <div class="field">
      <label for={name}>{say(`filter.${name}`)}</label>
      <input type="date" {...{ id: name, name, value: query[name] ?? '' }} />
    </div>
  );
  return (
    <form class="filters" method="get" action="/console/settlements">
      <div class="field">
        <label for="state">{say('filter.state')}</label>
        <select id="state" name="state">
          {SETTLEMENT_STATES.map((id) => (
            <option key={id} value={id} selected={id === (filters.state ?? 'all')}>
              {say(`settlement-state.${id}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="biller">{say('filter.biller')}</label>
        <select id="biller" name="biller">
          <option value="">{say('filter.any')}</option>
          {desk.deps.billers.map(({ id, name }) => (
            <option key={id} value={id} selected={id === filters.billerId}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {day('from')}
      {day('to')}
      <button type="submit">{say('filter.go')}</button>
    </form>
  );
}
