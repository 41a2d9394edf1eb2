import type { StoryEntry } from '../../../domain/stories/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import type { Desk, Visit } from '../visit.ts';

interface StoryProps {
  desk: Desk;
  visit: Visit;
  entries: readonly StoryEntry[];
  /** Names of staff by id. */
  names: ReadonlyMap<string, string>;
}

/** The timeline of a payment, newest first. */
export function Story({ visit, entries, names }: StoryProps) {
  return (
    <ol class="story">
      {entries.map((entry, index) => (
        <li key={String(index)} class={`of-${entry.kind}`}>
          <time datetime={new Date(entry.atMs).toISOString()}>{visit.words.moment(entry.atMs)}</time>
          <Entry visit={visit} entry={entry} names={names} />
        </li>
      ))}
    </ol>
  );
}

type EntryProps = Pick<StoryProps, 'visit' | 'names'> & { entry: StoryEntry };

function Entry({ visit, entry, names }: EntryProps) {
  const { say, name, why, money } = visit.words;
  const nameOf = (id: string) => names.get(id) ?? name('actor', id);
  switch (entry.kind) {
    case 'screen':
      return <p>{say('story.screen', { screen: visit.words.screen(entry.screen) })}</p>;
    case 'session-end':
      return <p>{say(`story.session.${entry.endedAs}`)}</p>;
    case 'payment':
      return (
        <Told
          title={say('story.payment', { state: say(`state.${entry.to}`) })}
          detail={say('story.act', { who: nameOf(entry.actor), what: why(entry.reason) })}
        />
      );
    case 'transfer':
      return (
        <Told
          title={say('story.transfer', { state: say(`transfer.${entry.to}`) })}
          detail={say('story.act', { who: nameOf(entry.actor), what: why(entry.reason) })}
        />
      );
    case 'refund':
      return (
        <Told
          title={say('story.refund', { state: say(`refund.${entry.to}`) })}
          detail={say('story.act', { who: nameOf(entry.actor), what: why(entry.reason) })}
        />
      );
    case 'callback':
      return (
        <p>
          {say('story.callback', { provider: entry.provider, kind: entry.callback })}{' '}
          <a href={`/console/callbacks/${entry.id}`}>{say('story.raw')}</a>
          <small>
            {say(`inbox.${entry.state}`)} {entry.note}
          </small>
        </p>
      );
    case 'posting':
      return (
        <div>
          <p>{say('story.posting', { entry: name('entry', entry.entry) })}</p>
          <ul class="postings">
            {entry.lines.map(({ account, amountMinor, currency }) => (
              <li key={account}>
                <code>{account}</code> <span class="number">{money({ amountMinor, currency })}</span>
              </li>
            ))}
          </ul>
        </div>
      );
    case 'message': {
      const told = {
        to: maskMsisdn(entry.to),
        message: messageName(visit, entry.message),
        state: say(`message.${entry.state}`),
      };
      const parts = say('story.message-parts', { segments: entry.segments, cost: entry.cost ?? '-' });
      return <Told title={say('story.message', told)} detail={`${parts} ${entry.failure ?? ''}`} />;
    }
    case 'act': {
      const told = { who: nameOf(entry.actorId), what: name('audit', entry.act) };
      return <Told title={say('story.act', told)} detail={entry.reason} />;
    }
    case 'note':
      return <Told title={say('story.note', { who: nameOf(entry.authorId) })} detail={entry.body} />;
    case 'break':
      return (
        <Told
          title={say('story.break', {
            type: name('break-type', entry.breakType),
            state: say(`break.${entry.state}`),
          })}
          detail={why(entry.detail)}
        />
      );
    case 'webhook':
      return <p>{say('story.webhook', { event: entry.event, state: name('delivery', entry.state) })}</p>;
  }
}

/** Messages of one kind differ in what they add: any receipt is one. */
export function messageFamily(kind: string): string {
  return /^(receipt|reminder|reply|bill|refund-due)(?=-)/.exec(kind)?.[0] ?? kind;
}

export const messageName = ({ words }: Pick<Visit, 'words'>, kind: string): string =>
  words.name('sms', messageFamily(kind));

function Told({ title, detail }: { title: string; detail: string }) {
  return (
    <p>
      {title}
      {detail.trim() && <small>{detail}</small>}
    </p>
  );
}
