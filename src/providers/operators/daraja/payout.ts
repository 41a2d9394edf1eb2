import { z } from 'zod';
import { invariant, parseMoney } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { Evidence } from '../contract.ts';
import type { PayoutAnswer, PayoutPurpose, PayoutRequest, PayoutResult } from '../payout-contract.ts';
import type { DarajaPayoutConfig } from './config.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { DUPLICATE_REQUEST, isBadRequest, isThrottled, isTokenRefused, payoutOutcome } from './result-codes.ts';
import { partyOf, readParameters, resultParameters } from './result-parameters.ts';
import { parseReceipt } from './stk-callback.ts';

const COMMANDS: Readonly<Record<PayoutPurpose, string>> = {
  business: 'BusinessPayment',
  salary: 'SalaryPayment',
  promotion: 'PromotionPayment',
};

const LONGEST_REMARKS = 100;

/**
 * Asks the operator to pay a person (B2C v3). `OriginatorConversationID` is our reference: the operator takes one request under it,
 * says so of a second, and can be asked by it even when the acknowledgement was lost.
 */
export async function requestPayout(
  deps: { api: DarajaApi; config: DarajaPayoutConfig & { callbackBaseUrl: string } },
  request: PayoutRequest,
): Promise<PayoutAnswer> {
  const { shortCode, initiator, securityCredential, callbackBaseUrl } = deps.config;
  const { amount, callbackToken, reference, remarks } = request;
  invariant(amount.currency === 'KES', `a payout in ${amount.currency}`);
  invariant(amount.amountMinor > 0n && amount.amountMinor % 100n === 0n, 'a payout that is not of whole shillings');
  invariant(/^[0-9a-f]{16,64}$/.test(callbackToken), 'a callback token that is not lowercase hex');
  invariant(remarks.length >= 2, 'remarks that the operator would refuse');
  const body = {
    OriginatorConversationID: reference,
    InitiatorName: initiator,
    SecurityCredential: securityCredential,
    CommandID: COMMANDS[request.purpose],
    Amount: Number(amount.amountMinor / 100n),
    PartyA: shortCode,
    PartyB: request.recipient.slice(1),
    Remarks: remarks.slice(0, LONGEST_REMARKS),
    QueueTimeOutURL: `${callbackBaseUrl}/b2c/timeout/${callbackToken}`,
    ResultURL: `${callbackBaseUrl}/b2c/result/${callbackToken}`,
    // The operator's own spelling.
    Occassion: '',
  };
  return readPayoutAnswer(
    await deps.api.post('payout', '/mpesa/b2c/v3/paymentrequest', body, { connection: 'recent' }),
  );
}

const Acknowledgement = z.object({
  OriginatorConversationID: wireText(100).pipe(z.string().min(1)),
  ConversationID: wireText(100).pipe(z.string().min(1)),
  ResponseCode: wireCode,
});

/** The gateway's throttle counts in seconds; a line that is down is given longer. */
const PACE_RETRY_MS = 2_000;
const UNREACHABLE_RETRY_MS = 10_000;

/** What an answer proves about the request: see `PayoutAnswer`. */
export function readPayoutAnswer(reply: DarajaReply): PayoutAnswer {
  switch (reply.kind) {
    case 'not-sent': {
      const said = { code: 'not-sent', description: reply.description };
      if (reply.fault === 'our-fault') return { kind: 'rejected', cause: 'credential-refused', ...said };
      return { kind: 'not-sent', why: 'unreachable', retryAfterMs: UNREACHABLE_RETRY_MS, ...said };
    }
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'refused':
      return readRefusal(reply.code, reply.message);
    case 'answer': {
      const ack = Acknowledgement.safeParse(reply.body);
      if (!ack.success) return { kind: 'unknown', code: 'unreadable', description: 'no acknowledgement in the answer' };
      const { ResponseCode, ConversationID, OriginatorConversationID } = ack.data;
      if (ResponseCode !== '0') {
        return { kind: 'unknown', code: ResponseCode, description: 'acknowledged with a code that proves nothing' };
      }
      return { kind: 'accepted', ids: { conversationId: ConversationID, requestId: OriginatorConversationID } };
    }
  }
}

function readRefusal(code: string, description: string): PayoutAnswer {
  if (code === DUPLICATE_REQUEST) return { kind: 'known-before', code, description };
  if (isThrottled(code)) return { kind: 'not-sent', why: 'pace', retryAfterMs: PACE_RETRY_MS, code, description };
  if (isTokenRefused(code)) return { kind: 'rejected', cause: 'credential-refused', code, description };
  if (!isBadRequest(code)) return { kind: 'unknown', code, description };
  // The number was given by the row; every other field of the request is ours.
  const isNumber = /phone\s?number|party\s?b\b|msisdn/i.test(description);
  return { kind: 'rejected', cause: isNumber ? 'number-refused' : 'request-refused', code, description };
}

const Result = z.object({
  Result: z.object({
    ResultCode: wireCode,
    ResultDesc: wireText(2000).optional().catch(undefined),
    OriginatorConversationID: wireText(100).pipe(z.string().min(1)),
    ConversationID: wireText(100).pipe(z.string().min(1)),
    TransactionID: wireText(40).optional().catch(undefined),
    ResultParameters: resultParameters,
  }),
});

/**
 * The outcome as the operator calls it back. Undefined when it is not of that shape, also when it claims success without one receipt
 * or the amount: such a body must not pass for a success "of whatever was asked".
 */
export function parsePayoutResult(body: unknown): PayoutResult | undefined {
  const read = readPayoutResult(body);
  if (!read) return undefined;
  const { ids, evidence, parameters } = read;
  if (evidence.outcome !== 'succeeded') return { ids, evidence };
  const completedAtMs = parseNairobiTime(parameters('TransactionCompletedDateTime')[0] ?? '');
  const { payer, payerName } = partyOf(parameters('ReceiverPartyPublicName'));
  return {
    ids,
    evidence: {
      ...evidence,
      ...(completedAtMs !== undefined && { completedAtMs }),
      ...(payer !== undefined && { payer }),
    },
    ...(payerName !== undefined && { recipientName: payerName }),
  };
}

/** Whether `parsePayoutResult` would understand it, without telling time and party. */
export function isPayoutResult(body: unknown): boolean {
  return readPayoutResult(body) !== undefined;
}

/** What every result must have. */
function readPayoutResult(
  body: unknown,
): (Pick<PayoutResult, 'ids' | 'evidence'> & { parameters: (key: string) => string[] }) | undefined {
  const read = Result.safeParse(body);
  if (!read.success) return undefined;
  const { ResultCode, ResultDesc, ConversationID, OriginatorConversationID, TransactionID, ResultParameters } =
    read.data.Result;
  const ids = { conversationId: ConversationID, requestId: OriginatorConversationID };
  const said = { rank: 'callback' as const, code: ResultCode, description: shortText(ResultDesc ?? '') };
  const evidence: Evidence = { ...said, ...payoutOutcome(ResultCode) };
  const parameters = readParameters(ResultParameters);
  if (evidence.outcome !== 'succeeded') return { ids, evidence, parameters };
  const amount = parseMoney(parameters('TransactionAmount')[0] ?? '', 'KES');
  const receipt = oneReceipt(TransactionID, parameters('TransactionReceipt')[0]);
  if (receipt === undefined || amount === undefined) return undefined;
  return { ids, evidence: { ...evidence, receipt, amount }, parameters };
}

/** It stands at two places of a success; where they disagree nobody can say which it is. */
function oneReceipt(id: string | undefined, parameter: string | undefined): string | undefined {
  const [one, other] = [parseReceipt(id ?? ''), parseReceipt(parameter ?? '')];
  return one !== undefined && other !== undefined && one !== other ? undefined : (one ?? other);
}

const Request = z.looseObject({ OriginatorConversationID: wireText(100).optional().catch(undefined) });

/** What comes to the time-out address: our own request, as the operator got it. */
export function parsePayoutTimeout(body: unknown): { requestId: string | undefined } | undefined {
  const read = Request.safeParse(body);
  return read.success ? { requestId: read.data.OriginatorConversationID } : undefined;
}
