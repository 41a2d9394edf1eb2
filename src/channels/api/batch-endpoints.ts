import { z } from 'zod';
import {
  addRows,
  batchHistory,
  createFilledBatch,
  getBatch,
  listBatches,
  listRows,
  type PayoutBatch,
} from '../../domain/payout-batches/index.ts';
import { DRAFT, DRAFT_ID, GIVEN, PAID_ID, ROW } from './batch-examples.ts';
import {
  AddRowsBody,
  BatchShape,
  BatchStatusShape,
  FilledBatchShape,
  MOST_ROWS_A_REQUEST,
  NewBatchBody,
  ROW_STATES,
  RowShape,
  showBatch,
  showProgress,
  showRow,
} from './batch-shapes.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Answer, type Caller, type Endpoint, get, post } from './endpoint.ts';
import { makerOf } from './maker-of.ts';
import { type FieldFault, problemExample } from './problems.ts';
import { readRows } from './read-rows.ts';
import { Id, instantOf, OneId, PageQuery, pageShape } from './shapes.ts';

const reading = { tag: 'Batches', scope: 'batches:read' } as const;
export const making = { tag: 'Batches', scope: 'batches:write' } as const;
/** A row is some hundred bytes, and five values. */
const bodyLimits = { bytes: 2 * 1024 ** 2, values: 10 * MOST_ROWS_A_REQUEST };

export const whichOf = ({ params, organisation }: Caller & { params: { id: string } }) => ({
  ...{ batchId: params.id, organisationId: organisation.id },
});
export const answerOf =
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
    const { rows, warnings } = readRows(act.deps, organisation, body.purpose, body.rows ?? []);
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
  problems: ['batch.state', 'batch.half-filled', 'batch.rows-refused', 'batch.rows-moved', 'batch.too-many'],
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
    const { purpose } = await getBatch(act.deps, act.params.id, act.organisation.id);
    const { rows, warnings } = readRows(act.deps, act.organisation, purpose, body.rows);
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

export const batchEndpoints: readonly Endpoint[] = [
  ...[createEndpoint, listEndpoint, readEndpoint, addRowsEndpoint, rowsEndpoint],
];
