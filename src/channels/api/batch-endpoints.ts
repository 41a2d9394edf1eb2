import { z } from 'zod';
import {
  addRows,
  batchHistory,
  cancelBatch,
  checkBatch,
  createFilledBatch,
  getBatch,
  listBatches,
  listRows,
  type PayoutBatch,
  reopenBatch,
  submitBatch,
} from '../../domain/payout-batches/index.ts';
import { DRAFT, DRAFT_ID, GIVEN, PAID_ID, READY_ID, ROW, SPARE_ID, SUBMITTED_ID } from './batch-examples.ts';
import {
  AddRowsBody,
  BatchShape,
  BatchStatusShape,
  FilledBatchShape,
  MOST_ROWS_A_REQUEST,
  NewBatchBody,
  ROW_STATES,
  RowShape,
  SubmitBody,
  showBatch,
  showProgress,
  showRow,
} from './batch-shapes.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Answer, type Caller, type Endpoint, get, post } from './endpoint.ts';
import { makerOf } from './maker-of.ts';
import { type FieldFault, problemExample } from './problems.ts';
import { readRows } from './read-rows.ts';
import { Id, instantOf, NothingShape, OneId, PageQuery, pageShape, ReasonShape } from './shapes.ts';

const reading = { tag: 'Batches', scope: 'batches:read' } as const;
const making = { tag: 'Batches', scope: 'batches:write' } as const;
/** A row is some hundred bytes, and five values. */
const bodyLimits = { bytes: 2 * 1024 ** 2, values: 10 * MOST_ROWS_A_REQUEST };

const whichOf = ({ params, organisation }: Caller & { params: { id: string } }) => ({
  ...{ batchId: params.id, organisationId: organisation.id },
});
const answerOf =
  (status: number, warnings?: readonly FieldFault[]) =>
  (batch: PayoutBatch): Answer => ({ status, body: { ...showBatch(batch), ...(warnings ? { warnings } : {}) } });

const createEndpoint = post({
  ...making,
  id: 'createBatch',
  path: '/v1/batches',
  summary: 'Make a batch',
  about: `A draft. With its rows, up to ${MOST_ROWS_A_REQUEST} and 2 MB; more are added while it is a draft. Every row is checked as it comes, and one that cannot be paid refuses the whole request.`,
  body: NewBatchBody,
  bodyLimits,
  answers: { 201: { about: 'The draft', shape: FilledBatchShape } },
  problems: ['batch.malformed-name', 'batch.purpose', 'batch.rows-refused', 'batch.too-many'],
  examples: [
    {
      name: 'salaries',
      body: { name: 'Salaries November', purpose: 'salary', rows: GIVEN },
      status: 201,
      answer: { ...DRAFT, warnings: [] },
    },
    {
      name: 'a number that is none',
      body: { name: 'Salaries December', purpose: 'salary', rows: [{ phone: '12', amount: '10' }] },
      status: 422,
      answer: problemExample('batch.rows-refused', {
        errors: [{ detail: '"12" is no phone number.', pointer: '#/rows/0/phone' }],
      }),
    },
  ],
  async handle(act) {
    const { body, organisation, actor } = act;
    const maker = await makerOf(act);
    const { rows, warnings } = readRows(act.deps, organisation, body.rows ?? []);
    const { name, purpose, hours } = body;
    const notBeforeMs = body.notBefore === undefined ? null : Date.parse(body.notBefore);
    const wanted = { name, purpose, hours, notBeforeMs, rows };
    return act.commit((deps) => createFilledBatch(deps, actor, organisation, maker, wanted), answerOf(201, warnings));
  },
});

const addRowsEndpoint = post({
  ...making,
  id: 'addRows',
  path: '/v1/batches/{id}/rows',
  summary: 'Add rows to a draft',
  about: 'Behind those that are there.',
  params: OneId,
  body: AddRowsBody,
  bodyLimits,
  answers: { 200: { about: 'The draft with them', shape: FilledBatchShape } },
  problems: ['batch.state', 'batch.rows-refused', 'batch.rows-moved', 'batch.too-many'],
  examples: [
    {
      name: 'one more',
      params: { id: DRAFT_ID },
      body: { fromRow: 3, rows: [{ phone: '+254711000103', amount: '18000', name: 'Cynthia Njoki' }] },
      status: 200,
      answer: { ...DRAFT, rows: 3, total: '61500.00', warnings: [] },
    },
  ],
  async handle(act) {
    const { body, actor } = act;
    const maker = await makerOf(act);
    const { rows, warnings } = readRows(act.deps, act.organisation, body.rows);
    const wanted = { ...whichOf(act), rows, ...(body.fromRow === undefined ? {} : { fromRowNo: body.fromRow }) };
    return act.commit((deps) => addRows(deps, actor, maker, wanted), answerOf(200, warnings));
  },
});

const listEndpoint = get({
  ...reading,
  id: 'listBatches',
  path: '/v1/batches',
  summary: 'Your batches',
  about: 'The newest first.',
  query: PageQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('BatchPage', BatchShape) } },
  examples: [{ name: 'the newest', query: { limit: 1 }, status: 200, answer: { data: [DRAFT], next: null } }],
  async handle({ deps, organisation, query }) {
    const beforeId = readCursor(query.after, Id);
    const wanted = { organisationId: organisation.id, beforeId, limit: query.limit };
    const { batches, next } = await listBatches(deps, wanted);
    return { status: 200, body: { data: batches.map(showBatch), next: next === undefined ? null : writeCursor(next) } };
  },
});

const readEndpoint = get({
  ...reading,
  id: 'readBatch',
  path: '/v1/batches/{id}',
  summary: 'How far a batch is',
  about: 'Counted once a second at most.',
  params: OneId,
  answers: {
    200: { about: 'The batch, rows and value by state, pace, and the time that is left', shape: BatchStatusShape },
  },
  examples: [
    {
      name: 'paid',
      params: { id: PAID_ID },
      status: 200,
      answer: {
        ...{ ...DRAFT, id: PAID_ID, state: 'paid', charges: '26.00', fee: '435.00', tax: '69.60' },
        ...{ finishedAt: '2026-11-20T09:16:00.000Z' },
        latest: { state: 'paid', reason: 'every row was paid', at: '2026-11-20T09:16:00.000Z' },
        progress: {
          ...{ states: { paid: { rows: 2, total: '43500.00' } }, rowsPerSecond: 12.4, secondsLeft: null },
          at: '2026-11-20T09:16:01.000Z',
        },
      },
    },
  ],
  async handle({ deps, organisation, params }) {
    const batch = await getBatch(deps, params.id, organisation.id);
    const [progress, history] = await Promise.all([deps.readProgress(batch), batchHistory(deps, batch.id)]);
    const last = history.at(-1);
    const latest = last ? { state: last.toState, reason: last.reason, at: instantOf(last.atMs) } : null;
    return {
      status: 200,
      body: { ...showBatch(batch), latest, progress: showProgress(progress, batch.currency) },
    };
  },
});

const rowsEndpoint = get({
  ...reading,
  id: 'listRows',
  path: '/v1/batches/{id}/rows',
  summary: 'Rows of a batch',
  about:
    'In their order; those of one state when it is named. A page of one state may hold fewer than it could, also none, before the last one.',
  params: OneId,
  query: PageQuery.extend({ state: z.enum(ROW_STATES).optional().describe('Of this state alone') }),
  answers: { 200: { about: 'A page of them', shape: pageShape('RowPage', RowShape) } },
  examples: [
    {
      name: 'those that were paid',
      ...{ params: { id: PAID_ID }, query: { state: 'paid', limit: 100 } },
      ...{ status: 200, answer: { data: [ROW], next: null } },
    },
  ],
  async handle({ deps, organisation, params, query }) {
    const { id: batchId } = await getBatch(deps, params.id, organisation.id);
    const { state, limit } = query;
    const afterRow = readCursor(query.after, z.int()) ?? 0;
    const { rows, next } = await listRows(deps, { batchId, state, afterRow, limit });
    return { status: 200, body: { data: rows.map(showRow), next: next === undefined ? null : writeCursor(next) } };
  },
});

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
  problems: ['batch.state', 'batch.empty'],
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

export const batchEndpoints: readonly Endpoint[] = [
  ...[createEndpoint, listEndpoint, readEndpoint, addRowsEndpoint, rowsEndpoint],
  ...[checkEndpoint, submitEndpoint, reopenEndpoint, cancelEndpoint],
];
