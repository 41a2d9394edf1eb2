import { UNSENT } from '../../../domain/payout-batches/index.ts';
import { AGAIN, batchesPath, batchPath, DECIDE, MAKE, mayDo, PAUSE } from '../batch-access.ts';
import type { BatchPageProps } from './batch-props.ts';
import { Act, ActForm, ReasonField } from './frame.tsx';

/** What the reader can do about it now; nothing for who only reads. */
export function BatchActs(props: BatchPageProps) {
  const { visit, batch } = props;
  const { say } = visit.words;
  const { state, pauseReason, stopReason } = batch;
  const [make, hold, decide, again] = [MAKE, PAUSE, DECIDE, AGAIN].map((permission) => mayDo(visit, permission));
  const path = batchPath(batch);
  const isHeld = pauseReason === 'by-person';
  const isStopped = stopReason !== null;
  const canHold = !isStopped && ['approved', 'funded', 'paying'].includes(state);
  const act = (name: string) => <Act visit={visit} action={`${path}/${name}`} name={`batch-${name}`} id={name} />;
  const votes = ['submitted', 'in-approval'].includes(state) && batch.approvalId !== null;
  const acts = [
    votes && (
      <p>
        <a class="button small" href={`/console/approvals/${batch.approvalId}`}>
          {say('batch.to-vote')}
        </a>
      </p>
    ),
    make && state === 'draft' && <Fill {...props} />,
    make && state === 'draft' && batch.rows > 0 && (
      <ActForm visit={visit} action={`${path}/check`}>
        <p class="hint">{say('batch.check-what')}</p>
        <button type="submit">{say('batch.check')}</button>
      </ActForm>
    ),
    make && state === 'ready' && <Submit {...props} />,
    make && ['ready', 'submitted', 'in-approval', 'approved'].includes(state) && act('reopen'),
    hold && canHold && !isHeld && act('pause'),
    decide && canHold && pauseReason !== null && act('resume'),
    again && ['partly-paid', 'paying'].includes(state) && <Again {...props} />,
    decide && !isStopped && ['funded', 'paying'].includes(state) && act('stop'),
    decide && ['paid', 'partly-paid'].includes(state) && act('close'),
    decide && UNSENT.includes(state) && act('cancel'),
  ].filter(Boolean);
  if (acts.length === 0) return null;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {acts}
    </section>
  );
}

/** From a file that is given now, or one that was read before. */
function Fill({ visit, organisation, batch, lists }: BatchPageProps) {
  const { say, time } = visit.words;
  const path = batchPath(batch);
  const template = `${batchesPath(organisation)}/template`;
  return (
    <>
      <form method="post" action={`${path}/lists`} encType="multipart/form-data">
        <input type="hidden" name="csrf" value={visit.csrf} />
        <div class="field">
          <label for="file">{say('batch.file')}</label>
          <input id="file" name="file" type="file" accept=".xlsx,.csv" required />
          <small>
            {say('batch.file-what')} {say('batch.template')} <a href={`${template}/xlsx`}>Excel</a> ·{' '}
            <a href={`${template}/csv`}>CSV</a>
          </small>
        </div>
        <button type="submit">{say('batch.file-go')}</button>
      </form>
      {lists.length > 0 && (
        <>
          <h3>{say('batch.lists')}</h3>
          <ul>
            {lists.map((list) => (
              <li key={list.id}>
                <a href={`${path}/lists/${list.id}`}>{list.fileName}</a>{' '}
                <small>
                  {time(list.startedAtMs)} · {say(`list-state.${list.state}`)} ·{' '}
                  {say('list.rows', { rows: list.rowsRead })}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Submit({ visit, batch, warnings }: BatchPageProps) {
  const { say } = visit.words;
  return (
    <ActForm visit={visit} action={`${batchPath(batch)}/submit`}>
      <p class="hint">{say('batch.submit-what')}</p>
      {warnings > 0 && (
        <p class="note bad">
          {say('batch.warnings', { count: warnings })}{' '}
          <a href={`${batchPath(batch)}/rows`}>{say('batch.warnings-look')}</a>
        </p>
      )}
      {warnings > 0 ? (
        <ReasonField visit={visit} id="reason-submit" />
      ) : (
        <div class="field">
          <label for="reason-submit">{say('batch.submit-note')}</label>
          <input id="reason-submit" name="reason" maxLength={500} autocomplete="off" />
        </div>
      )}
      <button type="submit">{say('batch.submit')}</button>
    </ActForm>
  );
}

function Again({ visit, batch, progress }: BatchPageProps) {
  const { say } = visit.words;
  const path = batchPath(batch);
  const failed = progress.byState.failed?.rows ?? 0;
  const unpaid = failed + (progress.byState.reversed?.rows ?? 0);
  const mayRetry = failed > 0 && batch.stopReason === null;
  if (unpaid === 0) return null;
  return (
    <>
      {mayRetry && <Act visit={visit} action={`${path}/retry`} name="batch-retry" id="retry" />}
      <p>
        {mayRetry && <a href={`${path}/rows?state=failed`}>{say('batch.choose-failed')}</a>}
        {batch.state === 'partly-paid' && (
          <>
            {mayRetry && ' · '}
            <a href={`${path}/replace`}>{say('batch.to-replace')}</a>
          </>
        )}
      </p>
    </>
  );
}
