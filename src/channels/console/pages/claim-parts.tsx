import type { ClaimState } from '../../../domain/payout-batches/index.ts';
import type { Tone } from '../tones.ts';
import type { Visit } from '../visit.ts';
import { actorWords } from './batch-parts.tsx';
import { Badge } from './frame.tsx';

export const CLAIM_TONES: Readonly<Record<ClaimState, Tone>> = {
  proposed: 'bad',
  dismissed: 'quiet',
  opened: 'bad',
  asked: 'wait',
  granted: 'wait',
  refused: 'quiet',
  returned: 'good',
};

export function ClaimBadge({ visit, state }: { visit: Visit; state: ClaimState }) {
  return <Badge tone={CLAIM_TONES[state]}>{visit.words.say(`claim-state.${state}`)}</Badge>;
}

interface Told {
  id: string;
  atMs: number;
  actor: string;
  reason: string;
  title: string;
}

/** What happened, who did it and why; the newest first. */
export function Timeline({
  visit,
  names,
  events,
}: {
  visit: Visit;
  names: ReadonlyMap<string, string>;
  events: readonly Told[];
}) {
  const { say, moment, why } = visit.words;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{say('story.title')}</h2>
      <ol class="story">
        {[...events].reverse().map(({ id, atMs, actor, reason, title }) => (
          <li key={id}>
            <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
            <p>
              {title} · {actorWords(visit, names, actor)}
              <small>{why(reason)}</small>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
