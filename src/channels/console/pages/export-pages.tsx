import type { ExportRun, ExportState } from '../../../domain/exports/index.ts';
import { type ExportList, MOST_COUNTED_ROWS, WHOLE_NUMBERS } from '../exports/export-list.ts';
import type { Visit } from '../visit.ts';
import { ActForm, Badge, Frame } from './frame.tsx';

/** What a file will be, and how much of it, before anything leaves. */
export function ExportPage({
  visit,
  list,
  query,
  rows,
}: {
  visit: Visit;
  list: ExportList;
  query: string;
  rows: number;
}) {
  const { say } = visit.words;
  const title = say('export.title', { list: list.title(visit.words) });
  return (
    <Frame visit={visit} title={title}>
      <h1>{title}</h1>
      <section class="card narrow">
        <p>{say(rows >= MOST_COUNTED_ROWS ? 'export.rows-many' : 'export.rows', { rows })}</p>
        <p class="hint">
          {say(list.hasNumbers ? 'export.what-numbers' : 'export.what')} {rows > LARGE && say('export.large')}
        </p>
        <ActForm visit={visit} action={`/console/exports/${list.name}`}>
          <input type="hidden" name="query" value={query} />
          <input type="hidden" name="rows" value={String(rows)} />
          {list.hasNumbers && visit.may(...WHOLE_NUMBERS) && (
            <p>
              <label class="check">
                <input type="checkbox" name="numbers" value="whole" />
                {say('export.whole-numbers')}
                <small>{say('export.whole-numbers-what')}</small>
              </label>
            </p>
          )}
          <div class="pair">
            <button type="submit" name="format" value="csv">
              {say('export.csv')}
            </button>
            <button type="submit" name="format" value="xlsx" class="second">
              {say('export.xlsx')}
            </button>
          </div>
        </ActForm>
        <p>
          <a href={`${list.page}${query && `?${query}`}`}>{say('export.back')}</a>
        </p>
      </section>
    </Frame>
  );
}

/** From here on it takes longer than a moment. */
const LARGE = 20_000;

const TONES = { asked: 'wait', running: 'wait', done: 'good', 'broken-off': 'bad' } as const;
const AGAIN_S = 3;

/** How far a file is. It moves without JavaScript too. */
export function ExportRunPage({
  visit,
  list,
  run,
  state,
}: {
  visit: Visit;
  list: ExportList;
  run: ExportRun;
  state: ExportState;
}) {
  const { say } = visit.words;
  const title = say('export.title', { list: list.title(visit.words) });
  const { expectedRows, writtenRows } = run;
  const moves = state === 'running';
  const page = `/console/exports/run/${run.id}`;
  return (
    <Frame visit={visit} title={title} refreshAfterS={moves ? AGAIN_S : undefined}>
      <h1>{title}</h1>
      <section class="card narrow" {...(state === 'done' ? {} : { 'data-again': String(AGAIN_S) })}>
        <p>
          <Badge tone={TONES[state]}>{say(`export.state.${state}`)}</Badge>
        </p>
        {state !== 'asked' && (
          <p role="status">
            {say(expectedRows > 0 && moves ? 'export.written-of' : 'export.written', {
              rows: writtenRows,
              ...(expectedRows > 0 && moves ? { expected: expectedRows } : {}),
            })}
          </p>
        )}
        {moves && <progress max={Math.max(expectedRows, writtenRows, 1)} value={writtenRows} aria-label={title} />}
        <p class="hint">{say(`export.state-what.${state}`)}</p>
        <p class="pair">
          {moves || state === 'asked' ? (
            <a class="button small" href={page}>
              {say('export.look')}
            </a>
          ) : null}
          {!moves && (
            <a class="button second small" href={`${page}/file`}>
              {say(state === 'asked' ? 'export.by-hand' : 'export.again')}
            </a>
          )}
        </p>
        <p>
          <a href={`${list.page}${run.query && `?${run.query}`}`}>{say('export.back')}</a>
        </p>
      </section>
    </Frame>
  );
}
