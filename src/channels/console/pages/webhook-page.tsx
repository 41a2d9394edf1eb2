import type { Biller } from '../../../domain/billers/index.ts';
import type { DeliveryView, EndpointChange, WebhookAttempt, WebhookEndpoint } from '../../../domain/webhooks/index.ts';
import { cursorText } from '../filters.ts';
import type { Visit } from '../visit.ts';
import { Act, Badge, Empty, Frame } from './frame.tsx';
import { DELIVERY_TONES, ENDPOINT_TONES, eventWords, nameOf, Secret } from './webhooks-page.tsx';

interface WebhookPageProps {
  visit: Visit;
  billers: readonly Biller[];
  endpoint: WebhookEndpoint;
  /** Newest first. */
  deliveries: readonly DeliveryView[];
  /** Of these deliveries, in the order in which they were made. */
  attempts: readonly WebhookAttempt[];
  /** After it the next page begins. */
  next: DeliveryView | undefined;
  /** Newest first. */
  changes: readonly EndpointChange[];
  /** Of staff, by id. */
  names: ReadonlyMap<string, string>;
  /** Of the secrets that sign, the newest first. */
  secrets: readonly { createdAtMs: number; endsAtMs: number | null }[];
  overlapHours: number;
  today: string;
  /** Of a rotation that was just made: shown this once. */
  secret?: { text: string; oldEndsAtMs: number } | undefined;
  fault?: string | undefined;
  note?: string | undefined;
}

/** One address: what it was told, what it answered, who changed it, and what can be done. */
export function WebhookPage(props: WebhookPageProps) {
  const { visit, billers, endpoint, secret, fault, note } = props;
  const { say, time } = visit.words;
  const biller = nameOf(billers, endpoint.ownerId);
  return (
    <Frame visit={visit} title={`${say('place.webhooks')}: ${biller}`} note={note}>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      {secret && <Secret visit={visit} secret={secret.text} />}
      {secret && <p class="hint">{say('endpoint.old-ends', { time: time(secret.oldEndsAtMs) })}</p>}
      <div class="columns">
        <div>
          <Facts {...props} />
          <Acts {...props} />
          <Changes {...props} />
        </div>
        <Deliveries {...props} />
      </div>
      <p>
        <a href="/console/webhooks">{say('endpoint.back')}</a>
      </p>
    </Frame>
  );
}

function Facts({ visit, billers, endpoint, secrets }: WebhookPageProps) {
  const { say, time } = visit.words;
  const { ownerId, url, state, reason, createdAtMs, changedAtMs } = endpoint;
  return (
    <section class="card">
      <p class="hint">{nameOf(billers, ownerId)}</p>
      <h1 class="headline">
        <span>{URL.canParse(url) ? new URL(url).host : url}</span>
        <Badge tone={ENDPOINT_TONES[state]}>{say(`endpoint-state.${state}`)}</Badge>
      </h1>
      <p>
        <code>{url}</code>
      </p>
      <dl class="facts">
        <div>
          <dt>{say('endpoint.events')}</dt>
          <dd>{eventWords(visit, endpoint)}</dd>
        </div>
        <div>
          <dt>{say('endpoint.since')}</dt>
          <dd>
            {time(changedAtMs)}
            <small>{reason}</small>
          </dd>
        </div>
        <div>
          <dt>{say('endpoint.added')}</dt>
          <dd>{time(createdAtMs)}</dd>
        </div>
        <div>
          <dt>{say('endpoint.secrets')}</dt>
          <dd>
            {secrets.map((one) => (
              <small key={one.createdAtMs}>
                {one.endsAtMs === null
                  ? say('endpoint.secret-since', { time: time(one.createdAtMs) })
                  : say('endpoint.secret-until', { time: time(one.endsAtMs) })}
              </small>
            ))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Acts({ visit, endpoint, overlapHours, today }: WebhookPageProps) {
  const { say } = visit.words;
  if (!visit.may('finance', 'administrator')) return null;
  const path = `/console/webhooks/${endpoint.id}`;
  const isEnabled = endpoint.state === 'enabled';
  const changes = visit.may('administrator');
  if (!isEnabled && !changes) return <p class="hint">{say('refusal.webhook.endpoint-disabled')}</p>;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {isEnabled && <Act visit={visit} action={`${path}/test`} name="endpoint-test" />}
      {isEnabled && (
        <Act visit={visit} action={`${path}/since`} name="resend-since">
          <div class="field">
            <label for="since">{say('act.resend-since.since')}</label>
            <input id="since" name="since" type="date" value={today} max={today} required />
          </div>
        </Act>
      )}
      {changes && (
        <Act visit={visit} action={`${path}/rotate`} name="rotate">
          <div class="field">
            <label for="hours">{say('act.rotate.hours')}</label>
            <input
              {...{ id: 'hours', name: 'hours', type: 'number', min: 0, max: 8760, required: true }}
              value={String(overlapHours)}
            />
          </div>
        </Act>
      )}
      {changes && isEnabled && <Act visit={visit} action={`${path}/disable`} name="endpoint-disable" />}
      {changes && !isEnabled && <Act visit={visit} action={`${path}/enable`} name="endpoint-enable" />}
    </section>
  );
}

function Changes({ visit, changes, names }: WebhookPageProps) {
  const { say, name, moment } = visit.words;
  return (
    <section class="card" aria-labelledby="changes">
      <h2 id="changes">{say('endpoint.changes')}</h2>
      <ol class="story">
        {changes.map(({ id, atMs, actor, change, reason }) => (
          <li key={id}>
            <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
            <p>
              {say('story.act', {
                who: names.get(actor) ?? name('actor', actor),
                what: name('endpoint-change', change),
              })}
              <small>{reason}</small>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Deliveries({ visit, endpoint, deliveries, attempts, next }: WebhookPageProps) {
  const { say } = visit.words;
  const path = `/console/webhooks/${endpoint.id}`;
  const mayResend = endpoint.state === 'enabled' && visit.may('finance', 'administrator');
  return (
    <section class="card" aria-labelledby="deliveries">
      <h2 id="deliveries">{say('endpoint.deliveries')}</h2>
      {deliveries.length === 0 && <Empty>{say('endpoint.told-nothing')}</Empty>}
      {deliveries.map((delivery) => (
        <div key={delivery.id} class="line">
          <Delivery visit={visit} delivery={delivery} />
          <div class="acts">
            <Attempts visit={visit} attempts={attempts.filter(({ deliveryId }) => deliveryId === delivery.id)} />
            {mayResend && delivery.state !== 'waiting' && (
              <Act visit={visit} action={`${path}/resend`} name="resend" id={`resend-${delivery.id}`}>
                <input type="hidden" name="delivery" value={delivery.id} />
              </Act>
            )}
          </div>
        </div>
      ))}
      {next && (
        <p class="acts">
          <a class="button small" href={`${path}?after=${cursorText(next)}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </section>
  );
}

function Delivery({ visit, delivery }: { visit: Visit; delivery: DeliveryView }) {
  const { say, name, time } = visit.words;
  const { eventType, eventId, state, createdAtMs, dueAtMs } = delivery;
  return (
    <p>
      {name('event', eventType)} <Badge tone={DELIVERY_TONES[state]}>{name('delivery', state)}</Badge>
      <small>
        {time(createdAtMs)} <code>{eventType}</code> <code>webhook-id {eventId}</code>
      </small>
      {state === 'waiting' && <small>{say('endpoint.next', { time: time(dueAtMs) })}</small>}
    </p>
  );
}

function Attempts({ visit, attempts }: { visit: Visit; attempts: readonly WebhookAttempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <details class="act">
      <summary>{visit.words.say('endpoint.attempts', { count: attempts.length })}</summary>
      <ol class="next">
        {attempts.map((attempt) => (
          <li key={attempt.id}>
            <Attempt visit={visit} attempt={attempt} />
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What came back, as the receiver wrote it. */
function Attempt({ visit, attempt }: { visit: Visit; attempt: WebhookAttempt }) {
  const { say, time } = visit.words;
  const { startedAtMs, durationMs, status, answer } = attempt;
  const took = durationMs === null ? '' : say('endpoint.took', { ms: String(durationMs) });
  const came =
    durationMs === null
      ? say('endpoint.no-answer-kept')
      : status === null
        ? say('endpoint.no-answer')
        : say('endpoint.answered', { status: String(status) });
  return (
    <>
      {time(startedAtMs)} {came} {took}
      {answer && (
        <small>
          <code>{answer}</code>
        </small>
      )}
    </>
  );
}
