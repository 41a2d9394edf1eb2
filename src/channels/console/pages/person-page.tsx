import type { Counter, UsedLimits } from '../../../domain/payments/index.ts';
import type { Erasure } from '../../../domain/privacy/index.ts';
import type { PersonEntry, PersonStory } from '../../../domain/stories/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import { rowPath } from '../batch-access.ts';
import { personPath } from '../person-key.ts';
import { PAYMENT_TONES } from '../tones.ts';
import type { Desk, Visit } from '../visit.ts';
import { ROW_TONES } from './batch-parts.tsx';
import { Act, ActForm, Badge, Empty, Frame } from './frame.tsx';
import { messageName } from './story.tsx';

interface PersonPageProps {
  desk: Desk;
  visit: Visit;
  story: PersonStory;
  limits: UsedLimits & {
    /** Accounts that were looked up and not found; undefined where that cannot be known now. */
    misses: Pick<Counter, 'used' | 'most'> | undefined;
  };
  nowMs: number;
  names: ReadonlyMap<string, string>;
  /** Whether the number is shown in full; that is recorded. */
  isShown: boolean;
  /** The last one of the number. */
  erasure?: Erasure | undefined;
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
            <ErasureNews {...props} />
            <Settings {...props} />
          </section>
          <Links {...props} path={path} />
          <Limits {...props} />
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
              {visit.may('administrator') && <Act visit={visit} action={`${path}/export`} name="export-person" />}
              {visit.may('support', 'administrator') && !isUnderWay(props.erasure) && (
                <Act visit={visit} action={`${path}/erase`} name="erase" />
              )}
            </section>
          )}
        </div>
        <section class="card">
          <h2>{say('story.title')}</h2>
          {story.entries.length === 0 && <Empty>{say('person.nothing')}</Empty>}
          <ol class="story">
            {story.entries.map((entry, index) => (
              <li key={String(index)} class={`of-${entry.kind}`}>
                <time datetime={new Date(entry.atMs).toISOString()}>{visit.words.moment(entry.atMs)}</time>
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

const UNDER_WAY: readonly string[] = ['proposed', 'granted', 'running'];
const isUnderWay = (erasure: Erasure | undefined) => erasure !== undefined && UNDER_WAY.includes(erasure.state);

/** That he was forgotten, or is to be. */
function ErasureNews({ visit, erasure }: PersonPageProps) {
  if (!erasure || (erasure.state !== 'done' && !isUnderWay(erasure))) return null;
  const { say, time } = visit.words;
  return (
    <p>
      {say(`erasure.${erasure.state}`, { time: time(erasure.changedAtMs) })}{' '}
      <a href={`/console/approvals/${erasure.approvalId}`}>{say('erasure.story')}</a>
    </p>
  );
}

function Settings({ visit, story, erasure, nowMs }: PersonPageProps) {
  const { say, time } = visit.words;
  const { customer, optOuts } = story;
  if (!customer) return erasure?.state === 'done' ? null : <p>{say('person.stranger')}</p>;
  const language = visit.words.languages.find(({ id }) => id === customer.language)?.name ?? customer.language;
  const pin =
    customer.pinLockedUntilMs !== null && customer.pinLockedUntilMs > nowMs
      ? say('person.pin-locked', { time: time(customer.pinLockedUntilMs) })
      : say(customer.pinHash ? 'person.pin-set' : 'person.pin-none');
  const facts: [string, string][] = [
    ['language', language],
    ['pin', pin],
    ['prompts', say(customer.promptsBlockedAtMs === null ? 'person.prompts-allowed' : 'person.prompts-blocked')],
    ['reminders', remindersWords(visit, story)],
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

/** STOP ends reminders, whoever's sender name is not blocked; receipts go on. */
function remindersWords({ words }: Visit, { customer }: PersonStory): string {
  const stoppedAtMs = customer?.remindersStoppedAtMs ?? null;
  return stoppedAtMs === null
    ? words.say('person.reminders-on')
    : words.say('person.reminders-off', { time: words.time(stoppedAtMs) });
}

/** What he has used today: whoever is refused asks why. */
function Limits({ visit, limits, erasure }: PersonPageProps) {
  const { say, money } = visit.words;
  if (erasure?.state === 'done') return null;
  const { onePayment, today, accounts, inTenMinutes, byOthers, misses } = limits;
  const counters: [string, Pick<Counter, 'used' | 'most'> | undefined][] = [
    ['accounts', accounts],
    ['in-ten-minutes', inTenMinutes],
    ['by-others', byOthers],
    ['misses', misses],
  ];
  return (
    <section class="card" aria-labelledby="limits">
      <h2 id="limits">{say('limits.title')}</h2>
      <dl class="facts">
        <div>
          <dt>{say('limits.today')}</dt>
          <dd>
            {today.used.amountMinor >= today.most.amountMinor ? (
              <Badge tone="bad">{say('limits.of', { used: money(today.used), most: money(today.most) })}</Badge>
            ) : (
              say('limits.of', { used: money(today.used), most: money(today.most) })
            )}
          </dd>
        </div>
        <div>
          <dt>{say('limits.one-payment')}</dt>
          <dd>{money(onePayment)}</dd>
        </div>
        {counters.map(([name, counter]) => (
          <div key={name}>
            <dt>{say(`limits.${name}`)}</dt>
            <dd>{counter === undefined ? say('limits.not-known') : <Count visit={visit} counter={counter} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Count({ visit, counter: { used, most } }: { visit: Visit; counter: Pick<Counter, 'used' | 'most'> }) {
  const words = visit.words.say('limits.of', { used: String(used), most: String(most) });
  return used >= most ? <Badge tone="bad">{words}</Badge> : <span>{words}</span>;
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
    case 'payout': {
      const { payout } = entry;
      const { batchId: id, organisationId, rowNo, receipt, answer, state } = payout;
      const details = [receipt, answer && say(`answer.${answer}`)].filter(Boolean);
      return (
        <p>
          <a href={rowPath({ id, organisationId }, rowNo)}>{say('person.payout', { from: payout.organisation })}</a>{' '}
          {money(payout)} <Badge tone={ROW_TONES[state]}>{say(`row-state.${state}`)}</Badge>
          <small>{details.join(' · ')}</small>
        </p>
      );
    }
    case 'incoming': {
      const what = visit.words.name('sms-taken-for', (entry.event.note ?? 'unread').replaceAll(' ', '-'));
      return (
        <p>
          {say('person.incoming', { what })} <a href={`/console/callbacks/${entry.event.id}`}>{say('story.raw')}</a>
        </p>
      );
    }
    case 'wish': {
      const { wish, source } = entry.consent;
      return <p>{say(`person.wish-${wish}`, { how: say(`wish-source.${source}`) })}</p>;
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
          {say('person.dialog', { hops: screens.length, screen: visit.words.screen(screens.at(-1)?.screen ?? '-') })}{' '}
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
