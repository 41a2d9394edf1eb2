import { z } from 'zod';
import { jsonReply, parseJson, readPhoneNumber } from '../basis/index.ts';
import { type Served, sendCallback } from '../faults/index.ts';
import type { BookRecord } from '../journal/index.ts';
import { badField, type Conversation, darajaError, newConversation } from './daraja-replies.ts';
import { decimal, type OperatorBooks, recordOf, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import type { PayerAccounts } from './payer-accounts.ts';
import { payoutResult } from './payout-result.ts';
import { fieldOf } from './stk-push.ts';

const text = z.union([z.string(), z.number()]).transform(String);
const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/);

const PayoutCall = z.object({
  OriginatorConversationID: z.string().min(1).max(100),
  InitiatorName: z.string().min(1).max(100),
  SecurityCredential: z.string().min(1).max(1_000),
  CommandID: z.enum(['SalaryPayment', 'BusinessPayment', 'PromotionPayment']),
  Amount: text.pipe(z.string().regex(/^[1-9]\d{0,8}$/)),
  PartyA: text,
  PartyB: text,
  Remarks: z.string().min(2).max(100),
  QueueTimeOutURL: webAddress,
  ResultURL: webAddress,
  Occassion: z.string().max(100).optional(),
});
export type PayoutCall = z.infer<typeof PayoutCall>;

/** What becomes of the payouts to a number, or to all: `code` is the truth, and nothing moves; `said` is told in place of the truth. */
export interface PayoutFate {
  code?: string | undefined;
  said?: string | undefined;
}

/** Money from the short code to people. */
export interface Payouts {
  /** `POST /mpesa/b2c/v3/paymentrequest`: acknowledged at once; ResultURL hears what became of it. */
  pay(body: string): Served;
  /** Without a number: of all. An empty fate ends it. */
  decide(msisdn: string | undefined, fate: PayoutFate): void;
  restore(record: BookRecord): void;
  clear(): void;
}

const WORKING_MS = 200;
const MOST_MINOR = 25_000_000n;
/** What a wallet may hold. */
const FULL_WALLET_MINOR = 500_000_000n;
const EVERYONE = '*';
/** Nothing is paid by whom the account does not know. */
const WRONG_INITIATOR = '2001';

function payerOf({ PartyA, InitiatorName, SecurityCredential }: PayoutCall) {
  return { shortCode: PartyA, initiator: InitiatorName, credential: SecurityCredential };
}

type PayoutDeps = OperatorDeps & { accounts: PayerAccounts };

export function makePayouts(deps: PayoutDeps, books: OperatorBooks): Payouts {
  const taken = new Set<string>();
  const fates = new Map<string, PayoutFate>();
  return {
    pay(body) {
      const { runtime, config } = deps;
      const parsed = PayoutCall.safeParse(parseJson(body));
      if (!parsed.success) return { reply: badField(runtime.ids, fieldOf(parsed.error)) };
      const call = parsed.data;
      const { shortCode, payoutShortCode = shortCode } = config.operator;
      const refused = deps.accounts.refuse(payerOf(call));
      if (refused === 'no-account' || (!deps.accounts.isOwn(call.PartyA) && call.PartyA !== payoutShortCode)) {
        return { reply: badField(runtime.ids, 'PartyA') };
      }
      const msisdn = readPhoneNumber(`+${call.PartyB}`);
      if (msisdn === undefined) return { reply: badField(runtime.ids, 'PartyB') };
      if (taken.has(call.OriginatorConversationID)) {
        return { reply: darajaError(runtime.ids, 500, '500.002.1001', 'Duplicate OriginatorConversationID.') };
      }
      taken.add(call.OriginatorConversationID);
      const { ConversationID } = newConversation(runtime);
      const conversation = { OriginatorConversationID: call.OriginatorConversationID, ConversationID };
      const ResponseDescription = 'Accept the service request successfully.';
      return {
        reply: jsonReply(200, { ...conversation, ResponseCode: '0', ResponseDescription }),
        async follow(early) {
          // The book first: a request that was taken stays one after a kill.
          await deps.journal().append({ book: 'payout', originatorConversationId: call.OriginatorConversationID });
          if (!early && !(await deps.timers.sleep(WORKING_MS))) return;
          const fate = refused ? { code: WRONG_INITIATOR } : (fates.get(msisdn) ?? fates.get(EVERYONE) ?? {});
          await work(deps, books, { call, msisdn, conversation, fate, body });
        },
      };
    },
    decide(msisdn, fate) {
      if (fate.code === undefined && fate.said === undefined) fates.delete(msisdn ?? EVERYONE);
      else fates.set(msisdn ?? EVERYONE, fate);
    },
    restore(record) {
      if (record.book === 'payout') taken.add(record.originatorConversationId);
    },
    clear() {
      taken.clear();
      fates.clear();
    },
  };
}

interface Work {
  call: PayoutCall;
  msisdn: string;
  conversation: Conversation;
  fate: PayoutFate;
  body: string;
}

async function work(deps: PayoutDeps, books: OperatorBooks, { call, msisdn, conversation, fate, body }: Work) {
  const timedOut = deps.faults.drawOccasion('queueTimeOut');
  const contradicted = deps.faults.drawOccasion('contradictingResult');
  // What waited for too long may have been done or not.
  const isDone = !timedOut || deps.runtime.chance.fraction() < 0.5;
  const truth = isDone ? await move(deps, books, call, msisdn, { conversation, code: fate.code }) : undefined;
  const tell = (url: string, told: string) =>
    sendCallback(deps, { url, contentType: 'application/json', body: told, what: 'payout' });
  if (timedOut || truth === undefined) return tell(call.QueueTimeOutURL, body);
  const told = fate.said ?? (typeof truth === 'string' ? truth : '0');
  const say = (code: string) => JSON.stringify(payoutResult(deps, books, { conversation, call, msisdn, truth, code }));
  await tell(call.ResultURL, say(told));
  if (contradicted) await tell(call.ResultURL, say(told === '0' ? '8' : '0'));
}

/** The payout as it stands in the books, or the code of why there is none. */
/** The gateway's short codes have one book. */
function shortCodeOf({ accounts, config }: PayoutDeps, partyA: string): string {
  return accounts.isOwn(partyA) ? partyA : config.operator.shortCode;
}

async function move(
  deps: PayoutDeps,
  books: OperatorBooks,
  { Amount, CommandID, PartyA }: PayoutCall,
  msisdn: string,
  { conversation, code }: { conversation: Conversation; code: string | undefined },
): Promise<Transaction | string> {
  const amountMinor = BigInt(Amount) * 100n;
  const { config, desk } = deps;
  const shortCode = shortCodeOf(deps, PartyA);
  if (code !== undefined && code !== '0') return code;
  if (amountMinor > MOST_MINOR) return '3';
  if (books.collectedMinor(shortCode) < amountMinor) return '1';
  if (books.balanceOf(msisdn) + amountMinor > FULL_WALLET_MINOR) return '8';
  const { currency } = config;
  const paid = books.move({
    ...{ kind: 'disburse', msisdn, amountMinor: -amountMinor, currency, account: '' },
    ...{ shortCode, command: CommandID },
    conversations: [conversation.OriginatorConversationID, conversation.ConversationID],
  });
  if (paid === undefined) return '1';
  // The books first: what was announced must still be known after a kill.
  await deps.journal().append({ book: 'paybill', transaction: recordOf(paid) });
  desk.emit(msisdn, { type: 'wallet', balance: decimal(books.balanceOf(msisdn), currency), currency });
  return paid;
}
