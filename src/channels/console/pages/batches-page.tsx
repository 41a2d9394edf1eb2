import type { Organisation } from '../../../domain/organisations/index.ts';
import type { PayoutBatch } from '../../../domain/payout-batches/index.ts';
import { batchesPath, batchPath, claimsPath, MAKE, mayDo, schedulesPath } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BATCH_TONES, Fault } from './batch-parts.tsx';
import { ActForm, Badge, Empty, Frame } from './frame.tsx';
import { RowsTable } from './rows-table.tsx';

interface BatchesPageProps {
  visit: Visit;
  organisation: Organisation;
  batches: readonly PayoutBatch[];
  next: string | undefined;
  fault: string | undefined;
  note: string | undefined;
  /** What was written into the form that was refused. */
  given: Readonly<Record<string, string>>;
}

/** Whom an organisation has paid and will pay, the newest first. */
export function BatchesPage(props: BatchesPageProps) {
  const { visit, organisation, batches, next, fault, note } = props;
  const { say } = visit.words;
  const path = batchesPath(organisation);
  return (
    <Frame visit={visit} title={`${say('batch.all')}: ${organisation.name}`} note={note}>
      <Fault fault={fault} />
      <h1>{say('batch.all')}</h1>
      <p class="hint">{organisation.name}</p>
      <p>
        <a href={schedulesPath(organisation)}>{say('schedule.all')}</a> ·{' '}
        <a href={claimsPath(organisation)}>{say('claim.all')}</a>
      </p>
      {mayDo(visit, MAKE) && <NewBatch {...props} />}
      {batches.length === 0 ? <Empty>{say('batch.none')}</Empty> : <BatchTable visit={visit} batches={batches} />}
      {next && (
        <p>
          <a class="button small" href={`${path}?before=${next}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
      <p>
        {say('batch.template')} <a href={`${path}/template/xlsx`}>Excel</a> · <a href={`${path}/template/csv`}>CSV</a>
      </p>
    </Frame>
  );
}

function BatchTable({ visit, batches }: Pick<BatchesPageProps, 'visit' | 'batches'>) {
  const { say, money, time } = visit.words;
  const columns = ['batch', 'purpose', 'rows', 'total', 'state', 'made'] as const;
  const labels = Object.fromEntries(columns.map((name) => [name, say(`batch.column.${name}`)]));
  return (
    <RowsTable columns={columns} labels={labels} numbers={['rows', 'total']}>
      {batches.map((batch) => (
        <tr key={batch.id}>
          <td data-label={labels.batch}>
            <a href={batchPath(batch)}>{batch.name}</a>
            <small>{batch.number}</small>
          </td>
          <td data-label={labels.purpose}>{say(`purpose.${batch.purpose}`)}</td>
          <td data-label={labels.rows} class="number">
            {batch.rows}
          </td>
          <td data-label={labels.total} class="number">
            {money({ amountMinor: batch.totalMinor, currency: batch.currency })}
          </td>
          <td data-label={labels.state}>
            <Badge tone={BATCH_TONES[batch.state]}>{say(`batch-state.${batch.state}`)}</Badge>
            {batch.pauseReason !== null && <Badge tone="bad">{say('batch.paused')}</Badge>}
          </td>
          <td data-label={labels.made}>{time(batch.createdAtMs)}</td>
        </tr>
      ))}
    </RowsTable>
  );
}

function NewBatch({ visit, organisation, given, fault }: BatchesPageProps) {
  const { say } = visit.words;
  return (
    <section class="card">
      <details class="act" open={fault !== undefined}>
        <summary>{say('batch.new')}</summary>
        <ActForm visit={visit} action={batchesPath(organisation)}>
          <p class="hint">{say('batch.new-what')}</p>
          <div class="field">
            <label for="name">{say('batch.name')}</label>
            <input
              {...{ id: 'name', name: 'name', value: given.name ?? '', placeholder: say('batch.name-hint') }}
              required
              minLength={2}
              maxLength={80}
              autocomplete="off"
            />
          </div>
          <div class="field">
            <label for="purpose">{say('batch.column.purpose')}</label>
            <select id="purpose" name="purpose">
              {organisation.purposes.split(' ').map((purpose) => (
                <option key={purpose} value={purpose} selected={given.purpose === purpose}>
                  {say(`purpose.${purpose}`)}
                </option>
              ))}
            </select>
          </div>
          <fieldset>
            <legend>{say('batch.when')}</legend>
            {(['at-once', 'working-hours'] as const).map((hours) => (
              <label key={hours} class="check">
                <input type="radio" name="hours" value={hours} checked={(given.hours ?? 'at-once') === hours} />
                {say(`batch-hours.${hours}`)}
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label for="from">{say('batch.not-before')}</label>
            <input {...{ id: 'from', name: 'from', type: 'datetime-local', value: given.from ?? '' }} />
          </div>
          <button type="submit">{say('batch.new-go')}</button>
        </ActForm>
      </details>
    </section>
  );
}
