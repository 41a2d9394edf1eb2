import type { Desk, Visit } from '../visit.ts';
import { Badge, Frame } from './frame.tsx';
import { billerName, operatorName } from './payment-table.tsx';
import { SettlementActs } from './settlement-acts.tsx';
import { BreaksCard, FilesCard, HistoryCard, LinesCard, TieOutCard } from './settlement-cards.tsx';
import type { SettlementPageProps } from './settlement-props.ts';
import { SETTLEMENT_TONES } from './settlements-page.tsx';

/** A day of one biller: figures that somebody can answer for, what proves them, who has, and what can be done. */
export function SettlementPage(props: SettlementPageProps) {
  const { desk, visit, settlement, fault, note } = props;
  const { say } = visit.words;
  const title = `${billerName(desk, settlement)} ${settlement.day}`;
  return (
    <Frame visit={visit} title={title} note={note}>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      <div class="columns">
        <div>
          <Figures {...props} />
          <SettlementActs desk={desk} visit={visit} settlement={settlement} />
          <FilesCard {...props} />
        </div>
        <div>
          <BreaksCard {...props} />
          <TieOutCard {...props} />
          <HistoryCard {...props} />
        </div>
      </div>
      <LinesCard {...props} />
      <p>
        <a href="/console/settlements">{say('settlement.back')}</a>
      </p>
    </Frame>
  );
}

function Figures({ desk, visit, settlement }: SettlementPageProps) {
  const { say, text, money } = visit.words;
  const { currency, state, netMinor, payments, version } = settlement;
  const inMoney = (amountMinor: bigint) => money({ amountMinor, currency });
  const figures = [
    ['collected', settlement.collectedMinor],
    ['reversed', settlement.reversedMinor],
    ['adjusted', settlement.adjustedMinor],
    ['carried', settlement.carriedMinor],
    ['fees', -settlement.feesMinor],
  ] as const;
  const why = state === 'signed' && netMinor <= 0n ? 'signed-nothing' : state;
  return (
    <section class="card">
      <p class="hint">
        {billerName(desk, settlement)}, {settlement.day}
        {version > 0 && `, ${say('settlement.version', { version })}`}
      </p>
      <h1 class="headline">
        {inMoney(netMinor)} <Badge tone={SETTLEMENT_TONES[state]}>{say(`settlement-state.${state}`)}</Badge>
      </h1>
      <p>{say(`settlement-why.${why}`)}</p>
      <dl class="facts">
        <div>
          <dt>{say('settlement.column.payments')}</dt>
          <dd>{payments}</dd>
        </div>
        {figures.map(([name, amountMinor]) => (
          <div key={name}>
            <dt>{text(`settlement.${name}`)}</dt>
            <dd>{inMoney(amountMinor)}</dd>
          </div>
        ))}
        <div class="sum">
          <dt>{text(netMinor > 0n ? 'settlement.owed' : 'settlement.nothing-owed')}</dt>
          <dd>{inMoney(netMinor)}</dd>
        </div>
      </dl>
      <People desk={desk} visit={visit} settlement={settlement} />
    </section>
  );
}

/** Who answers for it, and who paid. */
function People({ desk, visit, settlement }: Pick<SettlementPageProps, 'desk' | 'visit' | 'settlement'>) {
  const { say, time } = visit.words;
  const { drawnUpAtMs, signedBy, signedAtMs, paidBy, paidAtMs, paidFrom, bankReference } = settlement;
  return (
    <>
      {drawnUpAtMs !== null && <small>{say('settlement.drawn-up-at', { time: time(drawnUpAtMs) })}</small>}
      {signedBy !== null && signedAtMs !== null && (
        <small>{say('settlement.signed-by', { who: signedBy, time: time(signedAtMs) })}</small>
      )}
      {paidBy !== null && paidAtMs !== null && (
        <small>
          {say('settlement.paid-by', {
            ...{ who: paidBy, time: time(paidAtMs), from: fromWords(desk, visit, paidFrom ?? '') },
            reference: bankReference ?? '',
          })}
        </small>
      )}
    </>
  );
}

/** The account of the ledger, as people call it. */
function fromWords(desk: Desk, { words: { say } }: Visit, account: string): string {
  if (account === 'bank') return say('act.paid.bank');
  const [, operator] = /^float:(.+)$/.exec(account) ?? [];
  return operator === undefined ? account : say('dashboard.float-at', { operator: operatorName(desk, operator) });
}
