import { z } from 'zod';
import { type Money, parseMoney } from '../../../kernel/index.ts';
import { shortText, wireText } from '../../wire/index.ts';

/** The shapes of docs/biller-api.openapi.yaml, read leniently where a lenient reading cannot cost money. */

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const amount = z.string().max(20);
const currency = z.string().regex(/^[A-Z]{3}$/);
const reference = z.string().regex(/^[0-9A-Za-z]{1,12}$/);
const billerReference = wireText(64).pipe(z.string().min(1));
const account = z.string().min(1).max(32);

export const Account = z.object({
  account: account.optional(),
  status: z.enum(['open', 'closed']),
  holderName: wireText(100).pipe(z.string().min(1)),
  due: amount,
  currency,
  dueDate: z.iso.date().optional(),
});

export const Payment = z.object({
  reference,
  billerReference,
  account,
  amount,
  currency,
  balance: amount.optional(),
  tokens: z
    .array(
      z.object({
        kind: z.enum(['KEY_CHANGE', 'STANDARD', 'BSST', 'REFUND', 'POWER_LIMIT']),
        digits: z.string().regex(/^\d{20}$/),
      }),
    )
    .max(10)
    .optional(),
  units: wireText(32).optional(),
  debtTaken: amount.optional(),
});
export type Payment = z.infer<typeof Payment>;

export const Cancellation = z.object({ reference, outcome: z.enum(['cancelled', 'not-booked']) });

export const StatementPage = z.object({
  lines: z.array(z.object({ reference, billerReference, account, amount, currency, bookedAt: instant })).max(1000),
  next: z.string().min(1).max(200).nullable(),
});
export type StatementPage = z.infer<typeof StatementPage>;

export const BillsPage = z.object({
  /** Each is read by itself: one that makes no sense does not take the others with it. */
  bills: z.array(z.unknown()).max(1000),
  next: z.string().min(1).max(200).nullable(),
});

export const Bill = z.object({
  bill: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  account,
  due: amount,
  currency,
  dueDate: z.iso.date(),
  issuedOn: z.iso.date().optional(),
});

const ProblemShape = z.object({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  reason: z.string().max(100).optional().catch(undefined),
});

/** The reason of a problem document, if the body is one, and words for staff. */
export function readProblem(json: unknown): { reason: string | undefined; description: string } {
  const read = ProblemShape.safeParse(json);
  if (!read.success) return { reason: undefined, description: '' };
  const { title, detail, reason } = read.data;
  return { reason, description: shortText([title, detail].filter(Boolean).join(': ')) };
}

/** `1250.00`, or `-20.00` where the customer is in credit. Undefined for anything that is not exact. */
export function parseSignedMoney(text: string, ofCurrency: string): Money | undefined {
  if (!text.startsWith('-')) return parseMoney(text, ofCurrency);
  const positive = parseMoney(text.slice(1), ofCurrency);
  return positive && { ...positive, amountMinor: -positive.amountMinor };
}
