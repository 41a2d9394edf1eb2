import { z } from 'zod';
import type { BatchProgress, PayoutBatch, RowView } from '../../domain/payout-batches/index.ts';
import { PAYOUT_PURPOSES } from '../../domain/payout-lists/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import { answerShapes, requestShapes } from './endpoint.ts';
import { Amount, Currency, FaultShape, Id, Instant, instantOf, instantOrNull } from './shapes.ts';

export const MOST_ROWS_A_REQUEST = 10_000;

const BATCH_STATES = [
  ...(['draft', 'checking', 'ready', 'submitted', 'in-approval', 'approved'] as const),
  ...(['funded', 'paying', 'paid', 'partly-paid', 'closed', 'cancelled'] as const),
] as const;
export const ROW_STATES = [
  ...(['ready', 'excluded', 'queued', 'submitted', 'paid', 'failed', 'unknown', 'reversed'] as const),
] as const;

const Purpose = z.enum(PAYOUT_PURPOSES);
export const Hours = z.enum(['at-once', 'working-hours']).describe('When it is paid, once it is approved and funded');

const batchFields = {
  id: Id,
  number: z.string().describe('For people'),
  name: z.string(),
  purpose: Purpose,
  state: z.enum(BATCH_STATES),
  version: z.int().describe('From 1; every change of what was submitted makes another'),
  rows: z.int().describe('That are not excluded'),
  total: Amount.describe('What the recipients get'),
  charges: Amount.describe("The operator's; known once it is checked"),
  fee: Amount.describe('Ours'),
  tax: Amount.describe('On our fee'),
  currency: Currency,
  hours: Hours,
  notBefore: Instant.nullable(),
  pause: z
    .enum(['by-person', 'float', 'hours', 'organisation', 'operator', 'content'])
    .nullable()
    .describe('Why it sends nothing although it could. A person resumes what a person has paused'),
  stopped: z.string().nullable().describe('Why somebody stopped it for good: nothing more of it is paid'),
  leftOutRows: z.int().describe('That were sent nothing because it was stopped; they are not in `rows` and `total`'),
  leftOutTotal: Amount.describe('What these would have got'),
  createdAt: Instant,
  submittedAt: Instant.nullable(),
  approvedAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable().describe('Every row is decided'),
  closedAt: Instant.nullable(),
};

export const BatchShape = z.object(batchFields).register(answerShapes, { id: 'Batch' });

export const FilledBatchShape = z
  .object({ ...batchFields, warnings: z.array(FaultShape).describe('Of the rows of this request, the first hundred') })
  .register(answerShapes, { id: 'FilledBatch' });

const Sum = z.object({ rows: z.int(), total: Amount });

export const BatchStatusShape = z
  .object({
    ...batchFields,
    latest: z
      .object({ state: z.enum(BATCH_STATES), reason: z.string(), at: Instant })
      .nullable()
      .describe('What happened last, and why: also why a check ended as a draft'),
    progress: z.object({
      states: z
        .partialRecord(z.enum(ROW_STATES), Sum)
        .describe('Rows and value by state; `submitted` is counted as `queued`'),
      rowsPerSecond: z.number(),
      secondsLeft: z.int().nullable().describe('At this pace; null while nothing moves'),
      at: Instant.describe('Of this count'),
    }),
  })
  .register(answerShapes, { id: 'BatchStatus' });

export const RowShape = z
  .object({
    id: Id,
    row: z.int().describe('From 1, in the order in which they were given'),
    state: z
      .enum(ROW_STATES)
      .describe(
        'failed: proven that nothing was paid; unknown: nobody can say yet, it is asked about and not sent again',
      ),
    phone: z.string().describe('E.164'),
    amount: Amount,
    currency: Currency,
    name: z.string().nullable(),
    reference: z.string().nullable(),
    hasWarning: z.boolean(),
    nameScore: z
      .int()
      .min(0)
      .max(100)
      .nullable()
      .describe('How well the name fits the one that the operator holds; null when the operator told none yet'),
    receipt: z.string().nullable().describe("The operator's"),
    failureCause: z.string().nullable(),
    transfer: z.string().nullable().describe('Our reference of the last attempt'),
    attempts: z.int(),
    paidAt: Instant.nullable(),
    changedAt: Instant,
    answer: z
      .enum(['yes', 'no'])
      .nullable()
      .describe('Whether the money came, by the last word of its recipient; null: nothing was answered, or asked'),
    answeredAt: Instant.nullable(),
  })
  .register(answerShapes, { id: 'Row' });

const NewRow = z
  .strictObject({
    phone: z.string().min(1).max(40).describe('E.164, or as people in the country write it'),
    amount: z.string().min(1).max(20).describe('A decimal text: `"1250"` or `"1250.00"`'),
    name: z.string().max(250).optional().describe('As the recipient is registered with the operator'),
    reference: z.string().max(250).optional().describe('Yours, at most 64 characters'),
    purpose: Purpose.optional().describe("Where your system has one for each row: another than the batch's is refused"),
  })
  .register(requestShapes, { id: 'NewRow' });
const NewRows = z.array(NewRow).max(MOST_ROWS_A_REQUEST);

export const NewBatchBody = z
  .strictObject({
    name: z.string().min(2).max(80),
    purpose: Purpose,
    hours: Hours.default('at-once'),
    notBefore: Instant.optional().describe('Not paid before'),
    rows: NewRows.optional().describe('More can be added while it is a draft'),
  })
  .register(requestShapes, { id: 'NewBatch' });

export const AddRowsBody = z
  .strictObject({
    fromRow: z
      .int()
      .min(1)
      .optional()
      .describe('The number that you expect the first of these rows to get; another one is refused'),
    rows: NewRows.min(1),
  })
  .register(requestShapes, { id: 'AddRows' });

export const SubmitBody = z
  .strictObject({ reason: z.string().max(400).default('').describe('For approvers; needed when rows have warnings') })
  .register(requestShapes, { id: 'Submit' });

export function showBatch(batch: PayoutBatch): z.input<typeof BatchShape> {
  const { id, number, name, purpose, state, version, rows, currency, hours, pauseReason } = batch;
  const amount = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  return {
    ...{ id, number, name, purpose, state, version, rows, currency, hours, pause: pauseReason },
    ...{ total: amount(batch.totalMinor), charges: amount(batch.chargesMinor) },
    ...{ fee: amount(batch.feeMinor), tax: amount(batch.taxMinor), stopped: batch.stopReason },
    ...{ leftOutRows: batch.leftOutRows ?? 0, leftOutTotal: amount(batch.leftOutMinor ?? 0n) },
    ...{ notBefore: instantOrNull(batch.notBeforeMs), createdAt: instantOf(batch.createdAtMs) },
    ...{ submittedAt: instantOrNull(batch.submittedAtMs), approvedAt: instantOrNull(batch.approvedAtMs) },
    ...{ startedAt: instantOrNull(batch.startedAtMs), finishedAt: instantOrNull(batch.finishedAtMs) },
    closedAt: instantOrNull(batch.closedAtMs),
  };
}

export function showProgress(
  { byState, rowsPerSecond, leftMs, atMs }: BatchProgress,
  currency: string,
): z.input<typeof BatchStatusShape>['progress'] {
  const states = Object.entries(byState).map(([state, { rows, totalMinor }]) => [
    state,
    { rows, total: formatDecimal({ amountMinor: totalMinor, currency }) },
  ]);
  return {
    states: Object.fromEntries(states),
    rowsPerSecond: Math.round(rowsPerSecond * 10) / 10,
    secondsLeft: leftMs === undefined ? null : Math.ceil(leftMs / 1_000),
    at: instantOf(atMs),
  };
}

export function showRow(row: RowView): z.input<typeof RowShape> {
  const { id, rowNo, state, msisdn, currency, name, reference, receipt, failureCause, attempts } = row;
  return {
    ...{ id, row: rowNo, state, phone: msisdn, currency, name, reference, receipt, failureCause, attempts },
    amount: formatDecimal({ amountMinor: row.amountMinor, currency }),
    ...{ hasWarning: row.warnings !== null, nameScore: row.nameScore, transfer: row.ours },
    ...{ paidAt: instantOrNull(row.paidAtMs), changedAt: instantOf(row.changedAtMs) },
    ...{ answer: row.answer, answeredAt: instantOrNull(row.answeredAtMs) },
  };
}
