import { z } from 'zod';
import { jsonReply, nairobiStamp, parseJson, steadyName } from '../basis/index.ts';
import { type Served, sendCallback } from '../faults/index.ts';
import { badField, type Conversation, describeResult, newConversation } from './daraja-replies.ts';
import { decimal, type OperatorBooks, recordOf, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { fieldOf } from './stk-push.ts';

const text = z.union([z.string(), z.number()]).transform(String);
const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/);

const Reversal = z.object({
  Initiator: z.string().min(1).max(100),
  SecurityCredential: z.string().min(1).max(1_000),
  CommandID: z.literal('TransactionReversal'),
  TransactionID: z.string().min(1).max(40),
  Amount: text.pipe(z.string().regex(/^\d{1,9}(\.\d{1,2})?$/)),
  ReceiverParty: text,
  RecieverIdentifierType: text.pipe(z.literal('11')),
  ResultURL: webAddress,
  QueueTimeOutURL: webAddress,
  Remarks: z.string().min(2).max(100),
  Occasion: z.string().max(100).optional(),
});

/** How long the operator works before it answers by callback. */
const WORKING_MS = 200;

/** `POST /mpesa/reversal/v1/request`: acknowledged at once; the money goes back a moment later, and ResultURL hears of it. */
export function requestReversal(deps: OperatorDeps, books: OperatorBooks, body: string): Served {
  const { runtime, config } = deps;
  const parsed = Reversal.safeParse(parseJson(body));
  if (!parsed.success) return { reply: badField(runtime.ids, fieldOf(parsed.error)) };
  const request = parsed.data;
  if (request.ReceiverParty !== config.operator.shortCode) return { reply: badField(runtime.ids, 'ReceiverParty') };
  const conversation = newConversation(runtime);
  return {
    reply: jsonReply(200, {
      ...conversation,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    }),
    async follow(early) {
      if (!early && !(await deps.timers.sleep(WORKING_MS))) return;
      const timedOut = deps.faults.drawOccasion('queueTimeOut');
      // What waited for too long may have been done or not.
      const isDone = !timedOut || runtime.chance.fraction() < 0.5;
      const result = isDone ? await takeBack(deps, books, request, conversation) : undefined;
      await sendCallback(deps, {
        url: timedOut ? request.QueueTimeOutURL : request.ResultURL,
        contentType: 'application/json',
        body: timedOut ? body : JSON.stringify(result),
        what: 'reversal',
      });
    },
  };
}

async function takeBack(
  deps: OperatorDeps,
  books: OperatorBooks,
  { TransactionID, Amount }: z.infer<typeof Reversal>,
  conversation: Conversation,
) {
  const original = books.find(TransactionID);
  if (!original || Number(Amount) * 100 !== Number(original.amountMinor)) return failed(deps, conversation, 'R000002');
  const reversal = books.reverse(TransactionID, Object.values(conversation));
  if (reversal === 'unknown') return failed(deps, conversation, 'R000002');
  if (reversal === 'reversed-before') return failed(deps, conversation, 'R000001');
  // The books first: what was announced must still be known after a kill.
  await deps.journal().append({ book: 'paybill', transaction: recordOf(reversal) });
  const { msisdn, currency } = reversal;
  deps.desk.emit(msisdn, { type: 'wallet', balance: decimal(books.balanceOf(msisdn), currency), currency });
  return succeeded(deps, conversation, books, reversal);
}

/** A failure has no parameters, and an id of nothing that moved. */
function failed({ runtime }: OperatorDeps, conversation: Conversation, code: string) {
  const TransactionID = `${nairobiStamp(runtime.clock.now()).slice(2, 4)}00000000`;
  return {
    Result: { ResultType: 0, ResultCode: code, ResultDesc: describeResult(code), ...conversation, TransactionID },
  };
}

function succeeded(
  { config }: OperatorDeps,
  conversation: Conversation,
  books: OperatorBooks,
  { receipt, linkedReceipt, msisdn, amountMinor, at, currency }: Transaction,
) {
  const { first, last } = steadyName(msisdn);
  const left = decimal(books.collectedMinor(), currency);
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: describeResult('0'),
      ...conversation,
      TransactionID: receipt,
      ResultParameters: {
        ResultParameter: [
          { Key: 'DebitAccountBalance', Value: `Utility Account|${currency}|${left}|${left}|0.00|0.00` },
          { Key: 'Amount', Value: Number(-amountMinor) / 100 },
          { Key: 'TransCompletedTime', Value: Number(nairobiStamp(at)) },
          { Key: 'OriginalTransactionID', Value: linkedReceipt },
          { Key: 'Charge', Value: 0 },
          { Key: 'CreditPartyPublicName', Value: `${msisdn.slice(1)} - ${first} ${last}` },
          { Key: 'DebitPartyPublicName', Value: `${config.operator.shortCode} - MALIPO` },
        ],
      },
      ReferenceData: { ReferenceItem: { Key: 'Occasion' } },
    },
  };
}
