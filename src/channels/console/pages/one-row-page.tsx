import type { Organisation } from '../../../domain/organisations/index.ts';
import { ANSWERED_BY, type PayoutAnswer } from '../../../domain/payout-answers/index.ts';
import type { PayoutBatch, RowStory } from '../../../domain/payout-batches/index.ts';
import { batchPath, CLAIM, claimPath, mayDo, rowPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail, Fault, ROW_TONES } from './batch-parts.tsx';
import { ClaimBadge, Timeline } from './claim-parts.tsx';
import { Act, Badge, Frame } from './frame.tsx';

interface OneRowPageProps extends RowStory {
  answers: readonly PayoutAnswer[];
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  names: ReadonlyMap<string, string>;
  fault: string | undefined;
}

/** One person of a batch: what became of the money, attempt by attempt, and what is claimed back. */
export function OneRowPage(props: OneRowPageProps) {
  const { visit, organisation, batch, row, names, fault } = props;
  const { say, money } = visit.words;
  const events = [
    ...props.events.map((event) => ({ ...event, title: say(`row-state.${event.toState}`) })),
    ...props.answers.map(({ id, atMs, answer, channel }) => {
      return { id, atMs, actor: 'recipient', title: say(`answer.${answer}`), reason: ANSWERED_BY[channel] };
    }),
  ].sort((one, other) => one.atMs - other.atMs);
  return (
    <Frame visit={visit} title={`${batch.number}/${row.rowNo}`}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1 class="headline">
        {row.name ?? shownNumber(visit, row.msisdn)}: {money(row)}{' '}
        <Badge tone={ROW_TONES[row.state]}>{say(`row-state.${row.state}`)}</Badge>
      </h1>
      <div class="columns">
        <div>
          <Facts {...props} />
          <Claim {...props} />
        </div>
        <div>{events.length > 0 && <Timeline visit={visit} names={names} events={events} />}</div>
      </div>
      <p>
        <a href={`${batchPath(batch)}/rows`}>{say('batch.rows-title')}</a>
      </p>
    </Frame>
  );
}

function Facts({ visit, row }: OneRowPageProps) {
  const { say, time, name } = visit.words;
  const facts: [string, string | number | null][] = [
    ['row', row.rowNo],
    ['phone', shownNumber(visit, row.msisdn)],
    ['reference', row.reference],
    ['ours', row.ours],
    ['attempts', row.attempts === 0 ? null : row.attempts],
    ['paid', row.paidAtMs === null ? null : time(row.paidAtMs)],
    ['receipt', row.receipt],
    [
      'answer',
      row.answer === null ? (row.askedAtMs === null ? null : say('answer.none')) : say(`answer.${row.answer}`),
    ],
    ['cause', row.failureCause === null ? null : name('payout-cause', row.failureCause)],
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">{say('payment.facts')}</h2>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== null && value !== '')
          .map(([column, value]) => (
            <div key={column}>
              <dt>{say(`one-row.${column}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** The claim that there is; where there is none, or none that somebody follows, how one is opened. */
function Claim({ visit, batch, row, claim }: OneRowPageProps) {
  const { say } = visit.words;
  const isOpenable = row.state === 'paid' && (claim === null || ['proposed', 'dismissed'].includes(claim.state));
  const mayOpen = isOpenable && mayDo(visit, CLAIM);
  if (claim === null && !mayOpen) return null;
  return (
    <section class="card" aria-labelledby="claim">
      <h2 id="claim">{say('claim.one')}</h2>
      {claim && (
        <p>
          <a href={claimPath(claim)}>{say('claim.to-claim')}</a> <ClaimBadge visit={visit} state={claim.state} />
        </p>
      )}
      {mayOpen && <Act visit={visit} action={`${rowPath(batch, row.rowNo)}/claim`} name="claim-open" />}
    </section>
  );
}
