import { z } from 'zod';
import { parseMoney } from '../../kernel/index.ts';
import { readPhoneNumber } from '../basis/index.ts';

/** Programs write amounts as text or as numbers; both are read as exact decimals. */
const decimal = z.union([z.string().max(20), z.number().min(0).max(1e12)]).transform(String);

const msisdn = z
  .union([z.string().max(30), z.number().int().positive()])
  .transform((value, context) => readPhoneNumber(String(value)) ?? refuse(context, 'not a phone number'));

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

export function amountIn(currency: string) {
  return decimal.transform(
    (text, context) => parseMoney(text, currency)?.amountMinor ?? refuse(context, 'not an exact amount'),
  );
}

export const directPayment = (currency: string) =>
  z.strictObject({
    msisdn,
    amount: amountIn(currency).refine((amountMinor) => amountMinor > 0n, 'nothing to pay'),
    /** Whatever the customer types, 20 characters at most. */
    account: z.union([z.string(), z.number()]).transform(String).pipe(z.string().max(20)),
  });

export const walletSetting = (currency: string) => z.strictObject({ balance: amountIn(currency) });

export const WrittenMessage = z.strictObject({
  from: msisdn,
  to: z.string().min(1).max(20).default('20384'),
  text: z.string().max(1_000),
});

export const DueDate = z.strictObject({
  biller: z.string().max(24),
  account: z.string().regex(/^\d{6,12}$/),
  dueDate: z.iso.date(),
});

export const LostPosting = z.strictObject({
  biller: z.string().max(24),
  reference: z.string().regex(/^[0-9A-Z]{6,20}$/),
});

export const OptOut = z.strictObject({ msisdn, sender: z.string().min(1).max(20) });

export const Reversal = z.strictObject({ receipt: z.string().regex(/^[0-9A-Z]{6,20}$/) });

/** Without a number: of all payouts. `code` is the truth, and nothing moves; `said` is told in its place. Neither: as before. */
export const PayoutSetting = z.strictObject({
  msisdn: msisdn.optional(),
  code: z
    .string()
    .regex(/^[0-9A-Z_]{1,20}$/)
    .optional(),
  said: z
    .string()
    .regex(/^[0-9A-Z_]{1,20}$/)
    .optional(),
});

/** A short code that an organisation has for itself; `amount` comes to it from the bank. */
export const payerAccount = (currency: string) =>
  z.strictObject({
    shortCode: z.string().regex(/^\d{5,9}$/),
    initiator: z.string().min(1).max(100),
    credential: z.string().min(1).max(1_000),
    amount: amountIn(currency).optional(),
  });

export const deposit = (currency: string) =>
  z.strictObject({ amount: amountIn(currency).refine((amountMinor) => amountMinor > 0n, 'nothing to put in') });

export const BlockedSender = OptOut.extend({ blocked: z.boolean() });
