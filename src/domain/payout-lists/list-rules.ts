/** An operator that pays to its customers. */
export interface PayableOperator {
  /** As everywhere else: `mpesa`. */
  name: string;
  /** ISO 3166 of its customers' numbers. */
  country: string;
  /** It moves whole major units only. */
  hasWholeAmountsOnly: boolean;
}

/** What money may be paid for. */
export const PAYOUT_PURPOSES = ['salary', 'sales-incentive', 'promotion', 'dividend', 'refund'] as const;
export type PayoutPurpose = (typeof PAYOUT_PURPOSES)[number];

/** What the rows of a list are checked against: for whoever gives the list. */
export interface ListRules {
  /** ISO 3166: how a number without its country code is read. */
  country: string;
  /** ISO 4217: what is paid in. */
  currency: string;
  operators: readonly PayableOperator[];
  purposes: readonly PayoutPurpose[];
  /** Of the batch that the rows are for, which has one for all; undefined: they are for none yet. */
  purpose?: PayoutPurpose | undefined;
  /** Of one row, both included. */
  leastMinor: bigint;
  mostMinor: bigint;
  /** Of all rows together. */
  mostTotalMinor: bigint;
  mostRows: number;
}

/** Rows of a list, and what a cell of it may hold; a cell that is longer is kept cut. */
export const MOST_LIST_ROWS = 100_000;
export const MOST_LIST_COLUMNS = 40;
export const LONGEST_CELL = 250;
export const LONGEST_NAME = 100;
export const LONGEST_REFERENCE = 64;
