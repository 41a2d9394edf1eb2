import type { BandCost, PayoutCost } from './cost.ts';
import type { Quotation } from './funding.ts';
import type { PayoutRules } from './payout-rules.ts';

/** What the paper shows beside the sums, as it was when the quotation was made. */
export interface QuotationDetails {
  operator: string;
  /** The total was spread evenly over the rows: the charges of the real list may differ. */
  isEstimate: boolean;
  byBand: readonly BandCost[];
  fee: PayoutRules['fee'];
}

const AMOUNT = 'Minor';

/** JSON; amounts as texts. */
export function detailsOf(
  { fee }: PayoutRules,
  { byBand }: PayoutCost,
  { operator, isEstimate }: { operator: string; isEstimate: boolean },
): string {
  const details: QuotationDetails = { operator, isEstimate, byBand, fee };
  return JSON.stringify(details, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}

export function readDetails({ details }: Pick<Quotation, 'details'>): QuotationDetails {
  return JSON.parse(details, (name, value) => (name.endsWith(AMOUNT) ? BigInt(value) : value));
}
