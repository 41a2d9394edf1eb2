/**
 * Every kind of thing that a person is asked to look at, whoever meets it. They are listed on this shelf because those who meet them
 * stand on it or above. Each has its words in the console's texts (`break-type`) and a line in docs/operations.md.
 */
export const BREAK_TYPES = [
  'unknown-transfer',
  'receipt-missing',
  'paid-twice',
  'contradiction',
  'callback-unmatched',
  'payment-delayed',
  'refund-proposed',
  'cancel-refused',
  'refund-failed',
  'payer-unknown',
  'missing-at-operator',
  'missing-at-biller',
  'missing-here',
  'differs-at-operator',
  'differs-at-biller',
  'twice-at-operator',
  'twice-at-biller',
  'not-ours',
  'reversal-unmatched',
  'statement-missing',
  'balances-apart',
  'float-differs',
] as const;
export type BreakType = (typeof BREAK_TYPES)[number];

/** What usually helps; the words are in the console's texts (`break-action`). */
export const BREAK_ACTIONS = [
  'ask-operator',
  'ask-biller',
  'read-statement',
  'correct-amount',
  'pay-back',
  'find-owner',
  'explain',
  'refund',
] as const;
export type BreakAction = (typeof BREAK_ACTIONS)[number];
