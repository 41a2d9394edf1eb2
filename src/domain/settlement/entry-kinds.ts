/** Kinds of entries that this folder books. On a biller's account all other kinds are facts to settle. */
export const entryKind = {
  fee: 'settlement-fee',
  feeBack: 'settlement-fee-back',
  paid: 'settlement-paid',
  /** A charge of an operator; about the line of its statement. */
  charge: 'operator-charge',
  /** What an operator's account held before its first statement; about that statement. */
  opening: 'opening-balance',
} as const;
