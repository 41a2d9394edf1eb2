import type { PersonEntry, PersonStory } from '../../../domain/stories/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import { personPath } from '../person-key.ts';
import { PAYMENT_TONES } from '../tones.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act, ActForm, Badge, Empty, Frame } from './frame.tsx';
import { messageName } from './story.tsx';

interface PersonPageProps {
  desk: Desk;
  visit: Visit;
  story: PersonStory;
  names: ReadonlyMap<string, string>;
  /** Whether the number is shown in full; that is recorded. */
  isShown: boolean;
  note?: string | undefined;
}

export function PersonPage(props: PersonPageProps) {
  const { desk, visit, story, names, isShown, note } = props;
  const { say } = visit.words;
  const number = isShown ? story.msisdn : maskMsisdn(story.msisdn);
  const path = personPath(desk, story.msisdn);
  return (
    <Frame visit={visit} title={maskMsisdn(story.msisdn)} note={note}>
      <div class="columns">
        <div>
          <section class="card">
            <p class="hint">{say('person.title')}</p>
            <h1 class="headline number">{number}</h1>
            {!isShown && visit.may('support', 'finance', 'administrator') && (
              <ActForm visit={visit} action={`${path}/number`}>
                <button type="submit" class="second">
                  {say('act.number')}
                </button>
              </ActForm>
            )}
            <Settings {...props} />
          </section>
          <Links {...props} path={path} />
          {visit.may('support', 'finance', 'administrator') && (
            <section class="card" aria-label={say('act.title')}>
              <h2>{say('act.title')}</h2>
              <ActForm visit={visit} action={`${path}/note`}>
                <div class="field">
                  <label for="body">{say('act.note.label')}</label>
                  <textarea id="body" name="body" required maxLength={2000} rows={2} />
                </div>
                <button type="submit">{say('act.note.go')}</button>
              </ActForm>
              {story.customer?.pinHash && <Act visit={visit} action={`${path}/unlock`} name="unlock" />}
            </section>
          )}
        </div>
        <section class="card">
          <h2>{say('story.title')}</h2>
          {story.entries.length === 0 && <Empty>{say('person.nothing')}</Empty>}
          <ol class="story">
            {story.entries.map((entry, index) => (
              <li key={String(index)} class={`of-${entry.kind}`}>
                <time datetime={new Date(entry.atMs).toISOString()}>{visit.words.time(entry.atMs)}</time>
                <Entry desk={desk} visit={visit} entry={entry} names={names} />
              </li>
            ))}
          </ol>
          {story.nextBeforeMs !== undefined && (
            <p>
              <a class="button small" href={`${path}?before=${story.nextBeforeMs}`}>
                {say('payments.older')}
              </a>
            </p>
          )}
        </section>
      </div>
    </Frame>
  );
}

function Settings({ visit, story }: PersonPageProps) {
  const { say, time } = visit.words;
  const { customer, optOuts } = story;
  if (!customer) return <p>{say('person.stranger')}</p>;
  const language = visit.words.languages.find(({ id }) => id === customer.language)?.name ?? customer.language;
  const pin =
    customer.pinLockedUntilMs !== null && customer.pinLockedUntilMs > 0
      ? say('person.pin-locked', { time: time(customer.pinLockedUntilMs) })
      : say(customer.pinHash ? 'person.pin-set' : 'person.pin-none');
  const facts: [string, string][] = [
    ['language', language],
    ['pin', pin],
    ['prompts', say(customer.promptsBlockedAtMs === null ? 'person.prompts-allowed' : 'person.prompts-blocked')],
    ['opt-outs', optOuts.map(({ senderName }) => senderName).join(', ') || say('person.no-opt-out')],
    ['since', time(customer.createdAtMs)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{say(`person.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Links({ desk, visit, story, path }: PersonPageProps & { path: string }) {
  const { say } = visit.words;
  return (
    <section class="card">
      <h2>{say('person.links')}</h2>
      {story.links.length === 0 && <Empty>{say('person.no-links')}</Empty>}
      {story.links.map(({ id, billerId, account, nickname, holder }) => (
        <div key={id} class="line">
          <p>
            {desk.deps.billers.find((biller) => biller.id === billerId)?.name ?? billerId} {account} {nickname}
            <small>{holder}</small>
          </p>
          {visit.may('support', 'administrator') && (
            <Act visit={visit} action={`${path}/unlink`} name="unlink" id={id}>
              <input type="hidden" name="link" value={id} />
            </Act>
          )}
        </div>
      ))}
    </section>
  );
}

function Entry({
  desk,
  visit,
  entry,
  names,
}: Pick<PersonPageProps, 'desk' | 'visit' | 'names'> & { entry: PersonEntry }) {
  const { say, money } = visit.words;
  switch (entry.kind) {
    case 'payment': {
      const { payment } = entry;
      const biller = desk.deps.billers.find(({ id }) => id === payment.billerId)?.name ?? '-';
      return (
        <p>
          <a href={`/console/payments/${payment.id}`}>{payment.reference}</a> {money(payment)} {biller}{' '}
          {payment.account} <Badge tone={PAYMENT_TONES[payment.state]}>{say(`state.${payment.state}`)}</Badge>
        </p>
      );
    }
    case 'message': {
      const { kind, state, segments, cost } = entry.message;
      return (
        <p>
          {say('person.message', { message: messageName(visit, kind), state: say(`message.${state}`) })}
          <small>{say('story.message-parts', { segments, cost: cost ?? '-' })}</small>
        </p>
      );
    }
    case 'dialog': {
      const { screens, endedAs } = entry.dialog;
      return (
        <p>
          {say('person.dialog', { hops: screens.length, screen: screens.at(-1)?.screen ?? '-' })}{' '}
          <small>{say(`story.session.${endedAs}`)}</small>
        </p>
      );
    }
    case 'note':
      return (
        <p>
          {say('story.note', { who: names.get(entry.note.authorId) ?? entry.note.authorId })}
          <small>{entry.note.body}</small>
        </p>
      );
  }
}
