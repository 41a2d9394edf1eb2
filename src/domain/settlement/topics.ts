/** Work of this folder, and its news. */
export const settlementTopic = {
  /** Write the files of a version. */
  files: 'settlement.files',
  /** Write what finance pays by, once a settlement is signed. */
  payoutFiles: 'settlement.payout-files',
  /** A day is signed: its figures are final. Payload: `SettlementReady`; for whoever tells the biller. */
  ready: 'settlement.ready',
} as const;

/** Payload of the work on files. */
export interface SettlementNews {
  settlementId: string;
  version: number;
}

/** What a biller is told of a signed day; amounts are decimals in major units, such as `480.00`. */
export interface SettlementReady {
  settlementId: string;
  billerId: string;
  day: string;
  currency: string;
  version: number;
  payments: number;
  collected: string;
  reversed: string;
  adjusted: string;
  broughtForward: string;
  fees: string;
  payable: string;
  /** ISO 8601, UTC. */
  signedAt: string;
}
