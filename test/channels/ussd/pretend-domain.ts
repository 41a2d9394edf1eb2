import type { UssdDomain } from '../../../src/channels/ussd/index.ts';
import { type Money, type Msisdn, money, Refusal } from '../../../src/kernel/index.ts';

type PaymentView = NonNullable<Awaited<ReturnType<UssdDomain['paymentUnderWay']>>>;
type Lookup = Awaited<ReturnType<UssdDomain['lookUpAccount']>>;

export const kes = (amount: number): Money => money(BigInt(Math.round(amount * 100)), 'KES');

/** What the business would have written down, and switches to make it say no, fail or hang. */
export interface PretendDomain extends UssdDomain {
  calls: string[];
  payments: PaymentView[];
  /** Prompts by the turn that asked for them. */
  requested: Map<string, PaymentView>;
  links: { id: string; billerId: string; account: string; nickname: string; holder: string }[];
  languages: Map<string, string>;
  pin: string | undefined;
  pinTries: Map<string, boolean>;
  blocked: boolean;
  reminders: boolean;
  billsLater: string[];
  receipts: string[];
  questions: Awaited<ReturnType<UssdDomain['findQuestions']>>[number][];
  promptedNow: string[];
  underWay: PaymentView | undefined;
  /** Of every payment that is posted. */
  undelivered: Awaited<ReturnType<UssdDomain['findUndeliveredReceipt']>>;
  /** Runs in front of a function: may throw, or return a promise that is waited for. */
  before: (name: keyof UssdDomain) => void | Promise<void>;
  /** Answers of the biller by account. */
  lookups: Map<string, Lookup>;
  /** What was paid without us, by account. */
  elsewhere: Map<string, { amount: Money; paidAtMs: number }>;
  outcome: 'requested' | 'held' | 'recent-same' | undefined;
}

/** A domain in memory that keeps the promises of the real one: what is keyed by a turn happens once. */
export function pretendDomain(): PretendDomain {
  let next = 0;
  const id = () => `id-${++next}`;
  const enter = async (name: keyof UssdDomain) => {
    domain.calls.push(name);
    await domain.before(name);
  };
  const domain: PretendDomain = {
    calls: [],
    payments: [],
    requested: new Map(),
    links: [],
    languages: new Map(),
    pin: undefined,
    pinTries: new Map(),
    blocked: false,
    reminders: true,
    billsLater: [],
    receipts: [],
    questions: [],
    promptedNow: [],
    underWay: undefined,
    undelivered: undefined,
    before: () => {},
    lookups: new Map<string, Lookup>([
      ['100200300', { kind: 'found', account: '100200300', holder: 'J*** W******', due: kes(1250) }],
      ['100200301', { kind: 'found', account: '100200301', holder: 'P**** O****', due: kes(99.5) }],
      ['04123456789', { kind: 'found', account: '04123456789', holder: 'A*** N****', due: kes(0) }],
      ['555555', { kind: 'closed' }],
      ['12', { kind: 'malformed' }],
      ['777777', { kind: 'slow' }],
      ['888888', { kind: 'unavailable' }],
    ]),
    elsewhere: new Map(),
    outcome: undefined,
    async lookUpAccount({ account }) {
      await enter('lookUpAccount');
      return domain.lookups.get(account) ?? { kind: 'not-found' };
    },
    async sendBillLater({ account }) {
      await enter('sendBillLater');
      domain.billsLater.push(account);
    },
    async findElsewhere({ account }) {
      await enter('findElsewhere');
      return domain.elsewhere.get(account);
    },
    async listLinks() {
      await enter('listLinks');
      return domain.links;
    },
    async findQuestions() {
      await enter('findQuestions');
      return domain.questions;
    },
    async answerQuestion({ rowId, answer }) {
      await enter('answerQuestion');
      const asked = domain.questions.find((one) => one.rowId === rowId);
      if (!asked) throw new Refusal('answer.unknown');
      asked.answer = answer;
    },
    async linkAccount({ billerId, account, holder }) {
      await enter('linkAccount');
      if (domain.links.length >= 20) throw new Refusal('account.too-many-links', { most: 20 });
      if (domain.links.some((link) => link.account === account)) return 'already';
      domain.links.push({ id: id(), billerId, account, holder, nickname: '' });
      return 'linked';
    },
    async renameLink({ linkId, nickname }) {
      await enter('renameLink');
      for (const link of domain.links) if (link.id === linkId) link.nickname = nickname;
    },
    async unlink({ linkId }) {
      await enter('unlink');
      domain.links = domain.links.filter((link) => link.id !== linkId);
    },
    async findCustomer({ msisdn }) {
      await enter('findCustomer');
      const language = domain.languages.get(msisdn);
      if (language === undefined && domain.pin === undefined && !domain.blocked) return undefined;
      return { language: language ?? 'en', hasPin: domain.pin !== undefined, promptsBlocked: domain.blocked };
    },
    async setLanguage({ msisdn, language }) {
      await enter('setLanguage');
      domain.languages.set(msisdn, language);
    },
    judgeNewPin({ pin }) {
      domain.calls.push('judgeNewPin');
      if (pin === '1234') throw new Refusal('pin.too-simple');
    },
    async setPin({ pin }) {
      await enter('setPin');
      domain.pin = pin;
    },
    async removePin() {
      await enter('removePin');
      domain.pin = undefined;
    },
    async setPromptBlock({ blocked }) {
      await enter('setPromptBlock');
      domain.blocked = blocked;
    },
    async wantsReminders() {
      await enter('wantsReminders');
      return domain.reminders;
    },
    async setReminders({ wanted }) {
      await enter('setReminders');
      domain.reminders = wanted;
    },
    async checkPin({ pin, turnKey }) {
      await enter('checkPin');
      const right = domain.pinTries.get(turnKey) ?? pin === domain.pin;
      domain.pinTries.set(turnKey, right);
      if (right) return { kind: 'right' };
      const wrong = [...domain.pinTries.values()].filter((one) => !one).length;
      return wrong < 3
        ? { kind: 'wrong', triesLeft: 3 - wrong }
        : { kind: 'locked', untilMs: Date.UTC(2026, 10, 20, 12) };
    },
    async checkAmount({ amount }) {
      await enter('checkAmount');
      if (amount.amountMinor % 100n !== 0n) throw new Refusal('payment.whole-units-only');
      if (amount.amountMinor < 1000n) throw new Refusal('payment.below-minimum', { least: kes(10) });
      if (amount.amountMinor > 7_000_000n) throw new Refusal('payment.above-maximum', { most: kes(70_000) });
    },
    async checkPayer({ payerText }) {
      await enter('checkPayer');
      const digits = payerText.replace(/\D/g, '').replace(/^(254|0)/, '');
      if (digits.length !== 9) throw new Refusal('payer.malformed');
      return `+254${digits}` as Msisdn;
    },
    async requestPayment(input) {
      await enter('requestPayment');
      const known = domain.requested.get(input.turnKey);
      const payment: PaymentView = known ?? {
        ...{ id: id(), reference: `M${String(domain.payments.length + 1).padStart(9, '0')}`, situation: 'asking' },
        ...{ billerId: input.billerId, account: input.account, amount: input.amount },
        ...{ createdAtMs: Date.UTC(2026, 10, 20, 9), payer: input.payer, dialler: input.dialler },
      };
      if (domain.outcome === 'recent-same') {
        return { kind: 'recent-same', first: payment, retryAtMs: Date.UTC(2026, 10, 20, 9, 2) };
      }
      if (!known) {
        domain.requested.set(input.turnKey, payment);
        domain.payments.unshift(payment);
        domain.underWay = payment;
      }
      return { kind: domain.outcome ?? 'requested', payment };
    },
    async promptNow({ sessionKey }) {
      await enter('promptNow');
      domain.promptedNow.push(sessionKey);
    },
    async getPayment({ id: wanted }) {
      await enter('getPayment');
      const payment = domain.payments.find((one) => one.id === wanted);
      if (!payment) throw new Refusal('payment.not-found');
      return payment;
    },
    async listPayments({ limit }) {
      await enter('listPayments');
      return domain.payments.slice(0, limit);
    },
    async paymentUnderWay() {
      await enter('paymentUnderWay');
      return domain.underWay;
    },
    async sendReceiptAgain({ paymentId, turnKey }) {
      await enter('sendReceiptAgain');
      const payment = domain.payments.find((one) => one.id === paymentId);
      if (payment?.situation !== 'posted') throw new Refusal('receipt.not-yet');
      if (!domain.receipts.includes(turnKey)) domain.receipts.push(turnKey);
    },
    async findUndeliveredReceipt() {
      await enter('findUndeliveredReceipt');
      return domain.undelivered;
    },
  };
  return domain;
}
