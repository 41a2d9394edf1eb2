import type { PayoutRow } from '../payout-batches/index.ts';

/** A row that is told of, with our reference of the transfer that decided it. */
export interface ToldRow extends PayoutRow {
  ours: string | null;
}
