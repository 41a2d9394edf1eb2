import type { Clock, Money, Msisdn } from '../../src/kernel/index.ts';
import type {
  AccountFound,
  BillerConnector,
  BillsAnswer,
  CancelAnswer,
  DueBill,
  FindAnswer,
  LookupAnswer,
  PostAnswer,
  PostedPayment,
  PostRequest,
} from '../../src/providers/billers/index.ts';
import { makeDaraja, makeDarajaPayouts } from '../../src/providers/operators/daraja/index.ts';
import type {
  CollectAnswer,
  CollectionOperator,
  CollectRequest,
  Evidence,
  OperatorIds,
  PaybillMovement,
  PayoutAccount,
  PayoutAnswer,
  PayoutIds,
  PayoutOperator,
  PayoutRequest,
  PullAnswer,
  ReverseAnswer,
  ReverseIds,
  ReverseRequest,
  StatusAsked,
  StatusQuestion,
} from '../../src/providers/operators/index.ts';
import { makeAfricasTalkingSms } from '../../src/providers/sms/africastalking/index.ts';
import type { SmsAnswer, SmsProvider, SmsRequest } from '../../src/providers/sms/index.ts';

/** Answers in the order in which they were scripted, then `otherwise`. A function may do something before it answers. */
type Script<A, I> = (A | ((input: I) => A | Promise<A>))[];

async function play<A, I>(script: Script<A, I>, input: I, otherwise: (input: I) => A): Promise<A> {
  const next = script.shift();
  if (next === undefined) return otherwise(input);
  return typeof next === 'function' ? (next as (input: I) => A | Promise<A>)(input) : next;
}

export const SHORT_CODE = '174379';

const noHttp = {
  request: async () => {
    throw new Error('a test reached for the network');
  },
};
const noTokens = {
  get: async () => {
    throw new Error('a test reached for the network');
  },
  forget: async () => {},
};

/** An operator in memory behind the real wire's parsers: what is asked of it is kept, what it answers is scripted. */
export interface FakeOperator extends CollectionOperator {
  readonly collects: CollectRequest[];
  readonly collectScript: Script<CollectAnswer, CollectRequest>;
  readonly queries: OperatorIds[];
  readonly queryScript: Script<Evidence, OperatorIds>;
  /** What its list shows; `pull` gives what lies in the window. */
  readonly movements: PaybillMovement[];
  readonly pullScript: Script<PullAnswer, { fromMs: number; toMs: number }>;
  readonly pulls: { fromMs: number; toMs: number }[];
  readonly statusQuestions: StatusQuestion[];
  readonly statusScript: Script<StatusAsked, StatusQuestion>;
  readonly reversals: ReverseRequest[];
  readonly reverseScript: Script<ReverseAnswer, ReverseRequest>;
}

const wireOf = (clock: Clock) => ({
  http: noHttp,
  tokens: noTokens,
  clock,
  config: {
    baseUrl: 'http://127.0.0.1:1',
    consumerKey: 'k',
    consumerSecret: 's',
    shortCode: SHORT_CODE,
    passkey: 'p',
    initiator: 'i',
    securityCredential: 'c',
    callbackBaseUrl: 'http://127.0.0.1:2/callbacks/daraja/demo',
    timeoutMs: 1_000,
  },
});

export function fakeOperator(clock: Clock): FakeOperator {
  const wire = makeDaraja(wireOf(clock));
  const operator: FakeOperator = {
    ...wire,
    collects: [],
    collectScript: [],
    queries: [],
    queryScript: [],
    movements: [],
    pullScript: [],
    pulls: [],
    statusQuestions: [],
    statusScript: [],
    reversals: [],
    reverseScript: [],
    async collect(request) {
      operator.collects.push(request);
      return play(operator.collectScript, request, ({ reference }) => ({ kind: 'accepted', ids: idsOf(reference) }));
    },
    async queryCollection(ids) {
      operator.queries.push(ids);
      return play(operator.queryScript, ids, () => query('pending', '4999'));
    },
    async pullMovements(fromMs, toMs) {
      operator.pulls.push({ fromMs, toMs });
      return play(operator.pullScript, { fromMs, toMs }, () => ({
        kind: 'movements',
        movements: operator.movements.filter(({ completedAtMs }) => completedAtMs >= fromMs && completedAtMs <= toMs),
      }));
    },
    async askStatus(input) {
      operator.statusQuestions.push(input);
      return play(operator.statusScript, input, () => ({
        kind: 'accepted',
        conversationId: `AG_${operator.statusQuestions.length}`,
      }));
    },
    async reverse(request) {
      operator.reversals.push(request);
      return play(operator.reverseScript, request, ({ receipt }) => ({ kind: 'accepted', ids: reverseIdsOf(receipt) }));
    },
  };
  return operator;
}

/** The side that pays people, in memory behind the real wire's parsers. */
export interface FakePayouts extends PayoutOperator {
  readonly payouts: PayoutRequest[];
  readonly payScript: Script<PayoutAnswer, PayoutRequest>;
  /** Tokens of the questions what the account holds. */
  readonly balanceQuestions: string[];
  readonly balanceScript: Script<StatusAsked, string>;
  readonly statusQuestions: StatusQuestion[];
  readonly statusScript: Script<StatusAsked, StatusQuestion>;
  /** Whose account each question was about, of either kind; undefined: ours. */
  readonly askedFrom: (PayoutAccount | undefined)[];
}

export function fakePayouts(clock: Clock): FakePayouts {
  const payouts = { shortCode: SHORT_CODE, initiator: 'p', securityCredential: 'c' };
  const operator: FakePayouts = {
    ...makeDarajaPayouts({ ...wireOf(clock), payouts }),
    payouts: [],
    payScript: [],
    balanceQuestions: [],
    balanceScript: [],
    statusQuestions: [],
    statusScript: [],
    askedFrom: [],
    async pay(request) {
      operator.payouts.push(request);
      return play(operator.payScript, request, ({ reference }) => ({ kind: 'accepted', ids: payoutIdsOf(reference) }));
    },
    async askStatus(input, account) {
      operator.askedFrom.push(account);
      operator.statusQuestions.push(input);
      return play(operator.statusScript, input, () => ({
        kind: 'accepted',
        conversationId: `AG_P_${operator.statusQuestions.length}`,
      }));
    },
    async askBalance(token, account) {
      operator.askedFrom.push(account);
      operator.balanceQuestions.push(token);
      return play(operator.balanceScript, token, () => ({
        kind: 'accepted',
        conversationId: `AG_BAL_${operator.balanceQuestions.length}`,
      }));
    },
  };
  return operator;
}

/** The ids that the fake operator gives to a payout of this reference. */
export const payoutIdsOf = (reference: string): PayoutIds => ({
  conversationId: `AG_B2C_${reference}`,
  requestId: reference,
});

/** The ids that the fake operator gives to a prompt with this reference. */
export const idsOf = (reference: string): OperatorIds => ({
  checkoutRequestId: `ws_CO_${reference}`,
  merchantRequestId: `mr-${reference}`,
});

/** The ids that the fake operator gives to a reversal of this receipt. */
export const reverseIdsOf = (receipt: string): ReverseIds => ({
  conversationId: `AG_R_${receipt}`,
  requestId: `rr-${receipt}`,
});

export function query(outcome: Evidence['outcome'], code: string): Evidence {
  return { rank: 'query', outcome, code, description: `query ${code}` };
}

/** A utility in memory: books once a reference, answers what it booked. */
export interface FakeBiller extends BillerConnector {
  readonly accounts: Map<string, Omit<AccountFound, 'kind' | 'account'>>;
  readonly booked: Map<string, PostedPayment>;
  readonly posts: PostRequest[];
  readonly finds: string[];
  /** Counts vends: a second booking of one reference is a second one. */
  vends: number;
  readonly lookUpScript: Script<LookupAnswer, string>;
  readonly postScript: Script<PostAnswer, PostRequest>;
  readonly findScript: Script<FindAnswer, string>;
  readonly cancels: string[];
  readonly cancelScript: Script<CancelAnswer, string>;
  /** Unpaid bills; `pageOf` a page. */
  readonly bills: DueBill[];
  pageOf: number;
  readonly billsScript: Script<BillsAnswer, { cursor: string | null }>;
  book(request: PostRequest): PostedPayment;
}

export function fakeBiller(answerOf: (request: PostRequest) => Omit<PostedPayment, 'kind'>): FakeBiller {
  const biller: FakeBiller = {
    accounts: new Map(),
    booked: new Map(),
    posts: [],
    finds: [],
    vends: 0,
    lookUpScript: [],
    postScript: [],
    findScript: [],
    cancels: [],
    cancelScript: [],
    bills: [],
    pageOf: 100,
    billsScript: [],
    book(request) {
      const known = biller.booked.get(request.reference);
      if (known) return known;
      biller.vends += 1;
      const posted: PostedPayment = { kind: 'posted', ...answerOf(request) };
      biller.booked.set(request.reference, posted);
      return posted;
    },
    lookUp: (account) =>
      play(biller.lookUpScript, account, () => {
        const found = biller.accounts.get(account);
        return found ? { kind: 'found', account, ...found } : { kind: 'not-found' };
      }),
    async post(request) {
      biller.posts.push(request);
      return play(biller.postScript, request, () =>
        biller.accounts.has(request.account)
          ? biller.book(request)
          : { kind: 'rejected', why: 'account-not-found', description: 'no such account' },
      );
    },
    async findByReference(reference) {
      biller.finds.push(reference);
      return play<FindAnswer, string>(
        biller.findScript,
        reference,
        () => biller.booked.get(reference) ?? { kind: 'absent' },
      );
    },
    async cancel(reference) {
      biller.cancels.push(reference);
      return play<CancelAnswer, string>(biller.cancelScript, reference, () =>
        biller.booked.delete(reference) ? { kind: 'cancelled' } : { kind: 'not-booked' },
      );
    },
    // Only reconciliation reads it.
    async *statement() {},
    dueBills: ({ fromDay, toDay, cursor }) =>
      play<BillsAnswer, { cursor: string | null }>(biller.billsScript, { cursor }, () => {
        const due = biller.bills.filter(({ dueDay }) => dueDay >= fromDay && dueDay <= toDay);
        const from = Number(cursor ?? '0');
        const end = from + biller.pageOf;
        return {
          kind: 'page',
          bills: due.slice(from, end),
          unreadable: 0,
          next: end < due.length ? String(end) : null,
        };
      }),
  };
  return biller;
}

/** An SMS provider in memory behind the real wire's parsers. */
export interface FakeSms extends SmsProvider {
  readonly sent: SmsRequest[];
  readonly script: Script<SmsAnswer, SmsRequest>;
  to(msisdn: Msisdn): string[];
}

export function fakeSms(clock: Clock): FakeSms {
  const wire = makeAfricasTalkingSms({ clock, config: { username: 'sandbox', apiKey: 'k', timeoutMs: 1_000 } });
  const sms: FakeSms = {
    ...wire,
    sent: [],
    script: [],
    async send(request) {
      sms.sent.push(request);
      return play(sms.script, request, () => ({
        kind: 'accepted',
        messageId: `ATXid_${sms.sent.length}`,
        cost: 'KES 0.8000',
      }));
    },
    to: (msisdn) => sms.sent.filter((request) => request.to === msisdn).map(({ text }) => text),
  };
  return sms;
}

export const kes = (major: number): Money => ({ amountMinor: BigInt(Math.round(major * 100)), currency: 'KES' });
