import { z } from 'zod';
import { jsonReply, nairobiStamp, parseJson, steadyName } from '../basis/index.ts';
import { type Served, sendCallback } from '../faults/index.ts';
import { badField, type Conversation, newConversation } from './daraja-replies.ts';
import type { OperatorBooks, Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import type { PayerAccounts } from './payer-accounts.ts';
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
export function queryStatus(
  deps: OperatorDeps & { accounts: PayerAccounts },
  books: OperatorBooks,
  body: string,
): Served {
  const { runtime } = deps;
  const parsed = StatusQuery.safeParse(parseJson(body));
  if (!parsed.success) return { reply: badField(runtime.ids, fieldOf(parsed.error)) };
  const query = parsed.data;
  const asked = { shortCode: query.PartyA, initiator: query.Initiator, credential: query.SecurityCredential };
  const refused = deps.accounts.refuse(asked);
  if (refused === 'no-account') return { reply: badField(runtime.ids, 'PartyA') };
  // Nobody sees what another's account has paid, nor anything by a wrong credential.
  const isSeen = ({ shortCode }: Transaction) =>
    refused === undefined &&
    (deps.accounts.isOwn(shortCode) ? shortCode === query.PartyA : !deps.accounts.isOwn(query.PartyA));
  if (!query.TransactionID && !query.OriginalConversationID) return { reply: badField(runtime.ids, 'TransactionID') };
  const conversation = newConversation(runtime);
  return {
    reply: jsonReply(200, {
      ...conversation,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    }),
    async follow(early) {
      if (!early && !(await deps.timers.sleep(THINKING_MS))) return;
      const timedOut = deps.faults.drawOccasion('queueTimeOut');
      const transaction = query.TransactionID
        ? books.find(query.TransactionID)
        : books.findByConversation(query.OriginalConversationID ?? '');
      const told = transaction &&
        isSeen(transaction) && { transaction, reversed: books.reversalOf(transaction.receipt) !== undefined };
      const result = timedOut ? parseJson(body) : resultBody(deps, conversation, query.Occasion, told);
      await sendCallback(deps, {
        url: timedOut ? query.QueueTimeOutURL : query.ResultURL,
        contentType: 'application/json',
        body: JSON.stringify(result),
        what: 'status',
      });
    },
  };
}

function resultBody(
  { runtime }: OperatorDeps,
  conversation: Conversation,
  occasion: string | undefined,
  told: { transaction: Transaction; reversed: boolean } | false | undefined,
) {
  const ReferenceData = { ReferenceItem: { Key: 'Occasion', ...(occasion && { Value: occasion }) } };
  if (!told) {
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
  const { transaction, reversed } = told;
  const { shortCode } = transaction;
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      ...conversation,
      TransactionID: transaction.receipt,
      ResultParameters: { ResultParameter: parameters(transaction, reversed, shortCode, conversation) },
      ReferenceData,
    },
  };
}

const REASONS: Readonly<Record<Transaction['kind'], string>> = {
  collect: 'Pay Bill Online',
  paybill: 'Pay Bill',
  disburse: 'Business Payment',
  deposit: 'Deposit of Funds',
  reverse: 'Transaction Reversal',
};

/** Of a payment `DebitPartyName` comes twice, once for each side, and the order is not promised. */
function parameters(transaction: Transaction, reversed: boolean, shortCode: string, conversation: Conversation) {
  const name = steadyName(transaction.msisdn);
  const stamp = Number(nairobiStamp(transaction.at));
  const { amountMinor } = transaction;
  const [us, person] = [`${shortCode} - MALIPO`, `${transaction.msisdn.slice(1)} - ${name.first} ${name.last}`];
  const parties =
    transaction.kind === 'disburse'
      ? [
          { Key: 'DebitPartyName', Value: us },
          { Key: 'CreditPartyName', Value: person },
        ]
      : [us, person].map((Value) => ({ Key: 'DebitPartyName', Value }));
  return [
    ...parties,
    { Key: 'OriginatorConversationID', Value: conversation.OriginatorConversationID },
    { Key: 'InitiatedTime', Value: stamp },
    { Key: 'DebitAccountType', Value: 'MMF Account For Customer' },
    { Key: 'DebitPartyCharges' },
    { Key: 'TransactionReason' },
    { Key: 'ReasonType', Value: REASONS[transaction.kind] },
    // The documentation has no word for what was taken back since: this one is ours.
    { Key: 'TransactionStatus', Value: reversed ? 'Reversed' : 'Completed' },
    { Key: 'FinalisedTime', Value: stamp },
    { Key: 'Amount', Value: Number(amountMinor < 0n ? -amountMinor : amountMinor) / 100 },
    { Key: 'ConversationID', Value: conversation.ConversationID },
    { Key: 'ReceiptNo', Value: transaction.receipt },
  ];
}
