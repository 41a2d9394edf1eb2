import { z } from 'zod';
import { answerShapes, requestShapes } from './endpoint.ts';

export const Id = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  .describe('An id of ours, a UUID');
export const Instant = z.iso.datetime().describe('ISO 8601, in UTC');
export const Amount = z
  .string()
  .regex(/^\d{1,13}(\.\d{1,3})?$/)
  .describe('A decimal text with exactly the digits of the currency, never a number');
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');
export const OneId = z.strictObject({ id: Id });

export const instantOf = (atMs: number): string => new Date(atMs).toISOString();
export const instantOrNull = (atMs: number | null): string | null => (atMs === null ? null : instantOf(atMs));

const MOST_A_PAGE = 200;

/** Of every list. */
export const PageQuery = z.strictObject({
  after: z.string().max(500).optional().describe('`next` of the page before; left out: the first page'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_A_PAGE)
    .default(50)
    .meta({ description: `How many at most, up to ${MOST_A_PAGE}` }),
});

/** A page of these. */
export function pageShape<T extends z.ZodType>(id: string, one: T) {
  return z
    .object({
      data: z.array(one),
      next: z.string().nullable().describe('Hand it back as `after` for the next page; null on the last one'),
    })
    .register(answerShapes, { id });
}

export const FaultShape = z.object({
  detail: z.string(),
  pointer: z.string().optional().describe('JSON Pointer within the body: `#/rows/3/amount`'),
  parameter: z.string().optional().describe('Of the address'),
});

export const ProblemShape = z
  .object({
    type: z.url().describe('Where the problem is explained'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What helps'),
    code: z.string().describe('For programs; new ones may come'),
    errors: z.array(FaultShape).optional(),
    details: z.record(z.string(), z.unknown()).optional().describe('Values that belong to the problem'),
  })
  .register(answerShapes, { id: 'Problem' });

export const NothingShape = z.strictObject({}).register(requestShapes, { id: 'Nothing' });

export const ReasonText = z.string().min(1).max(200).default('by the API').describe('Kept with the act, for people');
export const ReasonShape = z.strictObject({ reason: ReasonText }).register(requestShapes, { id: 'Reason' });
