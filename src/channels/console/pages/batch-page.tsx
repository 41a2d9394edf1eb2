import { type BatchState, needOf } from '../../../domain/payout-batches/index.ts';
import { batchPath } from '../batch-access.ts';
import { BatchActs } from './batch-acts.tsx';
import { actorWords, BATCH_TONES, BatchSteps, BatchTrail, Fault } from './batch-parts.tsx';
import { BatchMoves, isMoving, LOOK_AGAIN_S } from './batch-progress-card.tsx';
import type { BatchPageProps } from './batch-props.ts';
import { ChangesCard } from './changes-page.tsx';
import { Badge, Frame } from './frame.tsx';
import { mayTakeReport, ReportCard } from './report-card.tsx';

/** From here on there is something to report. */
const SENT: readonly BatchState[] = ['paying', 'paid', 'partly-paid', 'closed'];

/** One batch: how far it is, what it costs, what can be done, and who did what. */
export function BatchPage(props: BatchPageProps) {
  const { visit, organisation, batch, changes, fault, note } = props;
  const { say } = visit.words;
  return (
    <Frame
      visit={visit}
      title={`${batch.number} ${batch.name}`}
      note={note}
      refreshAfterS={isMoving(batch) ? LOOK_AGAIN_S : undefined}
    >
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} />
      <h1 class="headline">
        {batch.name} <Badge tone={BATCH_TONES[batch.state]}>{say(`batch-state.${batch.state}`)}</Badge>
      </h1>
      <BatchSteps visit={visit} state={batch.state} />
      <BatchMoves {...props} />
      <div class="columns">
        <div>
          <Facts {...props} />
          <History {...props} />
        </div>
        <div>
          <BatchActs {...props} />
          {SENT.includes(batch.state) && mayTakeReport(visit, batch) && <ReportCard visit={visit} batch={batch} />}
          {changes && <ChangesCard visit={visit} batch={batch} changes={changes} />}
        </div>
      </div>
    </Frame>
  );
}

function Facts({ visit, batch, previous, answers }: BatchPageProps) {
  const { say, money, time } = visit.words;
  const { currency, state, rows } = batch;
  const amount = (amountMinor: bigint) => money({ amountMinor, currency });
  const hasCost = state !== 'draft' && state !== 'checking';
  const facts: [string, unknown][] = [
    ['number', batch.number],
    ['purpose', say(`purpose.${batch.purpose}`)],
    ['rows', rows],
    ['total', amount(batch.totalMinor)],
    ...(hasCost
      ? ([
          ['charges', amount(batch.chargesMinor)],
          ['fee', amount(batch.feeMinor)],
          ['tax', amount(batch.taxMinor)],
          ['need', amount(needOf(batch))],
        ] as [string, unknown][])
      : []),
    ['hours', say(`batch-hours.${batch.hours}`)],
    ...(batch.notBeforeMs === null ? [] : ([['from', time(batch.notBeforeMs)]] as [string, unknown][])),
    ['version', batch.version],
    ...(answers.yes + answers.no > 0
      ? ([['answers', say('batch.answers', { ...answers })]] as [string, unknown][])
      : []),
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">{say('payment.facts')}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{say(`batch.column.${name}`)}</dt>
            <dd>{value as string}</dd>
          </div>
        ))}
        {previous && (
          <div>
            <dt>{say('batch.column.previous')}</dt>
            <dd>
              <a href={batchPath(previous)}>{previous.number}</a>
              <small>{previous.name}</small>
            </dd>
          </div>
        )}
      </dl>
      <p>
        <a class="button second small" href={`${batchPath(batch)}/rows`}>
          {say('batch.rows', { count: rows })}
        </a>
      </p>
    </section>
  );
}

/** The newest first. */
function History({ visit, events, names }: BatchPageProps) {
  const { say, moment, why } = visit.words;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{say('story.title')}</h2>
      <ol class="story">
        {[...events].reverse().map(({ id, atMs, fromState, toState, actor, reason }) => (
          <li key={id}>
            <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
            <p>
              {fromState === toState ? say('batch.changed') : say(`batch-state.${toState}`)} ·{' '}
              {actorWords(visit, names, actor)}
              <small>{reason.startsWith('batch-fault.') ? say(reason) : why(reason)}</small>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
