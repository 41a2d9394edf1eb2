import { recordAct } from '../../domain/audit/index.ts';
import {
  addEndpoint,
  type EndpointState,
  listEndpoints,
  rotateSecret,
  setEndpointState,
  type WebhookEndpoint,
} from '../../domain/webhooks/index.ts';
import { type Answer, type Endpoint, get, post } from './endpoint.ts';
import { problemExample } from './problems.ts';
import { instantOf, OneId, pageShape, ReasonShape } from './shapes.ts';
import { actorOf, commitAct, ownWebhook } from './webhook-acts.ts';
import { AddBody, NewWebhookShape, RotateBody, RotatedShape, showWebhook, WebhookShape } from './webhook-shapes.ts';

const common = { tag: 'Webhooks', scope: 'webhooks' } as const;
const ID = '019ac000-0000-7000-8000-000000000003';
const SECOND_ID = '019ac000-0000-7000-8000-000000000004';
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
  handle: async (call) => ({ status: 200, body: showWebhook(await ownWebhook(call)) }),
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
    const { id } = await ownWebhook(act);
    const overlapMs = act.body.overlapHours * HOUR_MS;
    const answer = ({ secret, oldEndsAtMs }: { secret: string; oldEndsAtMs: number }): Answer => ({
      status: 200,
      body: { secret, oldEndsAt: instantOf(oldEndsAtMs) },
    });
    const made = await rotateSecret(act.deps, {
      ...{ endpointId: id, actor: actorOf(act), overlapMs },
      alongside: (tx, secret) =>
        commitAct(act, tx, id, 'webhook.secret-rotated', answer(secret), { after: { overlapMs } }),
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
      const endpoint = await ownWebhook(act);
      const { reason } = act.body;
      const changed = { ...endpoint, state: to, reason, changedAtMs: act.deps.runtime.clock.now() };
      const answer = { status: 200, body: showWebhook(changed) };
      await setEndpointState(act.deps, {
        ...{ endpointId: endpoint.id, to, actor: actorOf(act), reason },
        alongside: (tx) =>
          commitAct(act, tx, endpoint.id, `webhook.endpoint-${to}`, answer, { reason, before, after: { state: to } }),
      });
      return answer;
    },
  });
}

export const webhookEndpoints: readonly Endpoint[] = [
  ...[listWebhooks, addWebhook, readWebhook, rotateWebhook, enableWebhook, disableWebhook],
];
