import { cancelBatch, checkBatch, reopenBatch, submitBatch } from '../../domain/payout-batches/index.ts';
import { answerOf, making, whichOf } from './batch-endpoints.ts';
import { DRAFT, DRAFT_ID, READY_ID, SPARE_ID, SUBMITTED_ID } from './batch-examples.ts';
import { BatchShape, SubmitBody } from './batch-shapes.ts';
import { type Endpoint, post } from './endpoint.ts';
import { makerOf } from './maker-of.ts';
import { NothingShape, OneId, ReasonShape } from './shapes.ts';

const checkEndpoint = post({
  ...making,
  id: 'checkBatch',
  path: '/v1/batches/{id}/check',
  summary: 'Have a batch looked at',
  about:
    'Against the limits and against what other batches of these days pay. It ends as `ready`, with what it costs, or as a `draft` again with the reason in `latest`; read the batch to see.',
  params: OneId,
  body: NothingShape,
  answers: { 202: { about: 'It is looked at', shape: BatchShape } },
  problems: ['batch.state', 'batch.half-filled', 'batch.empty'],
  examples: [
    { name: 'check', params: { id: DRAFT_ID }, body: {}, status: 202, answer: { ...DRAFT, state: 'checking' } },
  ],
  handle: (act) => act.commit((deps) => checkBatch(deps, act.actor, whichOf(act)), answerOf(202)),
});

const submitEndpoint = post({
  ...making,
  id: 'submitBatch',
  path: '/v1/batches/{id}/submit',
  summary: 'Hand a batch to those who approve',
  about:
    'They are people of yours who had no hand in it. From here on a change makes a new version, which they approve anew.',
  params: OneId,
  body: SubmitBody,
  answers: { 200: { about: 'It waits for them', shape: BatchShape } },
  problems: ['batch.state', 'batch.reason-needed', 'batch.no-policy'],
  examples: [
    {
      name: 'submit',
      ...{ params: { id: READY_ID }, body: { reason: 'salaries of November, 2 people' }, status: 200 },
      answer: { ...DRAFT, id: READY_ID, state: 'submitted', submittedAt: '2026-11-20T09:05:00.000Z' },
    },
  ],
  async handle(act) {
    const maker = await makerOf(act);
    const wanted = { ...whichOf(act), reason: act.body.reason };
    return act.commit((deps) => submitBatch(deps, act.actor, maker, wanted), answerOf(200));
  },
});

const reopenEndpoint = post({
  ...making,
  id: 'reopenBatch',
  path: '/v1/batches/{id}/reopen',
  summary: 'Make a draft of a batch again',
  about: 'Until its money is set aside. Whatever was said about it counts no more.',
  params: OneId,
  body: ReasonShape,
  answers: { 200: { about: 'A draft', shape: BatchShape } },
  problems: ['batch.state'],
  examples: [
    {
      name: 'reopen',
      ...{ params: { id: SUBMITTED_ID }, body: { reason: 'one salary is wrong' }, status: 200 },
      answer: { ...DRAFT, id: SUBMITTED_ID, version: 2 },
    },
  ],
  async handle(act) {
    const maker = await makerOf(act);
    const wanted = { ...whichOf(act), reason: act.body.reason };
    return act.commit((deps) => reopenBatch(deps, act.actor, maker, wanted), answerOf(200));
  },
});

const cancelEndpoint = post({
  ...making,
  id: 'cancelBatch',
  path: '/v1/batches/{id}/cancel',
  summary: 'Give a batch up',
  about: 'While nothing of it was sent. What was set aside for it can be spent again.',
  params: OneId,
  body: ReasonShape,
  answers: { 200: { about: 'It is cancelled', shape: BatchShape } },
  problems: ['batch.state'],
  examples: [
    {
      name: 'cancel',
      ...{ params: { id: SPARE_ID }, body: { reason: 'made twice' }, status: 200 },
      answer: { ...DRAFT, id: SPARE_ID, state: 'cancelled' },
    },
  ],
  handle: (act) =>
    act.commit((deps) => cancelBatch(deps, act.actor, { ...whichOf(act), reason: act.body.reason }), answerOf(200)),
});

/** What a maker does with a batch that is made. */
export const batchActEndpoints: readonly Endpoint[] = [
  ...[checkEndpoint, submitEndpoint, reopenEndpoint, cancelEndpoint],
];
