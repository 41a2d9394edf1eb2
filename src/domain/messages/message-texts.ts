import type { Texts } from '../../platform/texts/index.ts';

const ABOUT_A_PAYMENT = ['biller', 'account', 'amount', 'reference', 'operator', 'receipt', 'time'] as const;
const TOLD = [...ABOUT_A_PAYMENT, 'reason', 'serviceCode', 'support', 'hasSupport'] as const;

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
  'second-money': ['amount', 'receipt'],
  bill: ['biller', 'account', 'holder', 'due', 'dial'],
  'bill-no-account': ['biller', 'account'],
  help: ['serviceCode'],
} as const satisfies Record<string, readonly string[]>;

export type MessageKind = keyof typeof VALUES;

/** Parts of messages that stand in the texts for themselves. */
const PARTS = ['no-receipt-yet'];

/**
 * What is wrong with the texts of SMS, a line each: one that is missing, or one that wants a value which it is not given. Either
 * would be found out only when a customer waits for his receipt.
 */
export function proveMessageTexts(texts: Pick<Texts, 'has' | 'placeholders'>): string[] {
  const known: [string, readonly string[]][] = [
    ...Object.entries(VALUES),
    ...PARTS.map((part): [string, readonly string[]] => [part, []]),
  ];
  return known.flatMap(([kind, given]) => {
    const id = `sms.${kind}`;
    if (!texts.has(id)) return [`${id}: missing`];
    const unknown = texts.placeholders(id).filter((name) => !given.includes(name));
    return unknown.map((name) => `${id}: uses {${name}}, which it is not given`);
  });
}
