import type { Texts } from '../../platform/texts/index.ts';

const ABOUT_A_PAYMENT = ['biller', 'account', 'amount', 'reference', 'operator', 'receipt', 'time'] as const;
const TOLD = [...ABOUT_A_PAYMENT, 'reason', 'serviceCode', 'support', 'hasSupport'] as const;
const REMINDER = ['biller', 'account', 'due', 'date', 'dial', 'link', 'hasLink', 'stop'] as const;
const PAYOUT = ['organisation', 'amount', 'operator', 'receipt', 'reference'] as const;
const CONFIRMED = ['amount', 'biller', 'account', 'holder', 'reference'] as const;

/** Every SMS that is written (the text `sms.<kind>`), with the values that it is given. */
const VALUES = {
  receipt: ABOUT_A_PAYMENT,
  'receipt-balance': [...ABOUT_A_PAYMENT, 'balance'],
  'receipt-credit': [...ABOUT_A_PAYMENT, 'balance'],
  'receipt-payer': ABOUT_A_PAYMENT,
  'receipt-tokens': [...ABOUT_A_PAYMENT, 'tokens', 'tokenCount', 'units', 'hasUnits', 'debt', 'hasDebt'],
  'on-its-way': TOLD,
  failed: TOLD,
  unknown: TOLD,
  'hold-expired': TOLD,
  'refund-due': TOLD,
  'refund-due-dialler': TOLD,
  suspense: TOLD,
  reversed: TOLD,
  'refund-granted': [...TOLD, 'isPrepaid'],
  'refund-failed': TOLD,
  'part-granted': ABOUT_A_PAYMENT,
  'part-paid': [...ABOUT_A_PAYMENT, 'paidReceipt'],
  'part-failed': ABOUT_A_PAYMENT,
  'second-money': ['amount', 'receipt'],
  'second-money-back': ['amount', 'receipt', 'operator'],
  bill: ['biller', 'account', 'holder', 'due', 'dueWhole', 'dueKind', 'dial'],
  'bill-no-account': ['biller', 'account'],
  late: [...TOLD, 'state', 'next'],
  'reminder-before': REMINDER,
  'reminder-today': REMINDER,
  'reminder-after': REMINDER,
  'reply-help': ['pay', 'balance', 'receipt', 'status', 'stop', 'serviceCode'],
  'reply-how-pay': ['word'],
  'reply-amount': ['word'],
  'reply-how-balance': ['word'],
  'reply-no-account': ['account'],
  'reply-which': ['account', 'words'],
  'reply-closed': ['biller', 'account'],
  'reply-unavailable': ['biller', 'account'],
  'reply-pay': CONFIRMED,
  'reply-held': CONFIRMED,
  'reply-recent': ['reference', 'state', 'retryAt'],
  'reply-refused': ['reason'],
  'reply-late': [],
  'reply-balance': [
    ...['biller', 'account', 'holder', 'due', 'hasDue', 'word', 'whole'],
    ...['hasPaid', 'paid', 'paidAt'],
  ],
  'reply-balances': ['lines'],
  'reply-no-links': ['word', 'serviceCode'],
  'reply-pin': ['serviceCode'],
  'reply-status': ['reference', 'amount', 'biller', 'account', 'state', 'next'],
  'reply-no-payment': ['reference', 'hasReference'],
  'reply-stopped': ['word'],
  'reply-started': ['word'],
  payout: PAYOUT,
  'payout-asked': [...PAYOUT, 'number', 'hasNumber', 'dial'],
  'reply-came': ['organisation', 'reference', 'word'],
  'reply-not-came': ['organisation', 'reference', 'word'],
  'reply-which-payout': ['word', 'references'],
  'reply-how-answer': ['organisation', 'reference', 'came', 'notCame'],
  'reply-no-question': ['help'],
  'reply-no-payout': ['reference', 'word'],
} as const satisfies Record<string, readonly string[]>;

export type MessageKind = keyof typeof VALUES;

/** Parts of messages that stand in the texts for themselves. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'no-receipt-yet': [],
  'reply-line': ['biller', 'account', 'due'],
  'reply-line-unknown': ['biller', 'account'],
};

/**
 * What is wrong with the texts of SMS, a line each: one that is missing, or one that wants a value which it is not given. Either
 * would be found out only when a customer waits for his receipt.
 */
export function proveMessageTexts(texts: Pick<Texts, 'has' | 'placeholders'>): string[] {
  const known: [string, readonly string[]][] = [...Object.entries(VALUES), ...Object.entries(PARTS)];
  return known.flatMap(([kind, given]) => {
    const id = `sms.${kind}`;
    if (!texts.has(id)) return [`${id}: missing`];
    const unknown = texts.placeholders(id).filter((name) => !given.includes(name));
    return unknown.map((name) => `${id}: uses {${name}}, which it is not given`);
  });
}
