import { z } from 'zod';
import {
  changeSchedule,
  createSchedule,
  getSchedule,
  listSchedules,
  moveSchedule,
  type NewSchedule,
  type PayoutSchedule,
  pageRuns,
  type ScheduleState,
} from '../../domain/payout-batches/index.ts';
import { DRAFT, PAID_ID } from './batch-examples.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Answer, type Caller, type Endpoint, get, post } from './endpoint.ts';
import { makerOf } from './maker-of.ts';
import { problemExample } from './problems.ts';
import {
  ChangeScheduleBody,
  NewScheduleBody,
  RunShape,
  ScheduleShape,
  showRun,
  showSchedule,
} from './schedule-shapes.ts';
import { Id, OneId, PageQuery, pageShape, ReasonShape } from './shapes.ts';

const reading = { tag: 'Schedules', scope: 'schedules:read' } as const;
const making = { tag: 'Schedules', scope: 'schedules:write' } as const;

const ACTIVE_ID = '019ac000-0000-7000-8000-000000000040';
const PAUSED_ID = '019ac000-0000-7000-8000-000000000041';
const SPARE_ID = '019ac000-0000-7000-8000-000000000042';

const TERMS = {
  ...({ name: 'Salaries', rule: { every: 'month', day: 25, at: '08:30' }, batchId: PAID_ID } as const),
  ...({ amounts: 'last', hours: 'working-hours' } as const),
};
const SHOWN = {
  ...{ ...TERMS, id: ACTIVE_ID, state: 'active', nextAt: '2026-12-25T05:30:00.000Z', lastBatchId: null },
  ...{ standing: null, currency: 'KES', createdAt: '2026-11-20T09:00:00.000Z' },
};

const whichOf = ({ params, organisation }: Caller & { params: { id: string } }) => ({
  ...{ scheduleId: params.id, organisationId: organisation.id },
});
const termsOf = ({ name, rule, batchId, amounts, hours }: z.output<typeof NewScheduleBody>): NewSchedule => ({
  ...{ name, rule, sourceBatchId: batchId, amounts, hours },
});
const answerOf =
  ({ organisation }: Caller, status = 200) =>
  (schedule: PayoutSchedule): Answer => ({ status, body: showSchedule(schedule, organisation.currency) });

const createEndpoint = post({
  ...making,
  id: 'createSchedule',
  path: '/v1/schedules',
  summary: 'Make a schedule',
  about:
    'From its next time on a batch is made again by itself. Each is a batch of its own that people approve, unless they gave a standing approval, which a key neither asks for nor gives. Nobody who made or changed a schedule approves what it makes.',
  body: NewScheduleBody,
  answers: { 201: { about: 'It is active', shape: ScheduleShape } },
  problems: ['schedule.name', 'schedule.over', 'schedule.source', 'schedule.too-many'],
  examples: [
    { name: 'each month', body: TERMS, status: 201, answer: SHOWN },
    {
      name: 'a day that is over',
      body: { name: 'Bonus', rule: { every: 'once', day: '2020-12-24', at: '10:00' }, batchId: PAID_ID },
      status: 409,
      answer: problemExample('schedule.over'),
    },
  ],
  async handle(act) {
    const { body, organisation, actor } = act;
    const maker = await makerOf(act);
    return act.commit((deps) => createSchedule(deps, actor, organisation, maker, termsOf(body)), answerOf(act, 201));
  },
});

const listEndpoint = get({
  ...reading,
  id: 'listSchedules',
  path: '/v1/schedules',
  summary: 'Your schedules',
  about: 'The newest first, also those that have ended.',
  query: PageQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('SchedulePage', ScheduleShape) } },
  examples: [{ name: 'the newest', query: { limit: 1 }, status: 200, answer: { data: [SHOWN], next: null } }],
  async handle({ deps, organisation, query }) {
    const beforeId = readCursor(query.after, Id);
    const wanted = { organisationId: organisation.id, beforeId, limit: query.limit };
    const { schedules, next } = await listSchedules(deps, wanted);
    const data = schedules.map((one) => showSchedule(one, organisation.currency));
    return { status: 200, body: { data, next: next === undefined ? null : writeCursor(next) } };
  },
});

const readEndpoint = get({
  ...reading,
  id: 'readSchedule',
  path: '/v1/schedules/{id}',
  summary: 'One schedule',
  params: OneId,
  answers: { 200: { about: 'As it stands', shape: ScheduleShape } },
  examples: [
    { name: 'one', params: { id: ACTIVE_ID }, status: 200, answer: SHOWN },
    {
      name: 'not there',
      params: { id: '019ac000-0000-7000-8000-ffffffffffff' },
      status: 404,
      answer: problemExample('request.not-found'),
    },
  ],
  async handle(call) {
    const { deps, organisation, params } = call;
    return answerOf(call)(await getSchedule(deps, params.id, organisation.id));
  },
});

const runsEndpoint = get({
  ...reading,
  id: 'listRuns',
  path: '/v1/schedules/{id}/runs',
  summary: 'What a schedule has made',
  about: 'The latest day first, each with its batch.',
  params: OneId,
  query: PageQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('ScheduleRunPage', RunShape) } },
  examples: [
    {
      name: 'the last one',
      params: { id: ACTIVE_ID },
      query: { limit: 1 },
      status: 200,
      answer: {
        data: [
          {
            ...{ dueDay: '2026-11-25', dueAt: '2026-11-25T05:30:00.000Z', outcome: 'people', why: 'standing-none' },
            ...{ batch: { ...DRAFT, name: 'Salaries 2026-11-25', state: 'submitted' } },
            changedAt: '2026-11-25T05:30:04.000Z',
          },
        ],
        next: null,
      },
    },
  ],
  async handle({ deps, organisation, params, query }) {
    const { id: scheduleId } = await getSchedule(deps, params.id, organisation.id);
    const beforeDay = readCursor(query.after, z.iso.date());
    const { runs, next } = await pageRuns(deps, { scheduleId, beforeDay, limit: query.limit });
    return { status: 200, body: { data: runs.map(showRun), next: next === undefined ? null : writeCursor(next) } };
  },
});

const changeEndpoint = post({
  ...making,
  id: 'changeSchedule',
  path: '/v1/schedules/{id}/change',
  summary: 'Change a schedule',
  about:
    'All of its terms, for what is not made yet. A standing approval was given to the old ones, and ends. What it has made already goes its own way.',
  params: OneId,
  body: ChangeScheduleBody,
  answers: { 200: { about: 'With its new terms', shape: ScheduleShape } },
  problems: ['schedule.name', 'schedule.over', 'schedule.source', 'schedule.state'],
  examples: [
    {
      name: 'another day',
      params: { id: ACTIVE_ID },
      body: { ...TERMS, rule: { every: 'month', day: 28, at: '08:30' }, reason: 'paid later from now on' },
      status: 200,
      answer: {
        ...{ ...SHOWN, rule: { every: 'month', day: 28, at: '08:30' }, nextAt: '2026-11-28T05:30:00.000Z' },
      },
    },
  ],
  async handle(act) {
    const { body, actor } = act;
    const maker = await makerOf(act);
    const wanted = { ...whichOf(act), ...termsOf(body), reason: body.reason };
    return act.commit((deps) => changeSchedule(deps, actor, maker, wanted), answerOf(act));
  },
});

interface Move {
  verb: 'pause' | 'resume' | 'end';
  to: ScheduleState;
  summary: string;
  about: string;
  exampleId: string;
  reason: string;
}

function moving({ verb, to, summary, about, exampleId, reason }: Move): Endpoint {
  const nextAt = to === 'active' ? SHOWN.nextAt : null;
  return post({
    ...making,
    id: `${verb}Schedule`,
    path: `/v1/schedules/{id}/${verb}`,
    summary,
    about,
    params: OneId,
    body: ReasonShape,
    answers: { 200: { about: 'As it stands now', shape: ScheduleShape } },
    problems: ['schedule.state', ...(to === 'active' ? ['schedule.over'] : [])],
    examples: [
      {
        name: verb,
        ...{ params: { id: exampleId }, body: { reason }, status: 200 },
        answer: { ...SHOWN, id: exampleId, state: to, nextAt },
      },
    ],
    handle: (act) =>
      act.commit(
        (deps) => moveSchedule(deps, act.actor, { ...whichOf(act), to, reason: act.body.reason }),
        answerOf(act),
      ),
  });
}

const pauseEndpoint = moving({
  ...{ verb: 'pause', to: 'paused', summary: 'Hold a schedule', exampleId: ACTIVE_ID, reason: 'the list is checked' },
  about: 'Nothing is made until it is resumed. A batch that it has made already goes its own way.',
});
const resumeEndpoint = moving({
  ...{ verb: 'resume', to: 'active', summary: 'Go on with a schedule', exampleId: PAUSED_ID, reason: 'checked' },
  about: 'It is due next after now: what it missed meanwhile is not made up for.',
});
const endEndpoint = moving({
  ...{ verb: 'end', to: 'ended', summary: 'End a schedule', exampleId: SPARE_ID, reason: 'the season is over' },
  about: 'For good, with its standing approval. A batch that it has made already goes its own way.',
});

export const scheduleEndpoints: readonly Endpoint[] = [
  ...[createEndpoint, listEndpoint, readEndpoint, runsEndpoint],
  ...[changeEndpoint, pauseEndpoint, resumeEndpoint, endEndpoint],
];
