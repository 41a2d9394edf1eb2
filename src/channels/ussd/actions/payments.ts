import { readText, type StoredItem, storeMoney } from '../menus/index.ts';
import type { PaymentView, UssdBiller } from '../ussd-domain.ts';
import type { Action } from './action.ts';
import { askPin } from './ask-pin.ts';
import { billerName, PAYMENT_VARIABLES, paymentVariables } from './payment-variables.ts';
import { RECEIPT_VARIABLES, receiptVariables } from './receipt-variables.ts';

/** As many as one SMS-sized screen or two can tell apart. */
const SHOWN_PAYMENTS = 5;

export const listPayments: Action = {
  name: 'list-payments',
  reads: [],
  mayRead: ['unlocked'],
  outcomes: { open: ['payments'], pin: [], locked: ['lockedUntil'] },
  async run(context) {
    const asked = await askPin(context);
    if (asked) return asked;
    const { domain, msisdn, billers } = context;
    const payments = await domain.listPayments({ msisdn, limit: SHOWN_PAYMENTS });
    return {
      outcome: 'open',
      set: { payments: payments.slice(0, SHOWN_PAYMENTS).map((one) => paymentItem(one, billers)) },
    };
  },
};

function paymentItem(payment: PaymentView, billers: ReadonlyMap<string, UssdBiller>): StoredItem {
  return {
    id: payment.id,
    paidAt: payment.createdAtMs,
    amount: storeMoney(payment.amount),
    biller: billerName(payment, billers),
    situation: `ussd.situation.${payment.situation}`,
  };
}

/** The state is asked for again: the list may be a minute old. */
export const openPayment: Action = {
  name: 'open-payment',
  reads: ['paymentId'],
  outcomes: {
    paid: [...PAYMENT_VARIABLES],
    undelivered: [...PAYMENT_VARIABLES, ...RECEIPT_VARIABLES],
    unpaid: [...PAYMENT_VARIABLES],
  },
  refusals: { 'payment.not-found': {} },
  async run({ domain, msisdn, billers, variables }) {
    const payment = await domain.getPayment({ id: readText(variables, 'paymentId'), msisdn });
    const shown = paymentVariables(payment, billers, msisdn);
    if (payment.situation !== 'posted') return { outcome: 'unpaid', set: shown };
    // What cannot come by SMS is read here.
    const receipt = await domain.findUndeliveredReceipt({ paymentId: payment.id, msisdn });
    if (!receipt) return { outcome: 'paid', set: shown };
    return { outcome: 'undelivered', set: { ...shown, ...receiptVariables(receipt, payment.amount) } };
  },
};

export const sendReceipt: Action = {
  name: 'send-receipt',
  reads: ['paymentId'],
  outcomes: { sent: [] },
  refusals: {
    'payment.not-found': {},
    'receipt.not-yet': {},
    'receipt.too-often': { most: 'count', retryAt: 'date' },
  },
  async run({ domain, msisdn, language, variables, turnKey }) {
    await domain.sendReceiptAgain({ paymentId: readText(variables, 'paymentId'), msisdn, language, turnKey });
    return { outcome: 'sent' };
  },
};
