import { z } from 'zod';
import { parseMoney, parseMsisdn } from '../../../kernel/index.ts';
import { decimalText, shortText, wireCode, wireText } from '../../wire/index.ts';
import type { CollectCallback, Evidence } from '../contract.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { promptOutcome } from './result-codes.ts';

const Item = z.object({
  Name: z.string().max(100),
  // `Balance` comes without a Value; a value of another type than these is left out, and judged where it matters.
  Value: z
    .union([z.string().max(200), z.number()])
    .optional()
    .catch(undefined),
});

const Callback = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: wireText(100).pipe(z.string().min(1)),
      CheckoutRequestID: wireText(100).pipe(z.string().min(1)),
      ResultCode: wireCode,
      ResultDesc: wireText(2000).optional().catch(undefined),
      CallbackMetadata: z.object({ Item: z.array(Item).max(50) }).nullish(),
    }),
  }),
});

/**
 * A prompt's outcome as the operator calls it back. Undefined when it is not of that shape, also when it claims success without an
 * amount, or with one that is none: such a body must not pass as a success "of whatever was asked".
 */
export function parseStkCallback(body: unknown): CollectCallback | undefined {
  const read = Callback.safeParse(body);
  if (!read.success) return undefined;
  const { MerchantRequestID, CheckoutRequestID, ResultCode, ResultDesc, CallbackMetadata } = read.data.Body.stkCallback;
  const evidence: Evidence = {
    rank: 'callback',
    ...promptOutcome(ResultCode),
    code: ResultCode,
    description: shortText(ResultDesc ?? ''),
  };
  const values = new Map((CallbackMetadata?.Item ?? []).map((item) => [item.Name, item.Value]));
  if (!addAmount(evidence, values)) return undefined;
  addDetails(evidence, values);
  return { checkoutRequestId: CheckoutRequestID, merchantRequestId: MerchantRequestID, evidence };
}

type Values = ReadonlyMap<string, string | number | undefined>;

function addAmount(evidence: Evidence, values: Values): boolean {
  if (!values.has('Amount')) return evidence.outcome !== 'succeeded';
  const value = values.get('Amount');
  const amount = value === undefined ? undefined : parseMoney(decimalText(value), 'KES');
  if (amount === undefined) return false;
  evidence.amount = amount;
  return true;
}

function addDetails(evidence: Evidence, values: Values): void {
  const text = (name: string): string => String(values.get(name) ?? '').trim();
  const receipt = parseReceipt(text('MpesaReceiptNumber'));
  if (receipt !== undefined) evidence.receipt = receipt;
  const payer = parseMsisdn(text('PhoneNumber'), 'KE');
  if (payer !== undefined) evidence.payer = payer;
  const completedAtMs = parseNairobiTime(text('TransactionDate'));
  if (completedAtMs !== undefined) evidence.completedAtMs = completedAtMs;
}

/** Receipts are ten capital letters and digits today; a little room is left for tomorrow. */
export function parseReceipt(text: string): string | undefined {
  return /^[A-Za-z0-9]{6,20}$/.test(text) ? text : undefined;
}
