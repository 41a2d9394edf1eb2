/** Work of this folder. */
export const transferTopic = {
  submit: 'transfer.submit',
  inquire: 'transfer.inquire',
  identifyPayer: 'transfer.identify-payer',
  /** Ask the operator to take a payment back. */
  reverse: 'transfer.reverse',
  inquireReversal: 'transfer.inquire-reversal',
  /** Ask the operator to pay a person. */
  payOut: 'transfer.pay-out',
  inquirePayout: 'transfer.inquire-payout',
  /** Ask about those that are undecided of what was sent together. */
  inquirePayouts: 'transfer.inquire-payouts',
} as const;

/** News for whoever is above; payload `{transferId}`, of a payout with `route: 'payout'` and `purposeId`, and what else is named here. */
export const transferEvent = {
  /** Money has moved; the ledger says so. Of a payout with `wasFailed` when its failure had been proven before. */
  succeeded: 'transfer.succeeded',
  /** Proven: no money moved. Of a payout with `causeIsOurs`: the next one would fail of the same. */
  failed: 'transfer.failed',
  /** Asked about, and still nobody can say. */
  unknown: 'transfer.unknown',
  /** Money came a second time for one intent; the transfer is the second one. */
  secondMoney: 'transfer.second-money',
  /** A receipt number came after the success. */
  receiptFound: 'transfer.receipt-found',
  /** The full number of whoever paid at the paybill is known now; also of a prompt that another than the asked one paid. */
  payerFound: 'transfer.payer-found',
  /** The operator did not tell who paid. */
  payerUnknown: 'transfer.payer-unknown',
  /** The operator took the money of a transfer back, or a payout came back; the ledger says so. `{transferId}` is the one that was reversed. */
  reversed: 'transfer.reversed',
  /** Proven: the operator did not take it back. `{transferId}` is the reversal. */
  reversalFailed: 'transfer.reversal-failed',
  /** `{breakType, transferId?, eventId?, detail}`: what reconciliation must show to a person. */
  breakFound: 'break.found',
} as const;
