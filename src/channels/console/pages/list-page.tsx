import type { Organisation } from '../../../domain/organisations/index.ts';
import type { PayoutBatch } from '../../../domain/payout-batches/index.ts';
import {
  type Finding,
  findingsOf,
  findingText,
  findingWords,
  type ListRowView,
  namesOf,
  type PayoutList,
  type RowStanding,
} from '../../../domain/payout-lists/index.ts';
import { columnIndex } from '../../../platform/tables/index.ts';
import { batchPath } from '../batch-access.ts';
import type { Desk, Visit } from '../visit.ts';
import { BatchTrail, Fault } from './batch-parts.tsx';
import { ActForm, Badge, Empty, Frame } from './frame.tsx';

interface ListPageProps {
  desk: Desk;
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  list: PayoutList;
  standing: RowStanding;
  rows: readonly ListRowView[];
  next: number | undefined;
  fault: string | undefined;
  note: string | undefined;
}

const TONES = { reading: 'wait', read: 'good', refused: 'bad' } as const;
const LOOK_AGAIN_S = 1;

/** A file that was given: how far it is read, what is wrong with it, and the rows to be mended. */
export function ListPage(props: ListPageProps) {
  const { visit, organisation, batch, list, fault, note } = props;
  const { say } = visit.words;
  const reads = list.state === 'reading';
  return (
    <Frame visit={visit} title={list.fileName} note={note} refreshAfterS={reads ? LOOK_AGAIN_S : undefined}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1 class="headline">
        {list.fileName} <Badge tone={TONES[list.state]}>{say(`list-state.${list.state}`)}</Badge>
      </h1>
      {reads && <Reading {...props} />}
      {list.state === 'refused' && <Refused {...props} />}
      {list.state === 'read' && <Read {...props} />}
    </Frame>
  );
}

function Reading({ visit, list }: ListPageProps) {
  const { say } = visit.words;
  const { rowsRead, bytesRead, bytesTotal } = list;
  return (
    <section class="card narrow" data-again={String(LOOK_AGAIN_S)} data-step="reading">
      <p role="status">{say('list.reading', { rows: rowsRead })}</p>
      <progress max={Math.max(bytesTotal, 1)} value={Math.min(bytesRead, bytesTotal)} aria-label={list.fileName} />
      <p class="hint">{say('list.reading-what')}</p>
    </section>
  );
}

function Refused({ desk, visit, batch, list }: ListPageProps) {
  const { say } = visit.words;
  return (
    <section class="card narrow">
      {findingsOf(list).map((finding) => (
        <p key={finding.code}>{wordsOf(desk, visit, finding)}</p>
      ))}
      <p class="hint">{say('list.refused-what')}</p>
      <p>
        <a class="button small" href={batchPath(batch)}>
          {say('list.another')}
        </a>
      </p>
    </section>
  );
}

const wordsOf = ({ deps }: Desk, visit: Visit, finding: Finding) =>
  findingText({ texts: deps.texts, words: deps.domain.listWords }, visit.words.language, finding);

function Read(props: ListPageProps) {
  const { desk, visit, batch, list } = props;
  const { say } = visit.words;
  const { rowsRead, faultRows, warningRows, totalMinor, currency } = list;
  const path = `${batchPath(batch)}/lists/${list.id}`;
  const good = rowsRead - faultRows;
  const whole = findingsOf(list);
  const isStopped = whole.some(({ severity }) => severity === 'fault');
  const isFree = list.batchId === null || list.batchId === batch.id;
  return (
    <>
      <section class="card">
        <p>
          {say('list.summary', { rows: rowsRead, faults: faultRows, warnings: warningRows })}{' '}
          {say('list.total', { count: good, amount: { amountMinor: totalMinor, currency } })}
        </p>
        {whole.length > 0 && (
          <ul>
            {whole.map((finding, at) => (
              <li key={String(at)}>
                <Badge tone={finding.severity === 'fault' ? 'bad' : 'wait'}>
                  {say(`list-severity.${finding.severity}`)}
                </Badge>{' '}
                {wordsOf(desk, visit, finding)}
              </li>
            ))}
          </ul>
        )}
        {list.batchId !== null && <p class="hint">{say('list.used')}</p>}
        {isFree && !isStopped && batch.state === 'draft' && good > 0 && (
          <ActForm visit={visit} action={`${path}/fill`}>
            <p class="hint">{say(faultRows > 0 ? 'list.fill-part' : 'list.fill-what', { count: faultRows })}</p>
            <button type="submit">{say('list.fill', { count: good })}</button>
          </ActForm>
        )}
        {isStopped && <p class="hint">{say('list.stopped')}</p>}
        <p>
          {say('list.mended')} <a href={`${path}/mended/xlsx`}>Excel</a> · <a href={`${path}/mended/csv`}>CSV</a>
        </p>
      </section>
      <Standings {...props} path={path} />
      {props.rows.length === 0 ? <Empty>{say('batch.no-rows')}</Empty> : <Rows {...props} path={path} />}
      {props.next !== undefined && (
        <p>
          <a class="button small" href={`${path}?standing=${props.standing}&after=${props.next}`}>
            {say('batch.next')}
          </a>
        </p>
      )}
    </>
  );
}

interface WithPath extends ListPageProps {
  path: string;
}

function Standings({ visit, list, standing, path }: WithPath) {
  const { say } = visit.words;
  const { rowsRead, faultRows, warningRows } = list;
  const counts = { fault: faultRows, warning: warningRows, ok: rowsRead - faultRows - warningRows };
  return (
    <ul class="places tabs">
      {(['fault', 'warning', 'ok'] as const).map((one) => (
        <li key={one}>
          <a href={`${path}?standing=${one}`} {...(one === standing ? { 'aria-current': 'page' as const } : {})}>
            {say(`list-standing.${one}`)} <span class="count">{counts[one]}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Rows(props: WithPath) {
  const { visit, list, batch, rows } = props;
  const canMend = list.batchId === null && batch.state === 'draft';
  return (
    <>
      {rows.map((row) => (
        <section key={row.id} class="card list-row" id={`row-${row.rowNo}`}>
          <h2>
            {visit.words.say('batch.column.row')} {row.rowNo}
          </h2>
          <Row {...props} row={row} canMend={canMend} />
        </section>
      ))}
    </>
  );
}

/** Our columns as fields, each with what is wrong with it beneath; those of the giver's own beside. */
function Row({ desk, visit, list, standing, path, row, canMend }: WithPath & { row: ListRowView; canMend: boolean }) {
  const { say } = visit.words;
  const { columns = [] } = namesOf(list) ?? {};
  const own = columns
    .map((column, at) => ({ ...column, at }))
    .filter(({ field }) => field !== null && field !== 'mend');
  const others = columns
    .map(({ title, field }, at) => ({ title, field, text: row.cells[at] ?? '' }))
    .filter(({ field, text, title }) => field === null && title !== '' && text !== '');
  const whole = row.findings.filter(({ column }) => column === null);
  const said = (finding: Finding) =>
    findingWords({ texts: desk.deps.texts, words: desk.deps.domain.listWords }, visit.words.language, finding);
  return (
    <ActForm visit={visit} action={`${path}/rows/${row.rowNo}`}>
      <input type="hidden" name="standing" value={standing} />
      {whole.map((finding) => (
        <p key={finding.code} class="cell-fault">
          {said(finding)}
        </p>
      ))}
      <div class="cells">
        {own.map(({ at, title }) => {
          const found = row.findings.filter(({ column }) => column !== null && columnIndex(column) === at);
          const id = `cell-${row.rowNo}-${at}`;
          const isBad = found.some(({ severity }) => severity === 'fault');
          return (
            <div key={id} class="field">
              <label for={id}>{title}</label>
              <input
                {...{ id, name: `cell-${at}`, value: row.cells[at] ?? '', maxLength: 250, readOnly: !canMend }}
                autocomplete="off"
                {...(isBad ? { 'aria-invalid': 'true' as const } : {})}
                {...(found.length > 0 ? { 'aria-describedby': `${id}-why` } : {})}
              />
              {found.length > 0 && (
                <small id={`${id}-why`} class={isBad ? 'cell-fault' : 'cell-warning'}>
                  {found.map(said).join(' ')}
                </small>
              )}
            </div>
          );
        })}
      </div>
      {others.length > 0 && <p class="hint">{others.map(({ title, text }) => `${title}: ${text}`).join(' · ')}</p>}
      {canMend && (
        <button type="submit" class="small second">
          {say('list.mend')}
        </button>
      )}
    </ActForm>
  );
}
