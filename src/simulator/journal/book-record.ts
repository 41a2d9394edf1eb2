import { z } from 'zod';

const minor = z.string().regex(/^-?\d{1,18}$/);
const at = z.number().int();

export const TransactionRecord = z.object({
  receipt: z.string(),
  kind: z.enum(['collect', 'paybill', 'disburse', 'reverse', 'deposit']),
  msisdn: z.string(),
  amountMinor: minor,
  currency: z.string(),
  account: z.string(),
  shortCode: z.string(),
  at,
  /** Of a reversal: the receipt of what it takes back. */
  linkedReceipt: z.string().optional(),
  /** Of a payout: what it was asked as. */
  command: z.string().optional(),
  /** Of a reversal or a payout: by what the merchant that asked for it may ask about it. */
  conversations: z.array(z.string()).optional(),
});

export const TokenRecord = z.object({ kind: z.enum(['KEY_CHANGE', 'STANDARD', 'BSST']), digits: z.string() });

/**
 * One line of the books. What moved, what was booked and what a program asked for outlive the process; what only
 * passes by (tokens of the API, open sessions) does not.
 */
export const BookRecord = z.discriminatedUnion('book', [
  z.object({ book: z.literal('wallet'), msisdn: z.string(), balanceMinor: minor }),
  z.object({ book: z.literal('handset'), msisdn: z.string(), setting: z.unknown() }),
  z.object({
    book: z.literal('addresses'),
    shortCode: z.string(),
    responseType: z.enum(['Completed', 'Cancelled']),
    confirmationUrl: z.string(),
    validationUrl: z.string(),
  }),
  z.object({
    book: z.literal('prompt'),
    checkoutRequestId: z.string(),
    merchantRequestId: z.string(),
    msisdn: z.string(),
    amountMinor: minor,
    account: z.string(),
    description: z.string(),
    shortCode: z.string(),
    callbackUrl: z.string(),
    at,
    expiresAt: at,
  }),
  /** One line for the end of a prompt and the money that it moved: a torn line cannot part the two. */
  z.object({
    book: z.literal('prompt-closed'),
    checkoutRequestId: z.string(),
    code: z.string(),
    saidCode: z.string(),
    at,
    transaction: TransactionRecord.optional(),
  }),
  z.object({ book: z.literal('paybill'), transaction: TransactionRecord }),
  /** The request was taken: the operator takes none under the same id again. */
  z.object({ book: z.literal('payout'), originatorConversationId: z.string() }),
  z.object({ book: z.literal('payer-account'), shortCode: z.string(), initiator: z.string(), credential: z.string() }),
  z.object({ book: z.literal('cancellation'), biller: z.string(), reference: z.string() }),
  z.object({ book: z.literal('lost-posting'), biller: z.string(), reference: z.string() }),
  z.object({
    book: z.literal('posting'),
    biller: z.string(),
    reference: z.string(),
    billerReference: z.string(),
    account: z.string(),
    amountMinor: minor,
    currency: z.string(),
    operatorReceipt: z.string().optional(),
    at,
    balanceMinor: minor.optional(),
    debtTakenMinor: minor.optional(),
    units: z.string().optional(),
    tokens: z.array(TokenRecord),
    /** Before then nobody is told its tokens. */
    tokensAt: at.optional(),
  }),
  z.object({
    book: z.literal('message'),
    messageId: z.string(),
    to: z.string(),
    from: z.string(),
    text: z.string(),
    at,
  }),
  z.object({ book: z.literal('due-date'), biller: z.string(), account: z.string(), dueDate: z.string() }),
  z.object({ book: z.literal('blocked-sender'), msisdn: z.string(), sender: z.string(), blocked: z.boolean() }),
]);
export type BookRecord = z.infer<typeof BookRecord>;
