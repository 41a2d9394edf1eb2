import { z } from 'zod';
import { type Clock, invariant } from '../../../kernel/index.ts';
import { wireCode, wireText } from '../../wire/index.ts';
import type { CollectAnswer, CollectRequest } from '../contract.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { nairobiStamp } from './nairobi-time.ts';
import { BUSY_OR_MISCONFIGURED, isBadRequest, isThrottled } from './result-codes.ts';

/** The operator's own limit on `AccountReference`; on `TransactionDesc`. */
const LONGEST_REFERENCE = 12;
const LONGEST_DESCRIPTION = 13;
const LOCKED_RETRY_MS = 60_000;

/** The three fields that sign a prompt or its query; Timestamp is Nairobi time. */
export function signature(config: DarajaConfig, clock: Clock) {
  const Timestamp = nairobiStamp(clock.now());
  const Password = Buffer.from(`${config.shortCode}${config.passkey}${Timestamp}`).toString('base64');
  return { BusinessShortCode: config.shortCode, Password, Timestamp };
}

/** Asks the customer for the PIN on the handset. Not idempotent at the operator: a second request is a second debit. */
export async function pushPrompt(
  deps: { api: DarajaApi; clock: Clock; config: DarajaConfig },
  request: CollectRequest,
): Promise<CollectAnswer> {
  const { config } = deps;
  const payer = request.payer.slice(1);
  const prompt = {
    ...signature(config, deps.clock),
    TransactionType: 'CustomerPayBillOnline',
    Amount: wholeShillings(request),
    PartyA: payer,
    PartyB: config.shortCode,
    PhoneNumber: payer,
    CallBackURL: `${config.callbackBaseUrl}/stk/${request.callbackToken}`,
    AccountReference: request.reference,
    TransactionDesc: request.description.slice(0, LONGEST_DESCRIPTION),
  };
  const reply = await deps.api.post('prompt', '/mpesa/stkpush/v1/processrequest', prompt, { connection: 'new' });
  return readPromptAnswer(reply);
}

function wholeShillings({ amount, reference, callbackToken }: CollectRequest): number {
  invariant(amount.currency === 'KES', `a prompt in ${amount.currency}`);
  invariant(amount.amountMinor > 0n && amount.amountMinor % 100n === 0n, 'a prompt that is not of whole shillings');
  invariant(reference.length >= 1 && reference.length <= LONGEST_REFERENCE, 'a reference that the operator would cut');
  invariant(/^[0-9a-f]{16,64}$/.test(callbackToken), 'a callback token that is not lowercase hex');
  return Number(amount.amountMinor / 100n);
}

const Acknowledgement = z.object({
  MerchantRequestID: wireText(100).pipe(z.string().min(1)),
  CheckoutRequestID: wireText(100).pipe(z.string().min(1)),
  ResponseCode: wireCode,
});

/** What an answer proves about the prompt: see `CollectAnswer`. */
export function readPromptAnswer(reply: DarajaReply): CollectAnswer {
  switch (reply.kind) {
    case 'not-sent':
      return { kind: 'rejected', cause: reply.fault, code: 'not-sent', description: reply.description };
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'refused':
      return readRefusal(reply.code, reply.message);
    case 'answer': {
      const ack = Acknowledgement.safeParse(reply.body);
      if (!ack.success) return { kind: 'unknown', code: 'unreadable', description: 'no acknowledgement in the answer' };
      const { ResponseCode, CheckoutRequestID, MerchantRequestID } = ack.data;
      if (ResponseCode !== '0') {
        return { kind: 'unknown', code: ResponseCode, description: 'acknowledged with a code that proves nothing' };
      }
      return { kind: 'accepted', ids: { checkoutRequestId: CheckoutRequestID, merchantRequestId: MerchantRequestID } };
    }
  }
}

function readRefusal(code: string, description: string): CollectAnswer {
  if (isThrottled(code)) return { kind: 'rejected', cause: 'busy', code, description };
  if (isBadRequest(code)) {
    // The number is the customer's choice: it is well-formed, but not on this operator.
    const cause = /phone\s?number|party\s?a\b/i.test(description) ? 'not-registered' : 'our-fault';
    return { kind: 'rejected', cause, code, description };
  }
  if (code === BUSY_OR_MISCONFIGURED) return readBusyOrMisconfigured(code, description);
  return { kind: 'unknown', code, description };
}

/**
 * One code for unlike things. A locked subscriber was not prompted and may be asked once more; wrong credentials or an unknown
 * merchant are our own fault. Words that speak of a fault at the operator, or of a request being worked on, prove nothing.
 */
function readBusyOrMisconfigured(code: string, description: string): CollectAnswer {
  if (/unable to lock subscriber/i.test(description)) {
    return { kind: 'not-sent', retryAfterMs: LOCKED_RETRY_MS, code, description };
  }
  if (/process(ed|ing)|time[ds]?[\s-]?out|internal|system/i.test(description))
    return { kind: 'unknown', code, description };
  return { kind: 'rejected', cause: 'our-fault', code, description };
}
