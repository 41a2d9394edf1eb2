/** The ledger's accounts. A debit balance is what we have, a credit balance what we owe or earned. */
export const ledgerAccount = {
  /** Our money at an operator. */
  float: (operator: string) => `float:${operator}`,
  /** Collected, and not yet booked by the biller. */
  collectedUnposted: 'collected-unposted',
  /** What we owe a biller. */
  payable: (billerId: string) => `payable:${billerId}`,
  /** Collected for an account that does not exist. */
  suspense: 'suspense',
  /** What an operator took back, while nobody has given it up in turn: the biller that booked it, or we ourselves. */
  takenBack: 'taken-back',
  /** To be paid back. */
  owedToCustomers: 'owed-to-customers',
} as const;
