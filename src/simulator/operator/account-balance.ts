import { z } from 'zod';
import { jsonReply, nairobiStamp, parseJson } from '../basis/index.ts';
import { type Served, sendCallback } from '../faults/index.ts';
import { badField, describeResult, newConversation } from './daraja-replies.ts';
import { decimal, type OperatorBooks } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import type { PayerAccounts } from './payer-accounts.ts';
import { fieldOf } from './stk-push.ts';

const text = z.union([z.string(), z.number()]).transform(String);
const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/);

const BalanceQuery = z.object({
  Initiator: z.string().min(1).max(100),
  SecurityCredential: z.string().min(1).max(1_000),
  CommandID: z.literal('AccountBalance'),
  PartyA: text,
  IdentifierType: text.pipe(z.literal('4')),
  Remarks: z.string().min(2).max(100),
  QueueTimeOutURL: webAddress,
  ResultURL: webAddress,
});

const THINKING_MS = 200;

/** `POST /mpesa/accountbalance/v1/query`: acknowledged at once, answered at ResultURL. The Utility Account is what payouts spend. */
export function queryBalance(
  deps: OperatorDeps & { accounts: PayerAccounts },
  books: OperatorBooks,
  body: string,
): Served {
  const { runtime, config } = deps;
  const parsed = BalanceQuery.safeParse(parseJson(body));
  if (!parsed.success) return { reply: badField(runtime.ids, fieldOf(parsed.error)) };
  const query = parsed.data;
  const asked = { shortCode: query.PartyA, initiator: query.Initiator, credential: query.SecurityCredential };
  const refused = deps.accounts.refuse(asked);
  if (refused === 'no-account') return { reply: badField(runtime.ids, 'PartyA') };
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
      const left = decimal(books.collectedMinor(query.PartyA), config.currency);
      const account = (name: string, amount: string) => `${name}|${config.currency}|${amount}|${amount}|0.00|0.00`;
      const AccountBalance = [
        account('Working Account', '0.00'),
        account('Utility Account', left),
        account('Charges Paid Account', '-1540.00'),
      ].join('&');
      const ResultParameter = [
        { Key: 'AccountBalance', Value: AccountBalance },
        { Key: 'BOCompletedTime', Value: Number(nairobiStamp(runtime.clock.now())) },
      ];
      const code = refused ? '2001' : '0';
      const said = { ResultType: 0, ResultCode: Number(code), ResultDesc: describeResult(code), ...conversation };
      const year = nairobiStamp(runtime.clock.now()).slice(2, 4);
      const told = refused ? {} : { ResultParameters: { ResultParameter } };
      const Result = { ...said, TransactionID: `${year}00000000`, ...told };
      await sendCallback(deps, {
        url: timedOut ? query.QueueTimeOutURL : query.ResultURL,
        contentType: 'application/json',
        body: timedOut ? body : JSON.stringify({ Result }),
        what: 'balance',
      });
    },
  };
}
