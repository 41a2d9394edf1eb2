import { z } from 'zod';
import { recordAct } from '../../domain/audit/index.ts';
import {
  addEndpoint,
  type DeliveryView,
  type EndpointState,
  findDelivery,
  findEndpoint,
  listAttempts,
  listDeliveries,
  listEndpoints,
  resendDelivery,
  rotateSecret,
  setEndpointState,
  type WebhookEndpoint,
} from '../../domain/webhooks/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { pageOf, readCursor } from './cursor.ts';
import { type Act, type Answer, type Call, type Endpoint, get, post } from './endpoint.ts';
import { problemExample } from './problems.ts';
import { Id, instantOf, NothingShape, OneId, PageQuery, pageShape, ReasonShape } from './shapes.ts';
import {
  AddBody,
  DeliveryShape,
  NewWebhookShape,
  RotateBody,
  RotatedShape,
  showDelivery,
  showWebhook,
  WebhookShape,
} from './webhook-shapes.ts';

const common = { tag: 'Webhooks', scope: 'webhooks' } as const;
const ID = '019ac000-0000-7000-8000-000000000003';
const SECOND_ID = '019ac000-0000-7000-8000-000000000004';
const DELIVERY_ID = '019ac000-0000-7000-8000-000000000005';
const HOUR_MS = 3_600_000;

const SHOWN = {
  ...{
    id: ID,
    url: 'https://pay.tumaini.example/malipo',
    events: ['payout.settled', 'payout.answered', 'batch.closed'],
  },
  ...{
    state: 'enabled',
    reason: 'added',
    createdAt: '2026-11-20T08:00:00.000Z',
    changedAt: '2026-11-20T08:00:00.000Z',
  },
};
const DELIVERY = {
  ...{ id: DELIVERY_ID, eventId: '019ac000-0000-7000-8000-000000000006', event: 'batch.closed', state: 'failed' },
  ...{ attempts: 10, createdAt: '2026-11-20T09:00:00.000Z', finishedAt: '2026-11-23T20:05:35.000Z' },
  lastAttempt: { at: '2026-11-23T20:05:35.000Z', status: 503, answer: 'down for maintenance' },
};

const listWebhooks = get({
  ...common,
  id: 'listWebhooks',
  path: '/v1/webhooks',
  summary: 'Your webhooks',
  about: 'At most ten, the oldest first.',
  answers: { 200: { about: 'All of them', shape: pageShape('WebhookPage', WebhookShape) } },
  examples: [{ name: 'all', status: 200, answer: { data: [SHOWN], next: null } }],
  async handle({ deps, organisation }) {
    const found = await listEndpoints(deps, { ownerKind: 'organisation', ownerId: organisation.id });
    return { status: 200, body: { data: found.map(showWebhook), next: null } };
  },
});

const addWebhook = post({
  ...common,
  id: 'addWebhook',
  path: '/v1/webhooks',
  summary: 'Add a webhook',
  about: 'Its secret is in this answer alone. The same address cannot be added twice.',
  body: AddBody,
  answers: { 201: { about: 'It is told from now on', shape: NewWebhookShape } },
  problems: ['webhook.address-refused', 'webhook.endpoint-exists', 'webhook.too-many-endpoints'],
  examples: [
    {
      name: 'batches',
      body: { url: 'https://pay.tumaini.example/malipo/batches', events: ['batch.closed'] },
      status: 201,
      answer: {
        ...SHOWN,
        ...{ url: 'https://pay.tumaini.example/malipo/batches', events: ['batch.closed'] },
        secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwbWFsaXBvISE=',
      },
    },
    {
      name: 'not https',
      body: { url: 'http://pay.tumaini.example/malipo' },
      status: 422,
      answer: problemExample('webhook.address-refused', { why: 'not-https' }),
    },
  ],
  async handle(act) {
    const { deps, organisation, actor, body } = act;
    const { endpoint, secret } = await addEndpoint(deps, {
      ...{ ownerKind: 'organisation', ownerId: organisation.id, url: body.url, eventTypes: body.events ?? [] },
      actor: actorOf(act),
      async alongside(tx, made, itsSecret) {
        // What stands behind a question mark may be a key of theirs.
        const { origin, pathname } = new URL(made.url);
        const after = { url: origin + pathname, eventTypes: made.eventTypes };
        const subject = { kind: 'webhook-endpoint', id: made.id };
        await recordAct(deps, tx, { actor, act: 'webhook.endpoint-added', subject, after });
        await act.keep(tx, added(made, itsSecret));
      },
    });
    return added(endpoint, secret);
  },
});

const added = (endpoint: WebhookEndpoint, secret: string): Answer => ({
  status: 201,
  body: { ...showWebhook(endpoint), secret },
});

const readWebhook = get({
  ...common,
  id: 'readWebhook',
  path: '/v1/webhooks/{id}',
  summary: 'One webhook',
  params: OneId,
  answers: { 200: { about: 'As it stands', shape: WebhookShape } },
  examples: [
    { name: 'one', params: { id: ID }, status: 200, answer: SHOWN },
    {
      name: 'not there',
      params: { id: '019ac000-0000-7000-8000-ffffffffffff' },
      status: 404,
      answer: problemExample('request.not-found'),
    },
  ],
  handle: async (call) => ({ status: 200, body: showWebhook(await own(call)) }),
});

const rotateWebhook = post({
  ...common,
  id: 'rotateWebhookSecret',
  path: '/v1/webhooks/{id}/rotate',
  summary: 'Give a webhook a new secret',
  about: 'Until the old one ends both sign, separated by a space in `webhook-signature`.',
  params: OneId,
  body: RotateBody,
  answers: { 200: { about: 'The new one signs from now on', shape: RotatedShape } },
  problems: ['webhook.too-many-secrets'],
  examples: [
    {
      name: 'a day together',
      params: { id: ID },
      body: { overlapHours: 24 },
      status: 200,
      answer: {
        secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwbWFsaXBvISE=',
        oldEndsAt: '2026-11-21T08:00:00.000Z',
      },
    },
  ],
  async handle(act) {
    const { id } = await own(act);
    const overlapMs = act.body.overlapHours * HOUR_MS;
    const answer = ({ secret, oldEndsAtMs }: { secret: string; oldEndsAtMs: number }): Answer => ({
      status: 200,
      body: { secret, oldEndsAt: instantOf(oldEndsAtMs) },
    });
    const made = await rotateSecret(act.deps, {
      ...{ endpointId: id, actor: actorOf(act), overlapMs },
      alongside: (tx, secret) =>
        commit(act, tx, id, 'webhook.secret-rotated', answer(secret), { after: { overlapMs } }),
    });
    return answer(made);
  },
});

const enableWebhook = switching('enable', 'enabled', SECOND_ID, 'Tell a webhook again');
const disableWebhook = switching('disable', 'disabled', ID, 'Tell a webhook nothing more');

function switching(verb: 'enable' | 'disable', to: EndpointState, exampleId: string, summary: string): Endpoint {
  const before = { state: to === 'enabled' ? 'disabled' : 'enabled' };
  return post({
    ...common,
    id: `${verb}Webhook`,
    path: `/v1/webhooks/{id}/${verb}`,
    summary,
    ...(verb === 'disable' ? { about: 'What still waits for it is dropped.' } : {}),
    params: OneId,
    body: ReasonShape,
    answers: { 200: { about: 'As it stands now', shape: WebhookShape } },
    problems: ['webhook.endpoint-unchanged'],
    examples: [
      {
        name: verb,
        params: { id: exampleId },
        body: { reason: 'maintenance on our side' },
        status: 200,
        answer: { ...SHOWN, id: exampleId, state: to, reason: 'maintenance on our side' },
      },
    ],
    async handle(act) {
      const endpoint = await own(act);
      const { reason } = act.body;
      const changed = { ...endpoint, state: to, reason, changedAtMs: act.deps.runtime.clock.now() };
      const answer = { status: 200, body: showWebhook(changed) };
      await setEndpointState(act.deps, {
        ...{ endpointId: endpoint.id, to, actor: actorOf(act), reason },
        alongside: (tx) =>
          commit(act, tx, endpoint.id, `webhook.endpoint-${to}`, answer, { reason, before, after: { state: to } }),
      });
      return answer;
    },
  });
}

const DeliveryCursor = z.tuple([z.int(), Id]);

const listWebhookDeliveries = get({
  ...common,
  id: 'listDeliveries',
  path: '/v1/webhooks/{id}/deliveries',
  summary: 'What a webhook was told, and what it answered',
  about: 'The newest first.',
  params: OneId,
  query: PageQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('DeliveryPage', DeliveryShape) } },
  examples: [
    {
      name: 'the last one',
      params: { id: ID },
      query: { limit: 1 },
      status: 200,
      answer: { data: [DELIVERY], next: null },
    },
    {
      name: 'more than a page holds',
      params: { id: ID },
      query: { limit: 900 },
      status: 422,
      answer: problemExample('request.invalid', {
        errors: [{ detail: 'Too big: expected number to be <=200', parameter: 'limit' }],
      }),
    },
  ],
  async handle(call) {
    const { id: endpointId } = await own(call);
    const { limit } = call.query;
    const place = readCursor(call.query.after, DeliveryCursor);
    const after = place && { createdAtMs: place[0], id: place[1] };
    const found = await listDeliveries(call.deps, { endpointId, after, limit: limit + 1 });
    const attempts = await listAttempts(
      call.deps,
      found.map(({ id }) => id),
    );
    const show = (one: DeliveryView) => showDelivery(one, attempts);
    return { status: 200, body: pageOf(found, limit, show, ({ createdAtMs, id }) => [createdAtMs, id]) };
  },
});

const resendWebhookDelivery = post({
  ...common,
  id: 'resendDelivery',
  path: '/v1/webhooks/{id}/deliveries/{deliveryId}/resend',
  summary: 'Send a delivery again',
  about: 'Whatever became of it, under the same `webhook-id`, with all tries.',
  params: z.strictObject({ id: Id, deliveryId: Id }),
  body: NothingShape,
  answers: { 202: { about: 'It waits for its turn', shape: DeliveryShape } },
  problems: ['webhook.endpoint-disabled'],
  examples: [
    {
      name: 'again',
      params: { id: SECOND_ID, deliveryId: '019ac000-0000-7000-8000-000000000007' },
      body: {},
      status: 202,
      answer: { ...DELIVERY, state: 'waiting', finishedAt: null },
    },
  ],
  async handle(act) {
    const endpoint = await own(act);
    const delivery = await findDelivery(act.deps, { endpointId: endpoint.id, id: act.params.deliveryId });
    if (!delivery) throw new Refusal('request.not-found');
    const attempts = await listAttempts(act.deps, [delivery.id]);
    const shown = showDelivery({ ...delivery, state: 'waiting', finishedAtMs: null }, attempts);
    const answer = { status: 202, body: shown };
    await resendDelivery(act.deps, delivery.id, (tx) =>
      commit(act, tx, endpoint.id, 'webhook.resent', answer, { after: { deliveryId: delivery.id } }),
    );
    return answer;
  },
});

/** Somebody else's is not there. */
async function own({ deps, organisation, params }: Call<{ id: string }, unknown, unknown>): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(deps, params.id);
  if (endpoint?.ownerKind !== 'organisation' || endpoint.ownerId !== organisation.id) {
    throw new Refusal('request.not-found');
  }
  return endpoint;
}

const actorOf = ({ key }: Pick<Act<unknown, unknown, unknown>, 'key'>) => `key:${key.id}`;

/** The word of the audit log and the answer, in the transaction of the act. */
async function commit(
  act: Act<unknown, unknown, unknown>,
  tx: Tx,
  endpointId: string,
  name: string,
  answer: Answer,
  said: { reason?: string; before?: Record<string, unknown>; after: Record<string, unknown> },
): Promise<void> {
  const subject = { kind: 'webhook-endpoint', id: endpointId };
  await recordAct(act.deps, tx, { actor: act.actor, act: name, subject, ...said });
  await act.keep(tx, answer);
}

export const webhookEndpoints: readonly Endpoint[] = [
  ...[listWebhooks, addWebhook, readWebhook, rotateWebhook, enableWebhook, disableWebhook],
  ...[listWebhookDeliveries, resendWebhookDelivery],
];
