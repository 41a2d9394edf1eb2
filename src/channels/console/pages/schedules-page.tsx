import type { Organisation } from '../../../domain/organisations/index.ts';
import type { PayoutBatch, PayoutSchedule } from '../../../domain/payout-batches/index.ts';
import { MAKE, mayDo, schedulePath, schedulesPath } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail, Fault } from './batch-parts.tsx';
import { ActForm, Empty, Frame } from './frame.tsx';
import { RowsTable } from './rows-table.tsx';
import { ruleWords, ScheduleBadge, Terms } from './schedule-parts.tsx';

interface SchedulesPageProps {
  visit: Visit;
  organisation: Organisation;
  schedules: readonly PayoutSchedule[];
  /** Of which one can be made. */
  batches: readonly PayoutBatch[];
  next: string | undefined;
  fault: string | undefined;
  note: string | undefined;
  /** What was written into the form that was refused. */
  given: Readonly<Record<string, string>>;
}

/** What an organisation pays again by itself, the newest first. */
export function SchedulesPage(props: SchedulesPageProps) {
  const { visit, organisation, schedules, next, fault, note } = props;
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={`${say('schedule.all')}: ${organisation.name}`} note={note}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} />
      <h1>{say('schedule.all')}</h1>
      <p class="hint">{say('schedule.what')}</p>
      {mayDo(visit, MAKE) && <NewSchedule {...props} />}
      {schedules.length === 0 ? <Empty>{say('schedule.none')}</Empty> : <Table visit={visit} schedules={schedules} />}
      {next && (
        <p>
          <a class="button small" href={`${schedulesPath(organisation)}?before=${next}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </Frame>
  );
}

function Table({ visit, schedules }: Pick<SchedulesPageProps, 'visit' | 'schedules'>) {
  const { say, time } = visit.words;
  const columns = ['name', 'when', 'next', 'state'] as const;
  const labels = Object.fromEntries(columns.map((name) => [name, say(`schedule.column.${name}`)]));
  return (
    <RowsTable columns={columns} labels={labels} numbers={[]}>
      {schedules.map((schedule) => (
        <tr key={schedule.id}>
          <td data-label={labels.name}>
            <a href={schedulePath(schedule)}>{schedule.name}</a>
          </td>
          <td data-label={labels.when}>{ruleWords(visit, schedule)}</td>
          <td data-label={labels.next}>{schedule.nextAtMs === null ? '' : time(schedule.nextAtMs)}</td>
          <td data-label={labels.state}>
            <ScheduleBadge visit={visit} state={schedule.state} />
          </td>
        </tr>
      ))}
    </RowsTable>
  );
}

function NewSchedule({ visit, organisation, batches, given, fault }: SchedulesPageProps) {
  const { say } = visit.words;
  if (batches.length === 0) return <p class="hint">{say('schedule.no-source')}</p>;
  return (
    <section class="card">
      <details class="act" open={fault !== undefined}>
        <summary>{say('schedule.new')}</summary>
        <ActForm visit={visit} action={schedulesPath(organisation)}>
          <p class="hint">{say('schedule.new-what')}</p>
          <Terms visit={visit} batches={batches} given={given} />
          <button type="submit">{say('schedule.new-go')}</button>
        </ActForm>
      </details>
    </section>
  );
}
