import { z } from 'zod';
import { formatDecimal, invariant, parseMoney } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { Evidence, ReversalResult, ReverseAnswer, ReverseRequest } from '../contract.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { isBadRequest, isThrottled, isTokenRefused, REVERSED_BEFORE, reversalOutcome } from './result-codes.ts';
import { partyOf, readParameters, resultParameters } from './result-parameters.ts';
import { parseReceipt } from './stk-callback.ts';

const LONGEST_REMARKS = 100;

/**
 * Asks the operator to give a payment back. Its own key is the receipt, which it reverses once; it takes on no id of ours, so that
 * what became of a request whose acknowledgement was lost can only be asked by that receipt.
 */
export async function requestReversal(
  deps: { api: DarajaApi; config: DarajaConfig },
  request: ReverseRequest,
): Promise<ReverseAnswer> {
  const { config } = deps;
  const { amount, callbackToken } = request;
  invariant(amount.currency === 'KES' && amount.amountMinor > 0n, 'a reversal of shillings');
  invariant(/^[0-9a-f]{16,64}$/.test(callbackToken), 'a callback token that is not lowercase hex');
  const body = {
    Initiator: config.initiator,
    SecurityCredential: config.securityCredential,
    CommandID: 'TransactionReversal',
    TransactionID: request.receipt,
    // Whole shillings as they were collected; a paybill payment of cents would be told with them.
    Amount: formatDecimal(amount).replace(/\.00$/, ''),
    ReceiverParty: config.shortCode,
    RecieverIdentifierType: '11',
    ResultURL: `${config.callbackBaseUrl}/reversal/result/${callbackToken}`,
    QueueTimeOutURL: `${config.callbackBaseUrl}/reversal/timeout/${callbackToken}`,
    Remarks: request.remarks.slice(0, LONGEST_REMARKS),
    Occasion: '',
  };
  return readReversalAnswer(await deps.api.post('reversal', '/mpesa/reversal/v1/request', body, { connection: 'new' }));
}

const Acknowledgement = z.object({
  OriginatorConversationID: wireText(100).pipe(z.string().min(1)),
  ConversationID: wireText(100).pipe(z.string().min(1)),
  ResponseCode: wireCode,
});

/** What an answer proves about the request: see `ReverseAnswer`. */
export function readReversalAnswer(reply: DarajaReply): ReverseAnswer {
  switch (reply.kind) {
    case 'not-sent':
      return { kind: 'rejected', cause: reply.fault, code: 'not-sent', description: reply.description };
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'refused': {
      const { code, message: description } = reply;
      if (isThrottled(code)) return { kind: 'rejected', cause: 'busy', code, description };
      if (isTokenRefused(code)) return { kind: 'rejected', cause: 'our-fault', code, description };
      if (isBadRequest(code)) return { kind: 'rejected', cause: 'refused', code, description };
      return { kind: 'unknown', code, description };
    }
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
 * The outcome as the operator calls it back. Undefined when it is not of that shape, also when it claims success without the
 * reversal's own receipt or the amount: such a body must not pass for a success "of whatever was asked".
 */
export function parseReversalResult(body: unknown): ReversalResult | undefined {
  const read = Result.safeParse(body);
  if (!read.success) return undefined;
  const { ResultCode, ResultDesc, ConversationID, OriginatorConversationID, TransactionID, ResultParameters } =
    read.data.Result;
  const all = readParameters(ResultParameters);
  const ofReceipt = parseReceipt(all('OriginalTransactionID')[0] ?? '');
  const evidence: Evidence = {
    rank: 'callback',
    outcome: reversalOutcome(ResultCode),
    code: ResultCode,
    description: shortText(ResultDesc ?? ''),
  };
  if (evidence.outcome === 'succeeded') {
    const receipt = parseReceipt(TransactionID ?? '');
    const amount = parseMoney(all('Amount')[0] ?? '', 'KES');
    // A failure carries an id too, of nothing that moved; and the original's is not the reversal's.
    if (receipt === undefined || receipt === ofReceipt || amount === undefined) return undefined;
    Object.assign(evidence, { receipt, amount });
    const completedAtMs = parseNairobiTime(all('TransCompletedTime')[0] ?? '');
    if (completedAtMs !== undefined) evidence.completedAtMs = completedAtMs;
    const { payer } = partyOf(all('CreditPartyPublicName'));
    if (payer !== undefined) evidence.payer = payer;
  }
  return {
    ids: { conversationId: ConversationID, requestId: OriginatorConversationID },
    evidence,
    ...(ofReceipt !== undefined && { ofReceipt }),
    reversedBefore: ResultCode === REVERSED_BEFORE,
  };
}
