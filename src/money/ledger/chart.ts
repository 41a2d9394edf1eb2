/** The ledger's accounts. A debit balance is what we have, a credit balance what we owe or earned. */
export const ledgerAccount = {
  /** Money at an operator: on our account, or on the account of this short code that somebody has for himself. */
  float: (operator: string, ownShortCode: string | null = null) =>
    ownShortCode === null ? `float:${operator}` : `float:${operator}:${ownShortCode}`,
  /** Collected, and not yet booked by the biller. */
  collectedUnposted: 'collected-unposted',
  /** Set aside from whoever pays people through this operator, until each is paid or proven not to be. */
  reserved: (operator: string) => `reserved:${operator}`,
  /** What an organisation may still spend: it brought it, and nothing is set aside for it. */
  organisation: (id: string) => `organisation:${id}`,
  /** An organisation's money on our account at the bank, on its way to the operator. */
  incoming: (organisationId: string) => `incoming:${organisationId}`,
  /** Set aside from an organisation for what the operator and we take for its payouts, until its batch closes. */
  payoutFees: (organisationId: string) => `payout-fees:${organisationId}`,
  /** Paid twice to one person, by proof that came too late; nobody has said yet whose loss it is. */
  overpaid: (organisationId: string) => `overpaid:${organisationId}`,
  /** Tax on our fees, owed to the state. */
  tax: 'tax',
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
