import { z } from 'zod';
import {
  type DeliveryView,
  findDelivery,
  listAttempts,
  listDeliveries,
  resendDelivery,
} from '../../domain/webhooks/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { pageOf, readCursor } from './cursor.ts';
import { type Endpoint, get, post } from './endpoint.ts';
import { problemExample } from './problems.ts';
import { Id, NothingShape, OneId, PageQuery, pageShape } from './shapes.ts';
import { commitAct, ownWebhook } from './webhook-acts.ts';
import { DeliveryShape, showDelivery } from './webhook-shapes.ts';

const common = { tag: 'Webhooks', scope: 'webhooks' } as const;
const ID = '019ac000-0000-7000-8000-000000000003';
const SECOND_ID = '019ac000-0000-7000-8000-000000000004';
const DELIVERY_ID = '019ac000-0000-7000-8000-000000000005';

const DELIVERY = {
  ...{ id: DELIVERY_ID, eventId: '019ac000-0000-7000-8000-000000000006', event: 'batch.closed', state: 'failed' },
  ...{ attempts: 10, createdAt: '2026-11-20T09:00:00.000Z', finishedAt: '2026-11-23T20:05:35.000Z' },
  lastAttempt: { at: '2026-11-23T20:05:35.000Z', status: 503, answer: 'down for maintenance' },
};

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
    const { id: endpointId } = await ownWebhook(call);
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
    const endpoint = await ownWebhook(act);
    const delivery = await findDelivery(act.deps, { endpointId: endpoint.id, id: act.params.deliveryId });
    if (!delivery) throw new Refusal('request.not-found');
    const attempts = await listAttempts(act.deps, [delivery.id]);
    const shown = showDelivery({ ...delivery, state: 'waiting', finishedAtMs: null }, attempts);
    const answer = { status: 202, body: shown };
    await resendDelivery(act.deps, delivery.id, (tx) =>
      commitAct(act, tx, endpoint.id, 'webhook.resent', answer, { after: { deliveryId: delivery.id } }),
    );
    return answer;
  },
});

/** What a webhook was told. */
export const deliveryEndpoints: readonly Endpoint[] = [listWebhookDeliveries, resendWebhookDelivery];
