import type { Biller } from '../../../domain/billers/index.ts';
import {
  type EndpointCursor,
  EVENT_TYPES,
  type LastAnswer,
  type WebhookEndpoint,
} from '../../../domain/webhooks/index.ts';
import type { Visit } from '../visit.ts';
import { ActForm, Badge, Empty, Frame, ReasonField } from './frame.tsx';

interface WebhooksPageProps {
  visit: Visit;
  billers: readonly Biller[];
  /** Whose endpoints alone are shown; undefined: everybody's. */
  billerId: string | undefined;
  endpoints: readonly WebhookEndpoint[];
  /** By endpoint. */
  answers: ReadonlyMap<string, LastAnswer>;
  next: EndpointCursor | undefined;
  /** What was sent and could not be done. */
  values: Readonly<Record<string, string>>;
  fault?: string | undefined;
  /** Of an endpoint that was just added: shown this once. */
  secret?: string | undefined;
}

export const ENDPOINT_TONES = { enabled: 'good', disabled: 'quiet' } as const;
export const DELIVERY_TONES = { waiting: 'wait', delivered: 'good', failed: 'bad', dropped: 'quiet' } as const;

/** Where billers' systems are told of what happens, and what they answered last. */
export function WebhooksPage(props: WebhooksPageProps) {
  const { visit, billers, billerId, endpoints, answers, next, fault, secret } = props;
  const { say } = visit.words;
  const owners = [...new Set(endpoints.map(({ ownerId }) => ownerId))];
  return (
    <Frame visit={visit} title={say('place.webhooks')}>
      <h1>{say('place.webhooks')}</h1>
      <p class="hint">{say('endpoint.what')}</p>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      {secret && <Secret visit={visit} secret={secret} />}
      <BillerFilter visit={visit} billers={billers} billerId={billerId} />
      {endpoints.length === 0 && <Empty>{say('endpoint.none')}</Empty>}
      {owners.map((ownerId) => (
        <section key={ownerId} class="card" aria-label={nameOf(billers, ownerId)}>
          <h2>{nameOf(billers, ownerId)}</h2>
          {endpoints
            .filter((endpoint) => endpoint.ownerId === ownerId)
            .map((endpoint) => (
              <EndpointLine key={endpoint.id} visit={visit} endpoint={endpoint} answer={answers.get(endpoint.id)} />
            ))}
        </section>
      ))}
      {next && (
        <p>
          <a
            class="button small"
            href={`/console/webhooks?${billerId ? `biller=${billerId}&` : ''}after=${next.ownerId}_${next.id}`}
          >
            {say('endpoint.more')}
          </a>
        </p>
      )}
      {visit.may('administrator') && <AddForm {...props} />}
    </Frame>
  );
}

export function nameOf(billers: readonly Biller[], ownerId: string): string {
  return billers.find(({ id }) => id === ownerId)?.name ?? ownerId;
}

/** A secret that nobody sees again. */
export function Secret({ visit, secret }: { visit: Visit; secret: string }) {
  return (
    <div class="note good" role="status">
      <p>{visit.words.say('endpoint.secret')}</p>
      <p>
        <code>{secret}</code>
      </p>
    </div>
  );
}

function BillerFilter({ visit, billers, billerId }: Pick<WebhooksPageProps, 'visit' | 'billers' | 'billerId'>) {
  const { say } = visit.words;
  return (
    <form class="filters short" method="get" action="/console/webhooks">
      <div class="field">
        <label for="biller">{say('filter.biller')}</label>
        <select id="biller" name="biller">
          <option value="">{say('filter.any')}</option>
          {billers.map(({ id, name }) => (
            <option key={id} value={id} selected={id === billerId}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button type="submit">{say('filter.go')}</button>
    </form>
  );
}

function EndpointLine(props: { visit: Visit; endpoint: WebhookEndpoint; answer: LastAnswer | undefined }) {
  const { visit, endpoint, answer } = props;
  const { say } = visit.words;
  const { id, url, state, reason } = endpoint;
  return (
    <div class="line">
      <p>
        <a href={`/console/webhooks/${id}`}>{url}</a>{' '}
        <Badge tone={ENDPOINT_TONES[state]}>{say(`endpoint-state.${state}`)}</Badge>
        <small>{eventWords(visit, endpoint)}</small>
        {state === 'disabled' && <small>{reason}</small>}
        <small>{answer ? answerWords(visit, answer) : say('endpoint.told-nothing')}</small>
      </p>
    </div>
  );
}

export function eventWords({ words: { say } }: Visit, { eventTypes }: WebhookEndpoint): string {
  return eventTypes === '' ? say('endpoint.all-events') : eventTypes.split(',').join(', ');
}

function answerWords({ words: { say, name, time } }: Visit, { delivery, attempt }: LastAnswer): string {
  const told = {
    event: name('event', delivery.eventType),
    time: time(delivery.createdAtMs),
    state: name('delivery', delivery.state),
  };
  const last = say('endpoint.told', told);
  return attempt?.status ? `${last} ${say('endpoint.answered', { status: String(attempt.status) })}` : last;
}

function AddForm({ visit, billers, billerId, values }: WebhooksPageProps) {
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="add">
      <h2 id="add">{say('endpoint.add')}</h2>
      <ActForm visit={visit} action="/console/webhooks">
        <div class="field">
          <label for="add-biller">{say('filter.biller')}</label>
          <select id="add-biller" name="biller" required>
            {billers.map(({ id, name }) => (
              <option key={id} value={id} selected={id === (values.biller ?? billerId)}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="url">{say('endpoint.url')}</label>
          <p class="hint" id="url-hint">
            {say('endpoint.url-hint')}
          </p>
          <input
            {...{ id: 'url', name: 'url', type: 'url', value: values.url ?? '', required: true, maxLength: 500 }}
            {...{ autocomplete: 'off', 'aria-describedby': 'url-hint' }}
          />
        </div>
        <fieldset>
          <legend>{say('endpoint.events')}</legend>
          <p class="hint">{say('endpoint.events-hint')}</p>
          {EVENT_TYPES.biller.map((type) => (
            <label key={type} class="check" for={`event-${type}`}>
              <input
                {...{ id: `event-${type}`, type: 'checkbox', name: `event-${type}`, value: 'yes' }}
                checked={values[`event-${type}`] === 'yes'}
              />
              {type}
              <small>{say(`event-what.${type.replace('.', '-')}`)}</small>
            </label>
          ))}
        </fieldset>
        <ReasonField visit={visit} id="reason-add" />
        <button type="submit">{say('endpoint.add-go')}</button>
      </ActForm>
    </section>
  );
}
