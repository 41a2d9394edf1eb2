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
  /** Fees that a biller's tariff gives us. */
  income: (billerId: string) => `income:${billerId}`,
  /** What an operator took for its service. */
  charges: (operator: string) => `charges:${operator}`,
  /** Our account at the bank, from which billers are paid. */
  bank: 'bank',
  /** What an operator's account held before the first statement that carries balances. */
  openingBalances: 'opening-balances',
} as const;
