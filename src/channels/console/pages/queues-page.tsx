import type { Biller } from '../../../domain/billers/index.ts';
import { QUEUES, type Queue, type QueueItem } from '../../../domain/queues/index.ts';
import type { StaffMember } from '../../../domain/staff/index.ts';
import { claimPath } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { Act, ActForm, Empty, ExportLink, Frame } from './frame.tsx';

interface QueuesPageProps {
  visit: Visit;
  queue: Queue;
  counts: ReadonlyMap<Queue, number>;
  /** Past it a count says "many". */
  most: number;
  items: readonly QueueItem[];
  members: readonly Pick<StaffMember, 'id' | 'name'>[];
  billers: readonly Pick<Biller, 'id' | 'name'>[];
  nowMs: number;
  note?: string | undefined;
}

export function QueuesPage({ visit, queue, counts, most, items, members, billers, nowMs, note }: QueuesPageProps) {
  const { say } = visit.words;
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
      {items.length === 0 ? <Empty>{say('queue.empty')}</Empty> : <ExportLink visit={visit} list={`queue-${queue}`} />}
      {items.map((item) => (
        <Item key={item.id} visit={visit} item={item} members={members} billers={billers} nowMs={nowMs} />
      ))}
    </Frame>
  );
}

const countWords = (count: number, most: number) => (count >= most ? `${most}+` : String(count));

interface ItemProps {
  visit: Visit;
  item: QueueItem;
  members: QueuesPageProps['members'];
  billers: QueuesPageProps['billers'];
  nowMs: number;
}

function Item({ visit, item, members, billers, nowMs }: ItemProps) {
  const { say, money } = visit.words;
  const { queue, id, amountMinor, currency } = item;
  const owner = members.find((member) => member.id === item.ownerId)?.name ?? item.ownerId;
  const path = pathOf(item);
  const called = calledOf(visit, item, billers);
  return (
    <article class="card item">
      <div>
        <h2>{path ? <a href={path}>{called}</a> : called}</h2>
        <p>
          {amountMinor !== null && currency !== null && money({ amountMinor, currency })}
          <small>{detailOf(visit, item)}</small>
          <small>
            {say('queue.since', { age: ageWords(visit, nowMs - item.sinceMs) })}{' '}
            {owner ? say('queue.owner', { name: owner }) : say('queue.nobody')}
          </small>
        </p>
      </div>
      {visit.may('support', 'finance', 'administrator') && (
        <div class="acts">
          <Owner visit={visit} item={item} members={members} />
          {(queue === 'work' || queue === 'webhooks') && visit.may('finance', 'administrator') && (
            <Act visit={visit} action={`/console/queues/${queue}/repeat`} name="repeat" id={`repeat-${id}`}>
              <input type="hidden" name="item" value={id} />
            </Act>
          )}
        </div>
      )}
    </article>
  );
}

function Owner({ visit, item, members }: Omit<ItemProps, 'nowMs' | 'billers'>) {
  const { say } = visit.words;
  const own = visit.signedIn?.member.id;
  const action = `/console/queues/${item.queue}/assign`;
  return (
    <>
      <ActForm visit={visit} action={action}>
        <input type="hidden" name="item" value={item.id} />
        <input type="hidden" name="owner" value={item.ownerId === own ? '' : own} />
        <button type="submit" class="second small">
          {say(item.ownerId === own ? 'queue.give-back' : 'queue.take')}
        </button>
      </ActForm>
      <details class="act">
        <summary>{say('queue.hand-over')}</summary>
        <ActForm visit={visit} action={action}>
          <input type="hidden" name="item" value={item.id} />
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

function calledOf({ words }: Visit, { queue, name }: QueueItem, billers: QueuesPageProps['billers']): string {
  if (queue === 'breaks') return words.name('break-type', name);
  if (queue === 'webhooks') return words.name('event', name);
  if (queue === 'settlements') return settlementWords(name, billers);
  if (queue === 'work') return words.name('work', name.startsWith('inbox.') ? 'inbox' : name);
  return name;
}

/** The biller by the name that people know. */
function settlementWords(name: string, billers: QueuesPageProps['billers']): string {
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
