import {
  KINDS_OF,
  PARTIES_OF,
  QUEUES,
  type Queue,
  type QueueItem,
  type QueuePage,
} from '../../../domain/queues/index.ts';
import type { StaffMember } from '../../../domain/staff/index.ts';
import { claimPath } from '../batch-access.ts';
import { MINE, NOBODY, queuePlaceText } from '../queue-filters.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act, ActForm, Empty, ExportLink, Frame } from './frame.tsx';

interface Named {
  id: string;
  name: string;
}

interface QueuesPageProps {
  desk: Desk;
  visit: Visit;
  queue: Queue;
  counts: ReadonlyMap<Queue, number>;
  /** Past it a count says "many". */
  most: number;
  page: QueuePage;
  /** The filters that count; empty where there are none. */
  address: string;
  /** How much fits them, where there are some. */
  fitting: number | undefined;
  /** Whether there is a page before. */
  isLater: boolean;
  members: readonly Pick<StaffMember, 'id' | 'name'>[];
  /** To which the queue can be narrowed. */
  organisations: readonly Named[];
  /** Steps that were given up, by name. */
  topics: readonly string[];
  nowMs: number;
  note?: string | undefined;
}

export function QueuesPage(props: QueuesPageProps) {
  const { visit, queue, counts, most, page, address, fitting, note } = props;
  const { say } = visit.words;
  const empty = fitting === undefined ? 'queue.empty' : 'queue.none-fit';
  return (
    <Frame visit={visit} title={say('place.queues')} note={note}>
      <h1>{say('place.queues')}</h1>
      <nav aria-label={say('place.queues')}>
        <ul class="places tabs">
          {QUEUES.map((id) => (
            <li key={id}>
              <a href={`/console/queues/${id}`} {...(id === queue ? { 'aria-current': 'page' as const } : {})}>
                {say(`queue.${id}`)} <span class="count">{countWords(counts.get(id) ?? 0, most)}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="hint">{say(`queue-what.${queue}`)}</p>
      {((counts.get(queue) ?? 0) > 0 || address !== '') && <Filters {...props} />}
      {fitting !== undefined && fitting > 0 && (
        <p>{say(fitting >= most ? 'queue.many-fit' : 'queue.fit', { count: fitting })}</p>
      )}
      {page.items.length === 0 ? (
        <Empty>{say(empty)}</Empty>
      ) : (
        <ExportLink visit={visit} list={`queue-${queue}`} query={address} />
      )}
      {page.items.map((item) => (
        <Item key={item.id} {...props} item={item} />
      ))}
      <Turn {...props} />
    </Frame>
  );
}

const countWords = (count: number, most: number) => (count >= most ? `${most}+` : String(count));

/** On to the next page, and back to the first. */
function Turn({ visit, queue, page: { next }, address, isLater }: QueuesPageProps) {
  const { say } = visit.words;
  if (!next && !isLater) return null;
  const path = `/console/queues/${queue}?${address}`;
  return (
    <p class="acts">
      {isLater && (
        <a class="button second small" href={path}>
          {say('queue.first')}
        </a>
      )}
      {next && (
        <a class="button small" href={`${path}${address === '' ? '' : '&'}after=${queuePlaceText(next)}`}>
          {say('queue.next')}
        </a>
      )}
    </p>
  );
}

function Filters(props: QueuesPageProps) {
  const { desk, visit, queue, address, members, organisations, topics } = props;
  const { say } = visit.words;
  const chosen = Object.fromEntries(new URLSearchParams(address));
  const choice = (name: string, options: readonly Named[]) =>
    options.length > 0 && (
      <div class="field">
        <label for={name}>{say(`filter.${name}`)}</label>
        <select id={name} name={name}>
          <option value="">{say('filter.any')}</option>
          {options.map((option) => (
            <option key={option.id} value={option.id} selected={option.id === chosen[name]}>
              {option.name}
            </option>
          ))}
        </select>
      </div>
    );
  const kinds = queue === 'work' ? withChosen(topics, chosen.type) : KINDS_OF[queue];
  const named = kinds.map((id) => ({ id, name: kindWords(visit, queue, id) }));
  const { billers, operators } = desk.deps;
  const known = { biller: billers, operator: operators, organisation: organisations };
  const own = visit.signedIn?.member.id;
  const owners = [
    { id: MINE, name: say('queue.mine') },
    { id: NOBODY, name: say('queue.nobodys') },
    ...members.filter(({ id }) => id !== own),
  ];
  return (
    <form class="filters" method="get" action={`/console/queues/${queue}`}>
      {choice('type', named)}
      {choice(
        'party',
        PARTIES_OF[queue].flatMap((kind) => known[kind]),
      )}
      <div class="field">
        <label for="day">{say('filter.day')}</label>
        <input type="date" id="day" name="day" value={chosen.day ?? ''} />
      </div>
      {choice('owner', owners)}
      <button type="submit">{say('filter.go')}</button>
    </form>
  );
}

const withChosen = (topics: readonly string[], chosen: string | undefined) =>
  chosen === undefined || topics.includes(chosen) ? topics : [...topics, chosen];

function kindWords({ words }: Visit, queue: Queue, kind: string): string {
  if (queue === 'breaks') return words.name('break-type', kind);
  if (queue === 'unknown') return words.name('route', kind);
  if (queue === 'owed') return words.say(`state.${kind}`);
  if (queue === 'claims') return words.name('claim-state', kind);
  if (queue === 'settlements') return words.name('settlement-waits', kind);
  return queue === 'work' ? workWords(words, kind) : words.name('event', kind);
}

const workWords = (words: Visit['words'], topic: string) =>
  topic.startsWith('inbox.') ? `${words.name('work', 'inbox')} (${topic.slice(6)})` : words.name('work', topic);

interface ItemProps extends QueuesPageProps {
  item: QueueItem;
}

function Item(props: ItemProps) {
  const { desk, visit, item, members, nowMs } = props;
  const { say, money } = visit.words;
  const { queue, id, amountMinor, currency } = item;
  const owner = members.find((member) => member.id === item.ownerId)?.name ?? item.ownerId;
  const path = pathOf(item);
  const called = calledOf(visit, item, desk.deps.billers);
  return (
    <article class="card item">
      <div>
        <h2>{path ? <a href={path}>{called}</a> : called}</h2>
        <p>
          {amountMinor !== null && currency !== null && money({ amountMinor, currency })} {item.reference}
          <small>{detailOf(visit, item)}</small>
          <small>
            {say('queue.since', { age: ageWords(visit, nowMs - item.sinceMs) })}{' '}
            {owner ? say('queue.owner', { name: owner }) : say('queue.nobody')}
          </small>
        </p>
      </div>
      {visit.may('support', 'finance', 'administrator') && (
        <div class="acts">
          <Owner {...props} />
          {(queue === 'work' || queue === 'webhooks') && visit.may('finance', 'administrator') && (
            <Act visit={visit} action={`/console/queues/${queue}/repeat`} name="repeat" id={`repeat-${id}`}>
              <ItemFields {...props} />
            </Act>
          )}
        </div>
      )}
    </article>
  );
}

/** Which thing it is, and where the reader stands: he comes back to there. */
function ItemFields({ visit, item, address }: ItemProps) {
  const { after } = visit.query;
  const from = new URLSearchParams(address);
  if (after) from.set('after', after);
  const text = from.toString();
  return (
    <>
      <input type="hidden" name="item" value={item.id} />
      {text !== '' && <input type="hidden" name="from" value={text} />}
    </>
  );
}

function Owner(props: ItemProps) {
  const { visit, item, members } = props;
  const { say } = visit.words;
  const own = visit.signedIn?.member.id;
  const action = `/console/queues/${item.queue}/assign`;
  return (
    <>
      <ActForm visit={visit} action={action}>
        <ItemFields {...props} />
        <input type="hidden" name="owner" value={item.ownerId === own ? '' : own} />
        <button type="submit" class="second small">
          {say(item.ownerId === own ? 'queue.give-back' : 'queue.take')}
        </button>
      </ActForm>
      <details class="act">
        <summary>{say('queue.hand-over')}</summary>
        <ActForm visit={visit} action={action}>
          <ItemFields {...props} />
          <div class="field">
            <label for={`owner-${item.id}`}>{say('queue.to')}</label>
            <select id={`owner-${item.id}`} name="owner">
              {members.map(({ id, name }) => (
                <option key={id} value={id} selected={id === item.ownerId}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <button type="submit">{say('queue.hand-over')}</button>
        </ActForm>
      </details>
    </>
  );
}

function calledOf({ words }: Visit, { queue, name }: QueueItem, billers: Desk['deps']['billers']): string {
  if (queue === 'breaks') return words.name('break-type', name);
  if (queue === 'webhooks') return words.name('event', name);
  if (queue === 'settlements') return settlementWords(name, billers);
  if (queue === 'work') return words.name('work', name.startsWith('inbox.') ? 'inbox' : name);
  return name;
}

/** The biller by the name that people know. */
function settlementWords(name: string, billers: Desk['deps']['billers']): string {
  const biller = billers.find(({ id }) => name.startsWith(`${id} `));
  return biller ? `${biller.name}${name.slice(biller.id.length)}` : name;
}

function detailOf({ words }: Visit, { queue, detail }: QueueItem): string {
  if (queue === 'settlements') return words.name('settlement-waits', detail);
  if (queue === 'claims') return words.name('claim-state', detail);
  return queue === 'webhooks' ? words.say('queue.tries', { count: Number(detail) }) : words.why(detail);
}

function pathOf({ queue, id, paymentId, endpointId, organisationId }: QueueItem): string | undefined {
  if (queue === 'breaks') return `/console/breaks/${id}`;
  if (queue === 'settlements') return `/console/settlements/${id}`;
  if (queue === 'claims') return claimPath({ id, organisationId: organisationId ?? '' });
  if (endpointId !== undefined) return `/console/webhooks/${endpointId}`;
  return paymentId === null ? undefined : `/console/payments/${paymentId}`;
}

const MINUTE_MS = 60_000;

function ageWords({ words }: Visit, ageMs: number): string {
  const minutes = Math.max(0, Math.floor(ageMs / MINUTE_MS));
  if (minutes < 60) return words.say('age.minutes', { count: minutes });
  if (minutes < 48 * 60) return words.say('age.hours', { count: Math.floor(minutes / 60) });
  return words.say('age.days', { count: Math.floor(minutes / 1_440) });
}
