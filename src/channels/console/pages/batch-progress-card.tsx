import type { PayoutBatch } from '../../../domain/payout-batches/index.ts';
import { batchPath, mayDo, READ } from '../batch-access.ts';
import { ProgressBar, timeLeft } from './batch-parts.tsx';
import type { BatchPageProps } from './batch-props.ts';
import { Badge } from './frame.tsx';

export const LOOK_AGAIN_S = 2;

/** Whether something happens to it without a person. */
export function isMoving({ state, pauseReason }: PayoutBatch): boolean {
  if (state === 'checking') return true;
  return pauseReason === null && ['approved', 'funded', 'paying'].includes(state);
}

/** The part of the page that moves: it says itself how far the batch is, and looks again. */
export function BatchMoves(props: BatchPageProps) {
  const { visit, batch } = props;
  const { state } = batch;
  const { say } = visit.words;
  const moves = isMoving(batch);
  const hasRows = ['funded', 'paying', 'paid', 'partly-paid', 'closed'].includes(state);
  if (!moves && !hasRows && batch.pauseReason === null) return null;
  // Another step is another page; while it is the same only this part is new.
  const again = moves ? { 'data-again': String(LOOK_AGAIN_S), 'data-step': `${state} ${batch.pauseReason}` } : {};
  return (
    <section class="card" aria-label={say('batch.progress')} {...again}>
      {!hasRows && moves && <p role="status">{say(`batch-why.${state}`)}</p>}
      {hasRows && <Figures {...props} />}
      <Paused {...props} />
      <Stopped {...props} />
    </section>
  );
}

function Figures({ visit, batch, progress }: BatchPageProps) {
  const { say, money } = visit.words;
  const { byState, rowsPerSecond, leftMs } = progress;
  const { currency } = batch;
  const paid = byState.paid ?? { rows: 0, totalMinor: 0n };
  const states = (
    ['paid', 'failed', 'reversed', 'unknown', 'submitted', 'queued', 'ready', 'excluded'] as const
  ).filter((one) => (byState[one]?.rows ?? 0) > 0);
  return (
    <>
      <p role="status">
        {say('batch.paid-of', {
          rows: paid.rows,
          all: batch.rows,
          amount: { amountMinor: paid.totalMinor, currency },
          total: { amountMinor: batch.totalMinor, currency },
        })}
      </p>
      <ProgressBar visit={visit} progress={progress} />
      <ul class="legend">
        {states.map((one) => (
          <li key={one}>
            <span class={`swatch ${one}`} />{' '}
            <a href={`${batchPath(batch)}/rows?state=${one}`}>
              {say('batch.bar-part', { state: say(`row-state.${one}`), rows: byState[one]?.rows ?? 0 })}
            </a>{' '}
            <small>{money({ amountMinor: byState[one]?.totalMinor ?? 0n, currency })}</small>
          </li>
        ))}
      </ul>
      {batch.state === 'paying' && (
        <p class="hint">
          {say('batch.pace', { pace: rowsPerSecond.toFixed(1) })}{' '}
          {leftMs !== undefined && batch.pauseReason === null && timeLeft(visit, leftMs)}
        </p>
      )}
    </>
  );
}

/** Why nothing goes out, and who or what ends that. */
function Paused({ visit, organisation, batch }: BatchPageProps) {
  const { say, time, has, text } = visit.words;
  const { pauseReason, pauseDetail, pausedAtMs, currency } = batch;
  if (pauseReason === null || !mayDo(visit, READ)) return null;
  const detail = pauseDetail ?? '';
  const missing = pauseReason === 'float' && /^\d+$/.test(detail);
  const known = `console.batch-pause-detail.${detail.replaceAll('.', '-')}`;
  const halted = organisation.haltReason !== null && pauseReason === 'organisation';
  const about = [
    !missing && (has(known) ? text(known) : detail),
    halted && organisation.haltDetail,
    pausedAtMs !== null && time(pausedAtMs),
  ];
  return (
    <p>
      <Badge tone="bad">{say('batch.paused')}</Badge> {say(`batch-pause.${pauseReason}`)}{' '}
      {missing && say('batch.missing', { amount: { amountMinor: BigInt(detail), currency } })}
      <small>{about.filter(Boolean).join(' · ')}</small>
    </p>
  );
}

/** Why nothing more goes out ever, and who is left out by it. */
function Stopped({ visit, batch: { stopReason, leftOutRows, leftOutMinor, currency } }: BatchPageProps) {
  const { say } = visit.words;
  if (stopReason === null || !mayDo(visit, READ)) return null;
  const amount = { amountMinor: leftOutMinor ?? 0n, currency };
  return (
    <p>
      <Badge tone="bad">{say('batch.stopped')}</Badge> {say('batch.left-out', { rows: leftOutRows ?? 0, amount })}{' '}
      <small>{stopReason}</small>
    </p>
  );
}
