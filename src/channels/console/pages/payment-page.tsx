import { awaitsToken } from '../../../domain/payments/index.ts';
import type { PaymentStory } from '../../../domain/stories/index.ts';
import { isMsisdn, type Msisdn, maskMsisdn } from '../../../kernel/index.ts';
import { personPath } from '../person-key.ts';
import { PAYMENT_TONES } from '../tones.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act, ActForm, Badge, Frame } from './frame.tsx';
import { billerName } from './payment-table.tsx';
import { RefundsCard } from './refunds-card.tsx';
import { Story } from './story.tsx';

interface PaymentPageProps {
  desk: Desk;
  visit: Visit;
  story: PaymentStory;
  /** What `paymentPulse` said before the story was read. */
  pulse: string;
  names: ReadonlyMap<string, string>;
  note?: string | undefined;
  /** In words for the reader; only when he asked to see them, which is recorded. */
  tokens?: readonly string[];
  tokenCount: number;
}

/** One payment: how it stands, what happens next, what can be done, and everything that happened. */
export function PaymentPage(props: PaymentPageProps) {
  const { desk, visit, story, pulse, names, note } = props;
  const { say, money } = visit.words;
  const { payment } = story;
  const path = `/console/payments/${payment.id}`;
  const isMoving = story.next.some(({ state }) => state === 'ready');
  return (
    <Frame visit={visit} title={payment.reference} note={note} refreshAfterS={isMoving ? 10 : undefined}>
      <div class="columns" {...(isMoving ? { 'data-live': `${path}/events?seen=${encodeURIComponent(pulse)}` } : {})}>
        <div>
          <section class="card">
            <p class="hint">
              {billerName(desk, payment)} {payment.account} {payment.holder}
            </p>
            <h1 class="headline">
              {money(payment)} <Badge tone={PAYMENT_TONES[payment.state]}>{say(`state.${payment.state}`)}</Badge>
            </h1>
            <p>{say(`state-why.${awaitsToken(payment) ? 'token-due' : payment.state}`)}</p>
            {payment.reason && <p>{visit.words.why(payment.reason)}</p>}
            <Next visit={visit} story={story} />
          </section>
          <Facts {...props} />
          <Acts {...props} path={path} />
          <RefundsCard visit={visit} story={story} names={names} />
        </div>
        <section class="card">
          <h2>{say('story.title')}</h2>
          <Story desk={desk} visit={visit} entries={story.entries} names={names} />
        </section>
      </div>
    </Frame>
  );
}

function Next({ visit, story }: Pick<PaymentPageProps, 'visit' | 'story'>) {
  const { say, name, time } = visit.words;
  if (story.next.length === 0) return <p class="hint">{say('next.nothing')}</p>;
  return (
    <ul class="next">
      {story.next.map(({ id, topic, state, dueAtMs, attempts, claimedBy }) => (
        <li key={id}>
          {state === 'dead'
            ? say('next.dead', { what: name('work', topic), attempts })
            : claimedBy
              ? say('next.now', { what: name('work', topic) })
              : say('next.planned', { what: name('work', topic), time: time(dueAtMs), attempts })}
        </li>
      ))}
    </ul>
  );
}

function Facts({ desk, visit, story, tokens, tokenCount }: PaymentPageProps) {
  const { say, time } = visit.words;
  const { payment } = story;
  const number = (msisdn: Msisdn | null) =>
    msisdn === null ? (
      say('payment.unknown-payer')
    ) : isMsisdn(msisdn) ? (
      <a href={personPath(desk, msisdn)}>{maskMsisdn(msisdn)}</a>
    ) : (
      say('payment.erased')
    );
  const facts: [string, preact.ComponentChildren][] = [
    ['reference', payment.reference],
    ['receipt', payment.operatorReceipt ?? '-'],
    ['biller-reference', payment.billerReference ?? '-'],
    ['dialler', number(payment.dialler)],
    ['payer', number(payment.payer)],
    ['channel', say(`channel.${payment.channel}`)],
    ['created', time(payment.createdAtMs)],
    ['collected', payment.collectedAtMs === null ? '-' : time(payment.collectedAtMs)],
    ['posted', payment.postedAtMs === null ? '-' : time(payment.postedAtMs)],
  ];
  return (
    <section class="card" aria-label={say('payment.facts')}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{say(`fact.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tokens?.map((token) => (
        <p key={token} class="token">
          <code>{token}</code>
        </p>
      ))}
      {!tokens && tokenCount > 0 && visit.may('support', 'finance', 'administrator') && (
        <ActForm visit={visit} action={`/console/payments/${payment.id}/tokens`}>
          <button type="submit" class="second">
            {say('act.tokens', { count: tokenCount })}
          </button>
        </ActForm>
      )}
    </section>
  );
}

function Acts({ visit, story, path }: PaymentPageProps & { path: string }) {
  const { say } = visit.words;
  const { payment, next } = story;
  if (!visit.may('support', 'finance', 'administrator')) return null;
  const waits = (topic: string) => next.some((work) => work.topic === topic && work.state === 'ready');
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      <ActForm visit={visit} action={`${path}/note`}>
        <div class="field">
          <label for="body">{say('act.note.label')}</label>
          <textarea id="body" name="body" required maxLength={2000} rows={2} />
        </div>
        <button type="submit">{say('act.note.go')}</button>
      </ActForm>
      {payment.state === 'held' && visit.may('finance', 'administrator') && (
        <Act visit={visit} action={`${path}/release`} name="release" />
      )}
      {payment.state === 'posted' && (
        <Act visit={visit} action={`${path}/receipt`} name="receipt">
          <RecipientField visit={visit} dialler={payment.dialler} payer={payment.payer} />
        </Act>
      )}
      {waits('transfer.inquire') && <Act visit={visit} action={`${path}/ask-operator`} name="ask-operator" />}
      {waits('payment.post') && <Act visit={visit} action={`${path}/ask-biller`} name="ask-biller" />}
      {next.some(({ state }) => state === 'dead') && <Act visit={visit} action={`${path}/repeat`} name="repeat" />}
    </section>
  );
}

function RecipientField({ visit, dialler, payer }: { visit: Visit; dialler: Msisdn | null; payer: Msisdn | null }) {
  const { say } = visit.words;
  if (dialler === null || payer === null || dialler === payer) return null;
  return (
    <div class="field">
      <label for="to">{say('act.receipt.to')}</label>
      <select id="to" name="to">
        <option value="dialler">{say('act.receipt.dialler', { number: maskMsisdn(dialler) })}</option>
        <option value="payer">{say('act.receipt.payer', { number: maskMsisdn(payer) })}</option>
      </select>
    </div>
  );
}
