import {
  type Funding,
  type FundingState,
  matchOrder,
  needOfCost,
  type Quotation,
} from '../../../domain/funding/index.ts';
import { businessDay } from '../../../kernel/index.ts';
import type { Tone } from '../tones.ts';
import { ActForm, Badge, Empty, Frame } from './frame.tsx';
import { GaugeCard, type GaugeProps, WaitingCard } from './gauge-page.tsx';
import { OrganisationHead } from './organisation-parts.tsx';

export interface FundingPageProps extends GaugeProps {
  money: { fundings: readonly Funding[]; next: string | undefined };
  quotations: { quotations: readonly Quotation[]; next: string | undefined };
  /** By quotation: the funding that was announced for it. */
  announced: ReadonlyMap<string, Funding>;
  /** By their ids, those of the money. */
  quoted: ReadonlyMap<string, Quotation>;
  fault?: string | undefined;
  note?: string | undefined;
}

export const FUNDING_TONES: Readonly<Record<FundingState, Tone>> = {
  expected: 'wait',
  banked: 'wait',
  available: 'good',
  cancelled: 'quiet',
};

/** What an organisation has to pay from, what is on its way, and what paying people costs. */
export function FundingPage(props: FundingPageProps) {
  const { visit, organisation, path, fault, note } = props;
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={`${say('funding.title')}: ${organisation.name}`} note={note}>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      <OrganisationHead visit={visit} organisation={organisation} />
      <div class="columns">
        <div>
          <GaugeCard {...props} />
          <p>
            <a href={`${path}/gauge`}>{say('funding.watch')}</a>
          </p>
        </div>
        <div>
          <WaitingCard {...props} />
          {mayPrepare(props) && <Forms {...props} />}
        </div>
      </div>
      <MoneyCard {...props} />
      <QuotationsCard {...props} />
    </Frame>
  );
}

/** Ours who answer for money, and theirs who prepare. */
export function mayPrepare({ visit }: Pick<FundingPageProps, 'visit'>): boolean {
  return visit.isHouse ? visit.may('finance', 'administrator') : visit.may('initiator', 'administrator');
}

const AMOUNT = {
  inputMode: 'decimal',
  pattern: '\\d{1,13}(\\.\\d{1,2})?',
  required: true,
  autocomplete: 'off',
} as const;

function Forms({ visit, path, organisation: { currency } }: FundingPageProps) {
  const { say } = visit.words;
  return (
    <section class="card" aria-label={say('act.title')}>
      <details class="act" open>
        <summary>{say('funding.quote')}</summary>
        <ActForm visit={visit} action={`${path}/quotations`}>
          <p class="hint">{say('funding.quote-what')}</p>
          <div class="field">
            <label for="total">{say('funding.total', { currency })}</label>
            <input id="total" name="total" {...AMOUNT} />
          </div>
          <div class="field">
            <label for="rows">{say('funding.rows')}</label>
            <input id="rows" name="rows" inputMode="numeric" pattern="\d{1,7}" required autocomplete="off" />
          </div>
          <button type="submit">{say('funding.quote-go')}</button>
        </ActForm>
      </details>
      <details class="act">
        <summary>{say('funding.announce')}</summary>
        <ActForm visit={visit} action={path}>
          <p class="hint">{say('funding.announce-what')}</p>
          <div class="field">
            <label for="amount">{say('funding.amount', { currency })}</label>
            <input id="amount" name="amount" {...AMOUNT} />
          </div>
          <button type="submit">{say('funding.announce-go')}</button>
        </ActForm>
      </details>
    </section>
  );
}

function MoneyCard({ visit, path, money: { fundings, next }, quoted }: FundingPageProps) {
  const { say, money, time } = visit.words;
  const columns = ['reference', 'announced', 'amount', 'state', 'order'] as const;
  const [reference, since, amount, state, order] = columns.map((column) => say(`funding.column.${column}`));
  return (
    <section class="card" aria-labelledby="money">
      <h2 id="money">{say('funding.money')}</h2>
      {fundings.length === 0 && <Empty>{say('funding.no-money')}</Empty>}
      {fundings.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col" class={column === 'amount' ? 'number' : undefined}>
                    {say(`funding.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fundings.map((one) => (
                <tr key={one.id}>
                  <td data-label={reference}>
                    <a href={`${path}/${one.id}`}>{one.reference}</a>
                  </td>
                  <td data-label={since}>{time(one.expectedAtMs)}</td>
                  <td data-label={amount} class="number">
                    {money({ amountMinor: one.amountMinor, currency: one.currency })}
                  </td>
                  <td data-label={state}>
                    <Badge tone={FUNDING_TONES[one.state]}>{say(`funding-state.${one.state}`)}</Badge>
                    {one.claimedStep !== null && <small>{say('funding.claimed')}</small>}
                  </td>
                  <td data-label={order}>
                    {one.orderNumber ?? ''}{' '}
                    <small>{say(`order-match.${matchOrder(one, quoted.get(one.quotationId ?? ''))}`)}</small>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && (
        <p>
          <a class="button small" href={`${path}?before=${next}#money`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </section>
  );
}

const COLUMNS = ['number', 'made', 'people', 'total', 'charges', 'fee', 'tax', 'need', 'until', 'announced'] as const;
const FIGURES: readonly string[] = ['people', 'total', 'charges', 'fee', 'tax', 'need'];

function QuotationsCard(props: FundingPageProps) {
  const { visit, path, quotations } = props;
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="quotations">
      <h2 id="quotations">{say('funding.quotations')}</h2>
      {quotations.quotations.length === 0 && <Empty>{say('funding.no-quotations')}</Empty>}
      {quotations.quotations.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col" class={FIGURES.includes(column) ? 'number' : undefined}>
                    {say(`funding.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {quotations.quotations.map((quotation) => (
                <QuotationRow key={quotation.id} {...props} quotation={quotation} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {quotations.next && (
        <p>
          <a class="button small" href={`${path}?quoted=${quotations.next}#quotations`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </section>
  );
}

function QuotationRow(props: FundingPageProps & { quotation: Quotation }) {
  const { desk, visit, path, quotation, announced } = props;
  const { say, money, time } = visit.words;
  const { id, number, rows, createdAtMs, validUntilDay, currency } = quotation;
  const label = (column: (typeof COLUMNS)[number]) => ({ 'data-label': say(`funding.column.${column}`) });
  const sums = {
    ...{
      total: quotation.totalMinor,
      charges: quotation.chargesMinor,
      fee: quotation.feeMinor,
      tax: quotation.taxMinor,
    },
    need: needOfCost(quotation),
  };
  const isOver = businessDay(desk.deps.domain.runtime.clock.now(), desk.deps.timeZone) > validUntilDay;
  const funding = announced.get(id);
  return (
    <tr>
      <td {...label('number')}>
        <a href={`${path}/quotations/${id}/pdf`}>{say('funding.pdf', { number })}</a>
      </td>
      <td {...label('made')}>{time(createdAtMs)}</td>
      <td {...label('people')} class="number">
        {rows}
      </td>
      {(['total', 'charges', 'fee', 'tax', 'need'] as const).map((name) => (
        <td key={name} {...label(name)} class="number">
          {money({ amountMinor: sums[name], currency })}
        </td>
      ))}
      <td {...label('until')}>
        {validUntilDay} {isOver && <Badge tone="quiet">{say('funding.over')}</Badge>}
      </td>
      <td {...label('announced')}>
        {funding && <a href={`${path}/${funding.id}`}>{funding.reference}</a>}
        {!funding && !isOver && mayPrepare(props) && (
          <ActForm visit={visit} action={path}>
            <input type="hidden" name="quotation" value={id} />
            <button type="submit" class="second small" aria-label={say('funding.announce-for', { number })}>
              {say('funding.announce-go')}
            </button>
          </ActForm>
        )}
      </td>
    </tr>
  );
}
