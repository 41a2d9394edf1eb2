import type { Organisation } from '../../../domain/organisations/index.ts';
import type { BatchChange, BatchChanges, ChangeKind, PayoutBatch } from '../../../domain/payout-batches/index.ts';
import { batchPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail } from './batch-parts.tsx';
import { Empty, Frame } from './frame.tsx';

/** What differs from the last comparable batch, for whoever decides. */
export function ChangesCard({ visit, batch, changes }: { visit: Visit; batch: PayoutBatch; changes: BatchChanges }) {
  const { say, money } = visit.words;
  const { before, newcomers, changed, leavers, differenceMinor } = changes;
  const counts: [ChangeKind, number][] = [
    ['newcomer', newcomers],
    ['changed', changed],
    ['leaver', leavers],
  ];
  const path = batchPath(batch);
  const difference = money({
    amountMinor: differenceMinor < 0n ? -differenceMinor : differenceMinor,
    currency: batch.currency,
  });
  return (
    <section class="card" aria-labelledby="changes">
      <h2 id="changes">{say('batch.changes')}</h2>
      <p>
        {say('batch.compared')} <a href={batchPath(before)}>{before.number}</a> {before.name}
      </p>
      <ul>
        {counts.map(([kind, count]) => (
          <li key={kind}>
            {count === 0 ? (
              say(`batch-change.${kind}`, { count })
            ) : (
              <a href={`${path}/changes/${kind}`}>{say(`batch-change.${kind}`, { count })}</a>
            )}
          </li>
        ))}
        <li>
          {differenceMinor === 0n
            ? say('batch.same-total')
            : say(differenceMinor > 0n ? 'batch.more' : 'batch.less', { amount: difference })}
        </li>
      </ul>
    </section>
  );
}

interface ChangesPageProps {
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  before: PayoutBatch;
  kind: ChangeKind;
  changes: readonly BatchChange[];
  next: string | undefined;
}

/** The people of one kind of change. */
export function ChangesPage({ visit, organisation, batch, before, kind, changes, next }: ChangesPageProps) {
  const { say, money } = visit.words;
  const title = say(`batch-change-title.${kind}`);
  const columns = ['who', 'before', 'now'] as const;
  const labels = Object.fromEntries(columns.map((name) => [name, say(`batch.column.${name}`)]));
  const amount = (amountMinor: bigint | null) =>
    amountMinor === null ? '' : money({ amountMinor, currency: batch.currency });
  return (
    <Frame visit={visit} title={`${title}: ${batch.number}`}>
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1>{title}</h1>
      <p class="hint">
        {say('batch.compared')} {before.number} {before.name}
      </p>
      {changes.length === 0 && <Empty>{say('batch.no-changes')}</Empty>}
      {changes.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col" class={name === 'who' ? undefined : 'number'}>
                    {labels[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changes.map(({ msisdn, name, beforeMinor, nowMinor }) => (
                <tr key={msisdn}>
                  <td data-label={labels.who}>
                    {shownNumber(visit, msisdn)}
                    <small>{name}</small>
                  </td>
                  <td data-label={labels.before} class="number">
                    {amount(beforeMinor)}
                  </td>
                  <td data-label={labels.now} class="number">
                    {amount(nowMinor)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && (
        <p>
          <a class="button small" href={`${batchPath(batch)}/changes/${kind}?after=${next}`}>
            {say('batch.next')}
          </a>
        </p>
      )}
    </Frame>
  );
}
