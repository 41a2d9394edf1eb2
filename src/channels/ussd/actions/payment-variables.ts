import type { Msisdn } from '../../../kernel/index.ts';
import { storeMoney, type Variables } from '../menus/index.ts';
import type { PaymentView, UssdBiller } from '../ussd-domain.ts';

/** Variables that showing a payment sets; the texts `states.*` may use any of them. */
export const PAYMENT_VARIABLES = [
  'paymentId',
  'reference',
  'biller',
  'account',
  'amount',
  'state',
  'situation',
  'reason',
  'next',
  'receipt',
  'paidAt',
] as const;

export function paymentVariables(
  payment: PaymentView,
  billers: ReadonlyMap<string, UssdBiller>,
  viewer: Msisdn,
): Variables {
  return {
    paymentId: payment.id,
    reference: payment.reference,
    biller: billerName(payment, billers),
    // Who only paid is not told whose account it was.
    account: payment.dialler === viewer || payment.dialler === null ? payment.account : hideAccount(payment.account),
    amount: storeMoney(payment.amount),
    state: `states.${payment.situation}`,
    situation: `ussd.situation.${payment.situation}`,
    reason: payment.reason ?? '',
    next: `next.${payment.situation}`,
    receipt: payment.operatorReceipt ?? '',
    paidAt: payment.createdAtMs,
  };
}

export function billerName(
  { billerId }: Pick<PaymentView, 'billerId'>,
  billers: ReadonlyMap<string, UssdBiller>,
): string {
  return billers.get(billerId ?? '')?.name ?? billerId ?? '-';
}

const hideAccount = (account: string): string => `***${account.slice(-3)}`;
