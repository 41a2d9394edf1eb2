import type { SubjectWords } from '../../../domain/queues/index.ts';
import { type Break, type BreakEvent, RESOLUTIONS } from '../../../domain/reconciliation/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act, Badge, Frame } from './frame.tsx';

interface BreakPageProps {
  desk: Desk;
  visit: Visit;
  found: Break;
  events: readonly BreakEvent[];
  names: ReadonlyMap<string, string>;
  /** The payment that it is about, if it is about one. */
  paymentId: string | undefined;
  /** How much the transfer, payment or refund is that it is about, if it is about one. */
  subject: SubjectWords | undefined;
  note?: string | undefined;
}

const TONES = { open: 'bad', proposed: 'wait', resolved: 'good' } as const;

export function BreakPage({ desk, visit, found, events, names, paymentId, subject, note }: BreakPageProps) {
  const { say, name, money, time } = visit.words;
  const { breakType, state, suggestedAction } = found;
  const amountMinor = found.amountMinor ?? subject?.amountMinor;
  const currency = found.amountMinor === null ? subject?.currency : found.currency;
  const type = name('break-type', breakType);
  const nameOf = (id: string) => names.get(id) ?? name('actor', id);
  const about = [found.day, partyName(desk, found.party), found.side && name('side', found.side)];
  return (
    <Frame visit={visit} title={type} note={note}>
      <div class="columns">
        <div>
          <section class="card">
            <p class="hint">{about.filter(Boolean).join(', ')}</p>
            <h1 class="headline">
              {type} <Badge tone={TONES[state]}>{say(`break.${state}`)}</Badge>
            </h1>
            {amountMinor !== undefined && currency && (
              <p>
                {money({ amountMinor, currency })} {subject?.reference}
              </p>
            )}
            <p>{visit.words.why(found.detail)}</p>
            {suggestedAction && <p>{say('break.usually', { action: name('break-action', suggestedAction) })}</p>}
            {paymentId && (
              <p>
                <a href={`/console/payments/${paymentId}`}>{say('break.payment')}</a>
              </p>
            )}
          </section>
          <Acts visit={visit} found={found} />
        </div>
        <section class="card">
          <h2>{say('story.title')}</h2>
          <ol class="story">
            {[...events].reverse().map(({ id, atMs, actor, fromState, toState, reason }) => (
              <li key={id}>
                <time datetime={new Date(atMs).toISOString()}>{time(atMs)}</time>
                <p>
                  {fromState === 'none'
                    ? say('break.opened')
                    : say('break.event', { who: nameOf(actor), state: say(`break.${toState}`) })}
                  <small>{visit.words.why(reason)}</small>
                </p>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </Frame>
  );
}

/** As people know it. */
function partyName({ deps }: Desk, party: string | null): string | null {
  return [...deps.billers, ...deps.operators].find(({ id }) => id === party)?.name ?? party;
}

function Acts({ visit, found }: Pick<BreakPageProps, 'visit' | 'found'>) {
  const { say } = visit.words;
  if (!visit.may('finance', 'administrator') || found.state === 'resolved') return null;
  const path = `/console/breaks/${found.id}`;
  const isOwn = found.proposedBy === visit.signedIn?.member.personId;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {found.state === 'open' && (
        <Act visit={visit} action={`${path}/propose`} name="propose">
          <div class="field">
            <label for="resolution">{say('break.resolution')}</label>
            <select id="resolution" name="resolution" required>
              {RESOLUTIONS.map((one) => (
                <option key={one} value={one}>
                  {say(`resolution.${one}`)}
                </option>
              ))}
            </select>
          </div>
        </Act>
      )}
      {found.state === 'proposed' && (
        <p>
          {say('break.proposal', { resolution: say(`resolution.${found.resolution ?? 'explained'}`) })}
          <small>{found.proposedReason}</small>
        </p>
      )}
      {found.state === 'proposed' && isOwn && <p class="hint">{say('break.own')}</p>}
      {found.state === 'proposed' && !isOwn && (
        <>
          <Act visit={visit} action={`${path}/confirm`} name="confirm" />
          <Act visit={visit} action={`${path}/reject`} name="reject" />
        </>
      )}
    </section>
  );
}
