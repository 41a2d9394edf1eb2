import { type Money, type Msisdn, money, roundUpToMajor } from '../../../kernel/index.ts';
import { readMoney, readOptionalText, readText, storeMoney, type Variables } from '../menus/index.ts';
import type { Action, ActionContext } from './action.ts';
import { PAYMENT_VARIABLES, paymentVariables } from './payment-variables.ts';

const AMOUNT_REFUSALS = {
  'biller.unknown': {},
  'payment.below-minimum': { least: 'money' },
  'payment.above-maximum': { most: 'money' },
  'payment.limit-exceeded': { left: 'money' },
  'payment.whole-units-only': {},
} as const;

const PAYER_REFUSALS = {
  'payer.malformed': {},
  'payer.no-operator': {},
  'payer.blocked': {},
  'payer.too-many-prompts': { most: 'count' },
} as const;

/** Asks the biller whose account it is and what is due. When it is slow, the bill follows by SMS. */
export const lookUpAccount: Action = {
  name: 'look-up-account',
  reads: ['billerId', 'account'],
  outcomes: {
    found: ['account', 'holder', 'due', 'dueWhole', 'dueKind', 'payer', 'payerKind', 'payerShown'],
    'not-found': [],
    closed: [],
    malformed: [],
    unavailable: [],
    slow: [],
  },
  refusals: { 'biller.unknown': {}, 'account.too-many-not-found': { retryAt: 'date' } },
  async run({ domain, variables, lookupTimeoutMs, msisdn, language, turnKey }) {
    const billerId = readText(variables, 'billerId');
    const account = readText(variables, 'account');
    const lookup = await domain.lookUpAccount({ billerId, account, timeoutMs: lookupTimeoutMs, msisdn });
    if (lookup.kind === 'found') return { outcome: 'found', set: accountVariables(lookup) };
    if (lookup.kind === 'slow') await domain.sendBillLater({ msisdn, language, billerId, account, turnKey });
    return { outcome: lookup.kind };
  },
};

/** What was paid at a bank or a branch, and that the biller's own answer may not know yet. */
export const findElsewhere: Action = {
  name: 'find-elsewhere',
  reads: ['billerId', 'account'],
  outcomes: { none: [], paid: ['elsewhere', 'elsewhereAt'] },
  async run({ domain, variables }) {
    const billerId = readText(variables, 'billerId');
    const paid = await domain.findElsewhere({ billerId, account: readText(variables, 'account') });
    if (!paid) return { outcome: 'none' };
    return { outcome: 'paid', set: { elsewhere: storeMoney(paid.amount), elsewhereAt: paid.paidAtMs } };
  },
};

function accountVariables({ account, holder, due }: { account: string; holder: string; due: Money }): Variables {
  // What the biller owes the customer is not shown as an amount due.
  const owed = due.amountMinor > 0n ? due : money(0n, due.currency);
  const whole = roundUpToMajor(owed);
  const withCents = whole.amountMinor === owed.amountMinor ? 'whole' : 'cents';
  return {
    account,
    holder,
    due: storeMoney(owed),
    dueWhole: storeMoney(whole),
    dueKind: owed.amountMinor === 0n ? 'none' : withCents,
    // Each payment starts with the dialler as its payer.
    ...ownPayer,
  };
}

const ownPayer = { payer: '', payerKind: 'own', payerShown: '' };

const payerOf = ({ variables, msisdn }: ActionContext): Msisdn =>
  (readOptionalText(variables, 'payer') || msisdn) as Msisdn;

export const checkAmount: Action = {
  name: 'check-amount',
  reads: ['billerId', 'account', 'amount'],
  mayRead: ['payer'],
  outcomes: { ok: [] },
  refusals: AMOUNT_REFUSALS,
  async run(context) {
    const { domain, variables, msisdn } = context;
    await domain.checkAmount({
      billerId: readText(variables, 'billerId'),
      account: readText(variables, 'account'),
      amount: readMoney(variables, 'amount'),
      dialler: msisdn,
      payer: payerOf(context),
    });
    return { outcome: 'ok' };
  },
};

/** Another number shall pay: its handset is the one that will ask for a PIN. */
export const checkPayer: Action = {
  name: 'check-payer',
  reads: ['payerText'],
  outcomes: { ok: ['payer', 'payerKind', 'payerShown'] },
  refusals: PAYER_REFUSALS,
  async run({ domain, variables, msisdn }) {
    const payer = await domain.checkPayer({ dialler: msisdn, payerText: readText(variables, 'payerText') });
    if (payer === msisdn) return { outcome: 'ok', set: ownPayer };
    return { outcome: 'ok', set: { payer, payerKind: 'other', payerShown: payer } };
  },
};

/** The customer confirmed. The one action that moves money. */
export const requestPayment: Action = {
  name: 'request-payment',
  confirmed: true,
  reads: ['billerId', 'account', 'holder', 'amount', 'payer'],
  outcomes: {
    requested: [...PAYMENT_VARIABLES],
    held: [...PAYMENT_VARIABLES],
    'recent-same': [...PAYMENT_VARIABLES, 'retryAt'],
  },
  refusals: {
    ...AMOUNT_REFUSALS,
    ...PAYER_REFUSALS,
    'payer.busy': { retryAt: 'date' },
    'payment.too-many-accounts': {},
    'payment.too-fast': {},
  },
  async run(context) {
    const { domain, variables, billers, msisdn, language, sessionKey, seal } = context;
    const bill = {
      billerId: readText(variables, 'billerId'),
      account: readText(variables, 'account'),
      amount: readMoney(variables, 'amount'),
      payer: payerOf(context),
    };
    const requested = await domain.requestPayment({
      ...bill,
      // Not the turn: one that paid may lose its place in the session to another, and the bill be confirmed again in a later one.
      turnKey: seal('pay', JSON.stringify([bill.billerId, bill.account, storeMoney(bill.amount), bill.payer])),
      sessionKey,
      holder: readText(variables, 'holder'),
      dialler: msisdn,
      language,
    });
    if (requested.kind === 'recent-same') {
      const { first, retryAtMs } = requested;
      const set = { ...paymentVariables(first, billers, msisdn), retryAt: retryAtMs };
      return { outcome: 'recent-same', set, paymentId: first.id };
    }
    const { kind, payment } = requested;
    return { outcome: kind, set: paymentVariables(payment, billers, msisdn), paymentId: payment.id };
  },
};
