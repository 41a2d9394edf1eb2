import { z } from 'zod';
import type { EVENT_TYPES } from '../../domain/webhooks/index.ts';
import { answerShapes } from './endpoint.ts';
import { Amount, Currency, Id, Instant } from './shapes.ts';

type OrganisationEvent = (typeof EVENT_TYPES.organisation)[number];

/** One person of a batch: paid by evidence, or proven not to have been. */
const PayoutSettledShape = z.object({
  batchId: Id,
  batch: z.string().describe('Its number for people'),
  rowId: Id,
  row: z.int().describe('From 1, as it was given'),
  reference: z.string().nullable().describe('Yours'),
  state: z.enum(['paid', 'failed', 'reversed']),
  phone: z.string().describe('With its middle hidden: a webhook holds no whole number'),
  amount: Amount,
  currency: Currency,
  receipt: z.string().nullable().describe("The operator's; null where nothing was paid"),
  failureCause: z.string().nullable().describe('Why nothing was paid'),
  paidAt: Instant.nullable(),
});

/** The recipient's own word, which moves no money. */
const PayoutAnsweredShape = z.object({
  batchId: Id,
  batch: z.string().describe('Its number for people'),
  rowId: Id,
  row: z.int().describe('From 1, as it was given'),
  reference: z.string().nullable().describe('Yours'),
  phone: z.string().describe('With its middle hidden: a webhook holds no whole number'),
  amount: Amount,
  currency: Currency,
  receipt: z.string().nullable().describe("The operator's, by which it was paid"),
  answer: z.enum(['yes', 'no']).describe('Whether the money came. Either way the payout stays paid'),
  previous: z.enum(['yes', 'no']).nullable().describe('What was said before; null: this is the first word'),
  answers: z.int().describe('How often this recipient has answered by now: of two events the one with more is newer'),
  claimId: Id.nullable().describe('Of a no: the claim by which people look into it, as at `/v1/claims`'),
  answeredAt: Instant,
});

const BatchClosedShape = z.object({
  batchId: Id,
  batch: z.string().describe('Its number for people'),
  name: z.string(),
  rows: z.int().describe('Without those that were taken out'),
  total: Amount.describe('What these were to get'),
  approvedTotal: Amount.describe('Of all its rows, as it was approved'),
  paidRows: z.int(),
  paidTotal: Amount,
  failedRows: z.int(),
  failedTotal: Amount,
  stopped: z.string().nullable().describe('Why somebody stopped it for good; null: nobody did'),
  leftOutRows: z.int().describe('That were sent nothing because it was stopped'),
  leftOutTotal: Amount,
  currency: Currency,
  closedAt: Instant,
});

interface DescribedEvent {
  summary: string;
  shape: z.ZodType;
  example: unknown;
}

const event = <T extends z.ZodType>(type: OrganisationEvent, data: T, id: string) =>
  z
    .object({ type: z.literal(type), timestamp: Instant.describe('When it happened'), data })
    .register(answerShapes, { id });

const BATCH = { batchId: '019ac000-0000-7000-8000-000000000010', batch: 'B7K2M9QX4T' };

/** What organisations are told of by their webhooks. */
export const EVENTS: Readonly<Record<OrganisationEvent, DescribedEvent>> = {
  'payout.settled': {
    summary: 'A person was paid, proven not to have been, or the money came back',
    shape: event('payout.settled', PayoutSettledShape, 'PayoutSettledEvent'),
    example: {
      type: 'payout.settled',
      timestamp: '2026-11-20T09:15:02.114Z',
      data: {
        ...BATCH,
        ...{ rowId: '019ac000-0000-7000-8000-000000000011', row: 1, reference: 'EMP-0017', state: 'paid' },
        phone: '+254******101',
        ...{ amount: '1250.00', currency: 'KES', receipt: 'SKL7XW2P9Q', failureCause: null },
        paidAt: '2026-11-20T09:15:01.000Z',
      },
    },
  },
  'payout.answered': {
    summary: 'A recipient who was asked says whether the money came, or says otherwise than before',
    shape: event('payout.answered', PayoutAnsweredShape, 'PayoutAnsweredEvent'),
    example: {
      type: 'payout.answered',
      timestamp: '2026-11-20T10:02:41.007Z',
      data: {
        ...BATCH,
        ...{ rowId: '019ac000-0000-7000-8000-000000000011', row: 1, reference: 'EMP-0017' },
        ...{ phone: '+254******101', amount: '1250.00', currency: 'KES', receipt: 'SKL7XW2P9Q' },
        ...{ answer: 'no', previous: null, answers: 1, claimId: '019ac000-0000-7000-8000-000000000018' },
        answeredAt: '2026-11-20T10:02:41.007Z',
      },
    },
  },
  'batch.closed': {
    summary: 'A batch is over and reported; nothing of it changes any more',
    shape: event('batch.closed', BatchClosedShape, 'BatchClosedEvent'),
    example: {
      type: 'batch.closed',
      timestamp: '2026-11-20T10:02:11.000Z',
      data: {
        ...{ ...BATCH, name: 'Salaries November', rows: 412, total: '8240000.00', paidRows: 411 },
        ...{ approvedTotal: '8240000.00', stopped: null, leftOutRows: 0, leftOutTotal: '0.00' },
        ...{
          paidTotal: '8215000.00',
          failedRows: 1,
          failedTotal: '25000.00',
          currency: 'KES',
          closedAt: '2026-11-20T10:02:11.000Z',
        },
      },
    },
  },
};
