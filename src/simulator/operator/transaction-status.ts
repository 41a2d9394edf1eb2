import { z } from 'zod';
import { jsonReply, nairobiStamp, parseJson, steadyName } from '../basis/index.ts';
import { type Served, sendCallback } from '../faults/index.ts';
import { badField } from './daraja-replies.ts';
import type { OperatorBooks, Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { fieldOf } from './stk-push.ts';

const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/);
const text = z.union([z.string(), z.number()]).transform(String);

const StatusQuery = z.object({
  Initiator: z.string().min(1).max(100),
  SecurityCredential: z.string().min(1).max(1_000),
  CommandID: z.literal('TransactionStatusQuery'),
  TransactionID: z.string().max(40).optional(),
  OriginalConversationID: z.string().max(100).optional(),
  PartyA: text,
  IdentifierType: text.pipe(z.literal('4')),
  ResultURL: webAddress,
  QueueTimeOutURL: webAddress,
  Remarks: z.string().min(2).max(100).optional(),
  Occasion: z.string().max(100).optional(),
});

/** How long the operator thinks before it answers by callback. */
const THINKING_MS = 200;

/** `POST /mpesa/transactionstatus/v1/query`: acknowledged at once, answered at ResultURL. */
export function queryStatus(deps: OperatorDeps, books: OperatorBooks, body: string): Served {
  const { runtime, config } = deps;
  const parsed = StatusQuery.safeParse(parseJson(body));
  if (!parsed.success) return { reply: badField(runtime.ids, fieldOf(parsed.error)) };
  const query = parsed.data;
  if (query.PartyA !== config.operator.shortCode) return { reply: badField(runtime.ids, 'PartyA') };
  if (!query.TransactionID && !query.OriginalConversationID) return { reply: badField(runtime.ids, 'TransactionID') };
  const conversation = {
    OriginatorConversationID: runtime.ids.next(),
    ConversationID: `AG_${nairobiStamp(runtime.clock.now()).slice(0, 8)}_${runtime.chance.bytes(10).toString('hex')}`,
  };
  return {
    reply: jsonReply(200, {
      ...conversation,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    }),
    async follow(early) {
      if (!early && !(await deps.timers.sleep(THINKING_MS))) return;
      const timedOut = deps.faults.drawOccasion('queueTimeOut');
      const transaction = query.TransactionID ? books.find(query.TransactionID) : undefined;
      const result = timedOut ? parseJson(body) : resultBody(deps, conversation, query.Occasion, transaction);
      await sendCallback(deps, {
        url: timedOut ? query.QueueTimeOutURL : query.ResultURL,
        contentType: 'application/json',
        body: JSON.stringify(result),
        what: 'status',
      });
    },
  };
}

type Conversation = { OriginatorConversationID: string; ConversationID: string };

function resultBody(
  { runtime, config }: OperatorDeps,
  conversation: Conversation,
  occasion: string | undefined,
  transaction: Transaction | undefined,
) {
  const ReferenceData = { ReferenceItem: { Key: 'Occasion', ...(occasion && { Value: occasion }) } };
  if (!transaction) {
    return {
      Result: {
        ResultType: 0,
        ResultCode: 2032,
        ResultDesc: 'The transaction receipt number does not exist.',
        ...conversation,
        TransactionID: `${nairobiStamp(runtime.clock.now()).slice(2, 4)}00000000`,
        ReferenceData,
      },
    };
  }
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      ...conversation,
      TransactionID: transaction.receipt,
      ResultParameters: { ResultParameter: parameters(transaction, config.operator.shortCode, conversation) },
      ReferenceData,
    },
  };
}

/** `DebitPartyName` comes twice, once for each side, and the order is not promised. */
function parameters(transaction: Transaction, shortCode: string, conversation: Conversation) {
  const name = steadyName(transaction.msisdn);
  const stamp = Number(nairobiStamp(transaction.at));
  return [
    { Key: 'DebitPartyName', Value: `${shortCode} - MALIPO` },
    { Key: 'DebitPartyName', Value: `${transaction.msisdn.slice(1)} - ${name.first} ${name.last}` },
    { Key: 'OriginatorConversationID', Value: conversation.OriginatorConversationID },
    { Key: 'InitiatedTime', Value: stamp },
    { Key: 'DebitAccountType', Value: 'MMF Account For Customer' },
    { Key: 'DebitPartyCharges' },
    { Key: 'TransactionReason' },
    { Key: 'ReasonType', Value: transaction.kind === 'collect' ? 'Pay Bill Online' : 'Pay Bill' },
    { Key: 'TransactionStatus', Value: 'Completed' },
    { Key: 'FinalisedTime', Value: stamp },
    { Key: 'Amount', Value: Number(transaction.amountMinor) / 100 },
    { Key: 'ConversationID', Value: conversation.ConversationID },
    { Key: 'ReceiptNo', Value: transaction.receipt },
  ];
}
