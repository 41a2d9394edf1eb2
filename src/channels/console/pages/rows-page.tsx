import type { Organisation } from '../../../domain/organisations/index.ts';
import type {
  BatchProgress,
  PayoutBatch,
  PayoutClaim,
  RowState,
  RowView,
} from '../../../domain/payout-batches/index.ts';
import { AGAIN, batchPath, MAKE, mayDo, rowPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail, Fault, ROW_TONES } from './batch-parts.tsx';
import { Badge, Empty, Frame, ReasonField } from './frame.tsx';
import { AnswerOf, ClaimOf, warningWords } from './row-parts.tsx';
import { RowsTable } from './rows-table.tsx';

interface RowsPageProps {
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  state: RowState | undefined;
  progress: BatchProgress;
  rows: readonly RowView[];
  /** By row. */
  claims: ReadonlyMap<string, PayoutClaim>;
  next: number | undefined;
  fault: string | undefined;
  note: string | undefined;
}

/** Everybody in a batch, in the order of its file. */
export function RowsPage(props: RowsPageProps) {
  const { visit, organisation, batch, state, rows, next, fault, note } = props;
  const { say } = visit.words;
  const path = `${batchPath(batch)}/rows`;
  return (
    <Frame visit={visit} title={`${say('batch.rows-title')}: ${batch.number}`} note={note}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1>{say('batch.rows-title')}</h1>
      <States {...props} />
      {rows.length === 0 && <Empty>{say('batch.no-rows')}</Empty>}
      {rows.length > 0 && <Chosen {...props} />}
      {next !== undefined && (
        <p>
          <a class="button small" href={`${path}?${state ? `state=${state}&` : ''}after=${next}`}>
            {say('batch.next')}
          </a>
        </p>
      )}
    </Frame>
  );
}

function States({ visit, batch, state, progress }: RowsPageProps) {
  const { say } = visit.words;
  const path = `${batchPath(batch)}/rows`;
  const states = (Object.keys(ROW_TONES) as RowState[]).filter((one) => (progress.byState[one]?.rows ?? 0) > 0);
  const current = (one?: RowState) => (one === state ? { 'aria-current': 'page' as const } : {});
  return (
    <ul class="places tabs">
      <li>
        <a href={path} {...current()}>
          {say('batch.all-rows')}
        </a>
      </li>
      {states.map((one) => (
        <li key={one}>
          <a href={`${path}?state=${one}`} {...current(one)}>
            {say(`row-state.${one}`)} <span class="count">{progress.byState[one]?.rows}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What can be done with rows that are ticked; the table alone for who only reads. */
function Chosen(props: RowsPageProps) {
  const { visit, batch, rows } = props;
  const { say } = visit.words;
  const path = `${batchPath(batch)}/rows`;
  const isDraft = batch.state === 'draft' && mayDo(visit, MAKE);
  const canRetry = ['partly-paid', 'paying'].includes(batch.state) && mayDo(visit, AGAIN);
  const isChosen = ({ state }: RowView) => isDraft || (canRetry && state === 'failed');
  if (!rows.some(isChosen)) return <Table {...props} isChosen={() => false} />;
  return (
    <form method="post" action={`${path}/${isDraft ? 'exclude' : 'retry'}`}>
      <input type="hidden" name="csrf" value={visit.csrf} />
      <Table {...props} isChosen={isChosen} />
      <div class="narrow start">
        <ReasonField visit={visit} id="reason-rows" />
        <div class="pair">
          <button type="submit">{say(isDraft ? 'batch.exclude' : 'batch.retry-chosen')}</button>
          {isDraft && (
            <button type="submit" class="second" formAction={`${path}/include`}>
              {say('batch.include')}
            </button>
          )}
        </div>
      </div>
    </form>
  );
}

function Table({ visit, batch, rows, claims, isChosen }: RowsPageProps & { isChosen(row: RowView): boolean }) {
  const { say, money, time } = visit.words;
  const isAsked = rows.some(({ askedAtMs }) => askedAtMs !== null);
  const columns = [...(['row', 'who', 'reference', 'amount', 'state'] as const), ...(isAsked ? ['answer'] : [])];
  const labels = Object.fromEntries(columns.map((name) => [name, say(`batch.column.${name}`)]));
  return (
    <RowsTable columns={columns} labels={labels} numbers={['amount']}>
      {rows.map((row) => (
        <tr key={row.id}>
          <td data-label={labels.row}>
            {isChosen(row) ? (
              <label class="check">
                <input type="checkbox" name={`row-${row.rowNo}`} value="yes" /> {row.rowNo}
              </label>
            ) : (
              <a href={rowPath(batch, row.rowNo)}>{row.rowNo}</a>
            )}
          </td>
          <td data-label={labels.who}>
            {shownNumber(visit, row.msisdn)}
            <small>{isChosen(row) ? <a href={rowPath(batch, row.rowNo)}>{row.name ?? row.rowNo}</a> : row.name}</small>
          </td>
          <td data-label={labels.reference}>{row.reference}</td>
          <td data-label={labels.amount} class="number">
            {money(row)}
          </td>
          <td data-label={labels.state}>
            <span>
              <Badge tone={ROW_TONES[row.state]}>{say(`row-state.${row.state}`)}</Badge>
              <ClaimOf visit={visit} claim={claims.get(row.id)} />
              <small>
                {[
                  row.paidAtMs === null ? '' : time(row.paidAtMs),
                  row.receipt ?? '',
                  row.failureCause === null ? '' : visit.words.name('payout-cause', row.failureCause),
                  row.warnings === null ? '' : warningWords(visit, row.warnings),
                  row.nameScore === null ? '' : say('row-name-score', { score: row.nameScore }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
          </td>
          {isAsked && (
            <td data-label={labels.answer}>
              <AnswerOf visit={visit} row={row} />
            </td>
          )}
        </tr>
      ))}
    </RowsTable>
  );
}
