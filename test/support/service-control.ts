import { expect } from 'chai';
import { eventually } from './service-eventually.ts';

/** The simulator's control surface, as programs of others use it. */
export interface Transaction {
  receipt: string;
  kind: 'collect' | 'paybill' | 'disburse' | 'reverse';
  msisdn: string;
  amount: string;
  currency: string;
  account: string;
  at: string;
}

export interface Posting {
  biller: string;
  account: string;
  amount: string;
  currency: string;
  reference: string;
  tokens: string[];
  at: string;
}

export interface Handset {
  answer: 'pay' | 'cancel' | 'wrong-pin' | 'ignore';
  delayMs?: number;
  /** How long a prompt stays on the handset. */
  promptTimeoutMs?: number;
  /** What the operator says in place of the true code. */
  code?: string;
  /** False: the number has no M-PESA. */
  hasWallet?: boolean;
}

export interface Faults {
  lostRequest?: number;
  lostAnswer?: number;
  lostCallback?: number;
  repeatedCallback?: number;
  callbackBeforeAnswer?: number;
  http500?: number;
  busy?: number;
  html?: number;
  contradictingQuery?: number;
  delayMs?: [number, number];
  alsoConfirm?: number;
  subscriberLocked?: number;
  tokenLater?: number;
  tokenAfterMs?: [number, number];
}

export interface FaultPlan {
  seed?: number;
  daraja?: Faults;
  biller?: Faults;
  sms?: Faults;
  webhooks?: Faults;
}

export interface Operator {
  transactions(filter?: { msisdn?: string; account?: string }): Promise<Transaction[]>;
  prompts(msisdn: string): Promise<{ state: string }[]>;
  /** Waits until exactly these amounts have moved from the number, in any order, and returns the movements. */
  moved(msisdn: string, ...amounts: string[]): Promise<Transaction[]>;
  /** What has moved in all, in cents. */
  totalMinor(): Promise<bigint>;
}

export interface Billers {
  postings(filter?: { account?: string; reference?: string }): Promise<Posting[]>;
  /** Waits until exactly these amounts are booked on the account, in any order, and returns the postings. */
  booked(account: string, ...amounts: string[]): Promise<Posting[]>;
}

export interface SimulatorControl {
  readonly operator: Operator;
  readonly biller: Billers;
  handset(msisdn: string, handset: Handset): Promise<void>;
  wallet(msisdn: string, balance: string): Promise<void>;
  /** `{}` ends all faults. */
  faults(plan: FaultPlan): Promise<void>;
  messages(msisdn: string): Promise<{ to: string; text: string; at: string; from: string; messageId: string }[]>;
  /** Pays the paybill directly. */
  payPaybill(
    msisdn: string,
    amount: string,
    account: string,
  ): Promise<{ moved: boolean; receipt?: string; code?: string; validation?: string }>;
  /** Money comes from the bank to the short code that pays people. Of whole major units. */
  putFloat(amountMinor: bigint): Promise<void>;
  /** Whether the operator knows where paybill payments are announced. */
  addresses(): Promise<unknown>;
  /** A customer writes to the short code; a customer blocks a sender. */
  writeSms(from: string, text: string): Promise<void>;
  optOut(msisdn: string, sender: string): Promise<void>;
  /** Without a notice. `*`: every sender. */
  blockSender(msisdn: string, sender: string, blocked: boolean): Promise<void>;
}

export function simulatorControl(baseUrl: string): SimulatorControl {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${baseUrl}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const query = (filter: Record<string, string | undefined> = {}) =>
    new URLSearchParams(Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const operator: Operator = {
    transactions: (filter) => call('GET', `operator/transactions?${query({ ...filter })}`),
    prompts: (msisdn) => call('GET', `operator/prompts?${query({ msisdn })}`),
    moved: (msisdn, ...amounts) =>
      eventually(`the operator moves ${amounts} from ${msisdn}`, async () => {
        const moved = await operator.transactions({ msisdn });
        expect(moved.map(({ amount }) => amount)).to.have.members(amounts);
        return moved;
      }),
    async totalMinor() {
      const moved = await operator.transactions();
      return moved.reduce((sum, { amount }) => sum + minorOf(amount), 0n);
    },
  };
  const biller: Billers = {
    postings: (filter) => call('GET', `biller/postings?${query({ ...filter })}`),
    booked: (account, ...amounts) =>
      eventually(`the biller books ${amounts} for ${account}`, async () => {
        const postings = await biller.postings({ account });
        expect(postings.map(({ amount }) => amount)).to.have.members(amounts);
        return postings;
      }),
  };
  return {
    operator,
    biller,
    handset: (msisdn, handset) => call('PUT', `handsets/${msisdn}`, handset),
    wallet: (msisdn, balance) => call('PUT', `wallets/${msisdn}`, { balance }),
    faults: (plan) => call('PUT', 'faults', plan),
    messages: (msisdn) => call('GET', `messages?${query({ msisdn })}`),
    payPaybill: (msisdn, amount, account) => call('POST', 'c2b', { msisdn, amount, account }),
    putFloat: (amountMinor) => call('POST', 'operator/float', { amount: String(amountMinor / 100n) }),
    addresses: () => call('GET', 'operator/addresses'),
    writeSms: (from, text) => call('POST', 'sms', { from, text }),
    blockSender: (msisdn, sender, blocked) => call('PUT', 'blocked-senders', { msisdn, sender, blocked }),
    optOut: (msisdn, sender) => call('POST', 'opt-out', { msisdn, sender }),
  };
}

/** `500.00` is 50000 cents. */
export function minorOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
