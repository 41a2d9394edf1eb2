import { z } from 'zod';
import { type Money, parseMoney } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { StatusAsked, StatusQuestion, StatusResult } from '../contract.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { partyOf, readParameters, resultParameters } from './result-parameters.ts';
import { parseReceipt } from './stk-callback.ts';

const Asked = z.object({
  ResponseCode: wireCode,
  ConversationID: wireText(100).pipe(z.string().min(1)),
});

/** Whose transactions are asked about, and by whom. */
export interface StatusAsker {
  shortCode: string;
  initiator: string;
  securityCredential: string;
  callbackBaseUrl: string;
}

/** Asks for one transaction. The result comes to an address of its own; asking twice is harmless. */
export async function askTransactionStatus(
  deps: { api: DarajaApi; config: StatusAsker },
  question: StatusQuestion,
): Promise<StatusAsked> {
  const { config } = deps;
  const reply = await deps.api.post('status', '/mpesa/transactionstatus/v1/query', {
    Initiator: config.initiator,
    SecurityCredential: config.securityCredential,
    CommandID: 'TransactionStatusQuery',
    ...('receipt' in question ? { TransactionID: question.receipt } : { OriginalConversationID: question.requestId }),
    PartyA: config.shortCode,
    IdentifierType: '4',
    ResultURL: `${config.callbackBaseUrl}/status/result/${question.token}`,
    QueueTimeOutURL: `${config.callbackBaseUrl}/status/timeout/${question.token}`,
    Remarks: 'Status',
    Occasion: '',
  });
  return readAsked(reply);
}

/** What an answer says of a question whose result comes later. */
export function readAsked(reply: DarajaReply): StatusAsked {
  switch (reply.kind) {
    case 'refused':
      return { kind: 'unknown', code: reply.code, description: reply.message };
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'not-sent':
      return { kind: 'unknown', code: 'not-sent', description: reply.description };
    case 'answer': {
      const asked = Asked.safeParse(reply.body);
      if (!asked.success)
        return { kind: 'unknown', code: 'unreadable', description: 'no acknowledgement in the answer' };
      const { ResponseCode, ConversationID } = asked.data;
      if (ResponseCode !== '0')
        return { kind: 'unknown', code: ResponseCode, description: 'the question was not taken on' };
      return { kind: 'accepted', conversationId: ConversationID };
    }
  }
}

const Result = z.object({
  Result: z.object({
    ResultCode: wireCode,
    ResultDesc: wireText(2000).optional().catch(undefined),
    ConversationID: wireText(100).pipe(z.string().min(1)),
    ResultParameters: resultParameters,
  }),
});

/**
 * What the operator knows of one transaction. `found` and `completed` are false for every code but 0; that proves nothing
 * about the money.
 */
export function parseTransactionStatus(body: unknown): StatusResult | undefined {
  const read = Result.safeParse(body);
  if (!read.success) return undefined;
  const { ResultCode, ResultDesc, ConversationID, ResultParameters } = read.data.Result;
  const all = readParameters(ResultParameters);
  const receipt = parseReceipt(all('ReceiptNo')[0] ?? '');
  const found = ResultCode === '0' && receipt !== undefined;
  const status = found ? (all('TransactionStatus')[0] ?? '').toLowerCase() : '';
  const result: StatusResult = {
    conversationId: ConversationID,
    found,
    completed: status === 'completed',
    // Not among the documented words, and believed where it is said: no other word speaks of it.
    reversed: status === 'reversed',
    code: ResultCode,
    description: shortText(ResultDesc ?? ''),
  };
  const amount = amountOf(all('Amount')[0]);
  const completedAtMs = parseNairobiTime(all('FinalisedTime')[0] ?? '');
  return {
    ...result,
    ...(receipt !== undefined && { receipt }),
    ...(amount !== undefined && { amount }),
    ...(completedAtMs !== undefined && { completedAtMs }),
    // Of a payment the person is who paid, of a payout who was paid; the other side is a short code.
    ...partyOf([...all('DebitPartyName'), ...all('CreditPartyName')]),
  };
}

function amountOf(text: string | undefined): Money | undefined {
  return text === undefined ? undefined : parseMoney(text, 'KES');
}
