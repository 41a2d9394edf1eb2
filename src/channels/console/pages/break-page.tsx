import type { SubjectWords } from '../../../domain/queues/index.ts';
import { type Break, type BreakEvent, RESOLUTIONS } from '../../../domain/reconciliation/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { Fault } from './batch-parts.tsx';
import { Act, Badge, Frame } from './frame.tsx';

export type BreakActName = 'propose' | 'confirm' | 'reject';

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
  /** An act that was refused: why, and what its form held. */
  refused?: { fault: string; reason: string; resolution: string; act: BreakActName } | undefined;
}

const TONES = { open: 'bad', proposed: 'wait', resolved: 'good' } as const;

export function BreakPage(props: BreakPageProps) {
  const { desk, visit, found, events, names, paymentId, subject, note, refused } = props;
  const { say, name, money, moment } = visit.words;
  const { breakType, state, suggestedAction } = found;
  const amountMinor = found.amountMinor ?? subject?.amountMinor;
  const currency = found.amountMinor === null ? subject?.currency : found.currency;
  const type = name('break-type', breakType);
  const about = [found.day, partyName(desk, found.party), found.side && name('side', found.side)];
  return (
    <Frame visit={visit} title={type} note={note}>
      <Fault fault={refused?.fault} />
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
          <Acts {...props} />
        </div>
        <section class="card">
          <h2>{say('story.title')}</h2>
          <ol class="story">
            {[...events].reverse().map(({ id, atMs, actor, fromState, toState, reason }) => (
              <li key={id}>
                <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
                <p>
                  {fromState === 'none'
                    ? say('break.opened')
                    : say('break.event', {
                        who: names.get(actor) ?? name('actor', actor),
                        state: say(`break.${toState}`),
                      })}
                  <small>{saidWords(visit, reason)}</small>
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

/** What somebody said; a proposal begins with what is to have become of it. */
function saidWords({ words }: Visit, reason: string): string {
  const resolution = RESOLUTIONS.find((one) => reason.startsWith(`${one}: `));
  if (!resolution) return words.why(reason);
  return `${words.say(`resolution.${resolution}`)}: ${reason.slice(resolution.length + 2)}`;
}

/** Who was faster, and what he did and said. */
export function fasterWords(visit: Visit, last: BreakEvent, names: ReadonlyMap<string, string>): string {
  const { say, name, moment } = visit.words;
  const who = names.get(last.actor) ?? name('actor', last.actor);
  const told = { who, time: moment(last.atMs), state: say(`break.${last.toState}`) };
  return say('break.faster', { ...told, reason: saidWords(visit, last.reason) });
}

/** The form in which he wrote is open again; where it is gone, the one that is there now. */
function reasonFor({ found, refused }: BreakPageProps, act: string): string | undefined {
  if (!refused) return undefined;
  const isThere = found.state === 'open' ? refused.act === 'propose' : refused.act !== 'propose';
  return !isThere || refused.act === act ? refused.reason : undefined;
}

function Acts(props: BreakPageProps) {
  const { visit, found, refused } = props;
  const { say } = visit.words;
  if (!visit.may('finance', 'administrator')) return null;
  if (found.state === 'resolved') return <Written {...props} />;
  const path = `/console/breaks/${found.id}`;
  const isOwn = found.proposedBy === visit.signedIn?.member.personId;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {found.state === 'open' && (
        <Act visit={visit} action={`${path}/propose`} name="propose" reason={reasonFor(props, 'propose')}>
          <div class="field">
            <label for="resolution">{say('break.resolution')}</label>
            <select id="resolution" name="resolution" required>
              {RESOLUTIONS.map((one) => (
                <option key={one} value={one} selected={one === refused?.resolution}>
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
      {found.state === 'proposed' && isOwn && (
        <>
          <p class="hint">{say('break.own')}</p>
          <Written {...props} />
        </>
      )}
      {found.state === 'proposed' && !isOwn && (
        <>
          <Act visit={visit} action={`${path}/confirm`} name="confirm" reason={reasonFor(props, 'confirm')} />
          <Act visit={visit} action={`${path}/reject`} name="reject" reason={reasonFor(props, 'reject')} />
        </>
      )}
    </section>
  );
}

/** No form is left that it could stand in: it can be copied into a note or a message. */
function Written({ visit, refused }: BreakPageProps) {
  if (!refused) return null;
  return (
    <p>
      {visit.words.say('break.written')}
      <small>{refused.reason}</small>
    </p>
  );
}
