import type { Organisation } from '../../../domain/organisations/index.ts';
import type { BatchProgress, BatchState, PayoutBatch, RowState } from '../../../domain/payout-batches/index.ts';
import { batchesPath, batchPath } from '../batch-access.ts';
import type { Tone } from '../tones.ts';
import type { Visit } from '../visit.ts';

export const BATCH_TONES: Readonly<Record<BatchState, Tone>> = {
  draft: 'quiet',
  checking: 'wait',
  ready: 'wait',
  submitted: 'wait',
  'in-approval': 'wait',
  approved: 'wait',
  funded: 'wait',
  paying: 'wait',
  paid: 'good',
  'partly-paid': 'bad',
  closed: 'good',
  cancelled: 'quiet',
};

export const ROW_TONES: Readonly<Record<RowState, Tone>> = {
  ready: 'quiet',
  excluded: 'quiet',
  queued: 'wait',
  submitted: 'wait',
  paid: 'good',
  failed: 'bad',
  unknown: 'wait',
  reversed: 'bad',
};

/** Where a page of a batch belongs. */
export function BatchTrail({
  visit,
  organisation,
  batch,
}: {
  visit: Visit;
  organisation: Organisation;
  batch?: PayoutBatch;
}) {
  const { say } = visit.words;
  return (
    <p class="hint">
      {organisation.name} · <a href={batchesPath(organisation)}>{say('batch.all')}</a>
      {batch && (
        <>
          {' · '}
          <a href={batchPath(batch)}>
            {batch.number} {batch.name}
          </a>
        </>
      )}
    </p>
  );
}

/** Who did something, as the reader may know it. */
export function actorWords({ words }: Visit, names: ReadonlyMap<string, string>, actor: string): string {
  const id = actor.startsWith('staff:') ? actor.slice('staff:'.length) : undefined;
  if (id !== undefined) return names.get(id) ?? words.say('batch.one-of-us');
  return actor.startsWith('key:') ? words.say('batch.key') : words.name('actor', actor);
}

export function Fault({ fault }: { fault: string | undefined }) {
  return fault === undefined ? null : (
    <p class="note bad" role="alert">
      {fault}
    </p>
  );
}

/** What a person goes through; what lies between is shown at the step before. */
const STEPS = ['draft', 'ready', 'submitted', 'approved', 'paying', 'paid', 'closed'] as const;
const STEP_OF: Readonly<Record<BatchState, (typeof STEPS)[number] | undefined>> = {
  draft: 'draft',
  checking: 'draft',
  ready: 'ready',
  submitted: 'submitted',
  'in-approval': 'submitted',
  approved: 'approved',
  funded: 'approved',
  paying: 'paying',
  paid: 'paid',
  'partly-paid': 'paid',
  closed: 'closed',
  cancelled: undefined,
};

/** How far it is, as a line. */
export function BatchSteps({ visit, state }: { visit: Visit; state: BatchState }) {
  const { say } = visit.words;
  const at = STEP_OF[state];
  if (at === undefined) return null;
  const place = STEPS.indexOf(at);
  return (
    <ol class="steps" aria-label={say('batch.steps')}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          class={index < place ? 'done' : index === place ? 'now' : undefined}
          {...(index === place ? { 'aria-current': 'step' as const } : {})}
        >
          {say(`batch-step.${step}`)}
        </li>
      ))}
    </ol>
  );
}

/** From good to open, as they stand in the bar. */
const BAR: readonly RowState[] = ['paid', 'failed', 'reversed', 'unknown', 'submitted', 'queued', 'ready'];

/** Rows by state, as a picture; its words stand beside it. */
export function ProgressBar({ visit, progress }: { visit: Visit; progress: BatchProgress }) {
  const { say } = visit.words;
  const parts = BAR.map((state) => ({ state, rows: progress.byState[state]?.rows ?? 0 })).filter(
    ({ rows }) => rows > 0,
  );
  const all = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (all === 0) return null;
  const label = parts
    .map(({ state, rows }) => say('batch.bar-part', { state: say(`row-state.${state}`), rows }))
    .join(', ');
  let left = 0;
  return (
    <svg class="rows-bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={label}>
      {parts.map(({ state, rows }) => {
        const [x, width] = [left, (rows / all) * 100];
        left += width;
        return <rect key={state} class={state} x={x} y={0} width={width} height={4} />;
      })}
    </svg>
  );
}

/** As a time that is left, in words. */
export function timeLeft(visit: Visit, leftMs: number): string {
  const { say } = visit.words;
  const seconds = Math.max(1, Math.round(leftMs / 1_000));
  if (seconds < 90) return say('batch.left-seconds', { count: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? say('batch.left-minutes', { count: minutes })
    : say('batch.left-hours', { count: Math.round(minutes / 60) });
}
