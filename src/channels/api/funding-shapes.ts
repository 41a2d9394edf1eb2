import { z } from 'zod';
import { type Funding, needOfCost, type Quotation } from '../../domain/funding/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import { answerShapes, requestShapes } from './endpoint.ts';
import { Amount, Currency, Id, Instant, instantOf, instantOrNull } from './shapes.ts';

const Day = z.iso.date().describe('By your business days');

export const QuotationShape = z
  .object({
    id: Id,
    number: z.string().describe('For people and papers'),
    rows: z.int(),
    total: Amount.describe('What the recipients get'),
    charges: Amount.describe("The operator's, by its bands"),
    fee: Amount.describe('Ours'),
    tax: Amount.describe('On our fee'),
    need: Amount.describe('All of it together'),
    currency: Currency,
    validUntil: Day.describe('The last day on which it holds'),
    createdAt: Instant,
  })
  .register(answerShapes, { id: 'Quotation' });

export const FundingShape = z
  .object({
    id: Id,
    reference: z.string().describe('What the transfer at the bank must carry'),
    quotationId: Id.nullable(),
    amount: Amount,
    currency: Currency,
    state: z
      .enum(['expected', 'banked', 'available', 'cancelled'])
      .describe('banked: on our account at the bank; available: yours to spend'),
    orderNumber: z.string().nullable().describe('Your purchase order for our fee and its tax'),
    orderAmount: Amount.nullable(),
    expectedAt: Instant,
    bankedAt: Instant.nullable(),
    availableAt: Instant.nullable(),
  })
  .register(answerShapes, { id: 'Funding' });

export const QuoteBody = z
  .strictObject({
    rows: z.int().min(1).max(1_000_000).describe('How many people'),
    total: Amount.describe('What they get together, a whole amount'),
  })
  .register(requestShapes, { id: 'NewQuotation' });

export const AnnounceBody = z
  .strictObject({
    quotationId: Id.optional().describe('All that it needs is announced, unless an amount is given'),
    amount: Amount.optional(),
  })
  .register(requestShapes, { id: 'NewFunding' });

export const OrderBody = z
  .strictObject({ number: z.string().min(1).max(40), amount: Amount.describe('For our fee and its tax') })
  .register(requestShapes, { id: 'Order' });

export function showQuotation(quotation: Quotation): z.input<typeof QuotationShape> {
  const { id, number, rows, currency, validUntilDay } = quotation;
  const amount = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  return {
    ...{ id, number, rows, currency, validUntil: validUntilDay, createdAt: instantOf(quotation.createdAtMs) },
    ...{ total: amount(quotation.totalMinor), charges: amount(quotation.chargesMinor) },
    ...{ fee: amount(quotation.feeMinor), tax: amount(quotation.taxMinor), need: amount(needOfCost(quotation)) },
  };
}

export function showFunding(funding: Funding): z.input<typeof FundingShape> {
  const { id, reference, quotationId, amountMinor, currency, state, orderNumber, orderMinor } = funding;
  return {
    ...{ id, reference, quotationId, currency, state, orderNumber },
    amount: formatDecimal({ amountMinor, currency }),
    orderAmount: orderMinor === null ? null : formatDecimal({ amountMinor: orderMinor, currency }),
    ...{ expectedAt: instantOf(funding.expectedAtMs), bankedAt: instantOrNull(funding.bankedAtMs) },
    availableAt: instantOrNull(funding.availableAtMs),
  };
}
