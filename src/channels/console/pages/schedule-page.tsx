import type { Approval } from '../../../domain/approvals/index.ts';
import type { Organisation } from '../../../domain/organisations/index.ts';
import {
  type PayoutBatch,
  type PayoutSchedule,
  type RunView,
  type ScheduleEvent,
  scheduleStates,
} from '../../../domain/payout-batches/index.ts';
import { batchPath, DECIDE, MAKE, mayDo, PAUSE, schedulePath, TAKE_BACK } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BATCH_TONES, Fault } from './batch-parts.tsx';
import { Timeline } from './claim-parts.tsx';
import { Act, Badge, Empty, Frame } from './frame.tsx';
import { givenOf, ruleWords, ScheduleBadge, ScheduleTrail, Terms } from './schedule-parts.tsx';

interface SchedulePageProps {
  visit: Visit;
  organisation: Organisation;
  schedule: PayoutSchedule;
  runs: readonly RunView[];
  events: readonly ScheduleEvent[];
  /** Whose people the next run pays. */
  source: PayoutBatch;
  batches: readonly PayoutBatch[];
  /** When the next run is paid at the earliest. */
  paidFromMs: number | null;
  standing: Approval | null;
  names: ReadonlyMap<string, string>;
  fault: string | undefined;
  note: string | undefined;
  given: Readonly<Record<string, string>>;
}

/** What is paid again by itself: what comes next, what was, who changed it, and what the reader may do. */
export function SchedulePage(props: SchedulePageProps) {
  const { visit, organisation, schedule, events, names, fault, note } = props;
  const { say } = visit.words;
  const told = events.map((event) => ({ ...event, title: say(`schedule-state.${event.toState}`) }));
  return (
    <Frame visit={visit} title={schedule.name} note={note}>
      <Fault fault={fault} />
      <ScheduleTrail visit={visit} organisation={organisation} />
      <h1 class="headline">
        {schedule.name} <ScheduleBadge visit={visit} state={schedule.state} />
      </h1>
      <p>{ruleWords(visit, schedule)}</p>
      <div class="columns">
        <div>
          <Next {...props} />
          <Standing {...props} />
          <Acts {...props} />
        </div>
        <div>
          <Runs {...props} />
          <Timeline visit={visit} names={names} events={told} />
        </div>
      </div>
    </Frame>
  );
}

function Next({ visit, schedule, source, paidFromMs }: SchedulePageProps) {
  const { say, time, money } = visit.words;
  const { nextAtMs, amounts, hours } = schedule;
  const total = money({ amountMinor: source.totalMinor, currency: source.currency });
  return (
    <section class="card" aria-labelledby="next">
      <h2 id="next">{say('schedule.next')}</h2>
      {nextAtMs === null ? <p>{say('schedule.no-next')}</p> : <p>{time(nextAtMs)}</p>}
      {nextAtMs !== null && paidFromMs !== null && paidFromMs > nextAtMs && (
        <p class="hint">{say('schedule.paid-from', { time: time(paidFromMs) })}</p>
      )}
      <p>
        {say('batch.rows', { count: source.rows })}, {total} ·{' '}
        <a href={batchPath(source)}>
          {source.number} {source.name}
        </a>
        <small>
          {say(`schedule-amounts.${amounts}`)} · {say(`batch-hours.${hours}`)}
        </small>
      </p>
    </section>
  );
}

/** What was agreed to beforehand, or is to be. */
function Standing({ visit, schedule, standing }: SchedulePageProps) {
  const { say, time } = visit.words;
  const { standingMostMinor, standingMostRows, standingUntilMs, standingApprovers } = schedule;
  const path = schedulePath(schedule);
  const field = (id: string, type: 'text' | 'number' | 'date' | 'time', extra: object = {}) => (
    <div class="field">
      <label for={id}>{say(`schedule.field.${id}`)}</label>
      <input {...({ id, name: id, type, required: true, autocomplete: 'off', ...extra } as object)} />
    </div>
  );
  return (
    <section class="card" aria-labelledby="standing">
      <h2 id="standing">{say('schedule.standing')}</h2>
      <p class="hint">{say('schedule.standing-what')}</p>
      {standing && standingMostMinor !== null && standingUntilMs !== null ? (
        <p>
          <Badge tone={standingApprovers === null ? 'wait' : 'good'}>
            {say(standingApprovers === null ? 'schedule.standing-asked' : 'schedule.standing-given')}
          </Badge>{' '}
          {say('schedule.standing-limits', {
            amount: { amountMinor: standingMostMinor, currency: standing.currency ?? '' },
            rows: standingMostRows ?? 0,
            until: time(standingUntilMs - 1),
          })}{' '}
          {!visit.isHouse && <a href={`/console/approvals/${standing.id}`}>{say('batch.to-vote')}</a>}
        </p>
      ) : (
        <p>{say('schedule.standing-none')}</p>
      )}
      {schedule.state !== 'ended' && mayDo(visit, MAKE) && (
        <Act visit={visit} action={`${path}/standing`} name="standing-ask">
          {field('most', 'text', { inputmode: 'decimal' })}
          {field('rows', 'number', { min: 1, max: 100_000 })}
          {field('last-day', 'date')}
        </Act>
      )}
      {standing && mayDo(visit, TAKE_BACK) && <Act visit={visit} action={`${path}/standing/end`} name="standing-end" />}
    </section>
  );
}

/** What the reader may do as it stands. */
function Acts({ visit, schedule, batches, source, fault, given }: SchedulePageProps) {
  const { say } = visit.words;
  const path = schedulePath(schedule);
  const can = (to: Parameters<typeof scheduleStates.allows>[1]) => scheduleStates.allows(schedule.state, to);
  const known = batches.some(({ id }) => id === schedule.sourceBatchId) ? batches : [source, ...batches];
  const acts = [
    can('paused') && mayDo(visit, PAUSE) && <Act visit={visit} action={`${path}/pause`} name="schedule-pause" />,
    can('active') && mayDo(visit, DECIDE) && <Act visit={visit} action={`${path}/resume`} name="schedule-resume" />,
    can('ended') && mayDo(visit, MAKE) && (
      <Act visit={visit} action={`${path}/change`} name="schedule-change">
        <Terms visit={visit} batches={known} given={fault && given.every ? given : givenOf(schedule)} />
      </Act>
    ),
    can('ended') && mayDo(visit, DECIDE) && <Act visit={visit} action={`${path}/end`} name="schedule-end" />,
  ].filter(Boolean);
  if (acts.length === 0) return null;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {acts}
    </section>
  );
}

function Runs({ visit, runs }: SchedulePageProps) {
  const { say, has } = visit.words;
  return (
    <section class="card" aria-labelledby="runs">
      <h2 id="runs">{say('schedule.runs')}</h2>
      {runs.length === 0 && <Empty>{say('schedule.no-runs')}</Empty>}
      <ul>
        {runs.map(({ id, dueDay, batch, outcome, why }) => (
          <li key={id}>
            {dueDay}{' '}
            {batch && (
              <>
                <a href={batchPath(batch)}>
                  {batch.number} {batch.name}
                </a>{' '}
                <Badge tone={BATCH_TONES[batch.state]}>{say(`batch-state.${batch.state}`)}</Badge>
              </>
            )}
            <small>
              {say(`schedule-run.${outcome}`)} {why !== null && has(`console.run-why.${why}`) && say(`run-why.${why}`)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
