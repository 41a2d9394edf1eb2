import { z } from 'zod';
import { type Clock, type Msisdn, parseMoney, parseMsisdn } from '../../../kernel/index.ts';
import { decimalText, shortText, wireText } from '../../wire/index.ts';
import type { CollectionOperator, PaybillMovement, PaybillValidation, ValidationRefusal } from '../contract.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { parseReceipt } from './stk-callback.ts';

const name = wireText(100).optional().catch(undefined);

const Announcement = z.object({
  TransAmount: z.union([z.string().max(40), z.number()]),
  BusinessShortCode: wireText(10).pipe(z.string().regex(/^\d{5,7}$/)),
  // Twenty characters at most at the operator, and whatever the customer typed.
  BillRefNumber: wireText(100),
});

const Confirmation = Announcement.extend({
  TransID: wireText(40),
  TransTime: wireText(40),
  MSISDN: wireText(100).optional().catch(undefined),
  FirstName: name,
  MiddleName: name,
  LastName: name,
});

export function parseC2bValidation(body: unknown): PaybillValidation | undefined {
  const read = Announcement.safeParse(body);
  if (!read.success) return undefined;
  const amount = parseMoney(decimalText(read.data.TransAmount), 'KES');
  return amount && { account: read.data.BillRefNumber, amount, shortCode: read.data.BusinessShortCode };
}

/** Money that has arrived at the paybill. An unreadable time does not lose it: the time of arrival stands in. */
export function parseC2bConfirmation(body: unknown, clock: Clock): PaybillMovement | undefined {
  const read = Confirmation.safeParse(body);
  if (!read.success) return undefined;
  const { TransID, TransTime, TransAmount, BusinessShortCode, BillRefNumber, MSISDN } = read.data;
  const receipt = parseReceipt(TransID);
  const amount = parseMoney(decimalText(TransAmount), 'KES');
  if (receipt === undefined || amount === undefined || amount.amountMinor === 0n) return undefined;
  const names = [read.data.FirstName, read.data.MiddleName, read.data.LastName].filter(Boolean).join(' ');
  return {
    receipt,
    amount,
    account: BillRefNumber,
    shortCode: BusinessShortCode,
    completedAtMs: parseNairobiTime(TransTime) ?? clock.now(),
    ...payerFields(MSISDN ?? ''),
    ...(names !== '' && { payerName: shortText(names, 100) }),
  };
}

/** The payer as the wire shows him: a full number (v1), masked (v2: `2547 ***** 126`), or hashed, which says nothing to us. */
export function payerFields(text: string): { payer?: Msisdn; maskedPayer?: string } {
  if (text.length <= 24 && /^[\d\s+]*\*[\d\s*]*$/.test(text)) return { maskedPayer: text };
  const payer = parseMsisdn(text, 'KE');
  return payer === undefined ? {} : { payer };
}

const REFUSAL_CODES: Readonly<Record<ValidationRefusal, string>> = {
  account: 'C2B00012',
  amount: 'C2B00013',
  'short-code': 'C2B00015',
  other: 'C2B00016',
};

export const darajaAnswers: CollectionOperator['answers'] = {
  callbackTaken: () => ({ ResultCode: 0, ResultDesc: 'Accepted' }),
  confirmationTaken: () => ({ ResultCode: 0, ResultDesc: 'Accepted' }),
  validationAccepted: () => ({ ResultCode: '0', ResultDesc: 'Accepted' }),
  validationRefused: (why) => ({ ResultCode: REFUSAL_CODES[why], ResultDesc: 'Rejected' }),
};

const Registered = z.object({ ResponseCode: wireText(32) });

/** `Completed`: when our validation does not answer, the customer's payment goes through. */
export async function registerC2b(deps: {
  api: DarajaApi;
  config: DarajaConfig;
}): Promise<{ kind: 'accepted' } | { kind: 'failed'; description: string }> {
  const { shortCode, callbackBaseUrl } = deps.config;
  const reply = await deps.api.post('register', '/mpesa/c2b/v2/registerurl', {
    ShortCode: shortCode,
    ResponseType: 'Completed',
    ConfirmationURL: `${callbackBaseUrl}/c2b/confirmation`,
    ValidationURL: `${callbackBaseUrl}/c2b/validation`,
  });
  switch (reply.kind) {
    case 'refused':
      return { kind: 'failed', description: `${reply.code} ${reply.message}` };
    case 'unclear':
    case 'not-sent':
      return { kind: 'failed', description: reply.description };
    case 'answer': {
      const read = Registered.safeParse(reply.body);
      // `0` is documented; the sandbox has answered with zeros in any number.
      if (read.success && /^0+$/.test(read.data.ResponseCode)) return { kind: 'accepted' };
      return { kind: 'failed', description: 'the registration was not confirmed' };
    }
  }
}
