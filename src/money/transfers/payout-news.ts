import type { Transfer } from './transfer.ts';

/** What is told of a payout: with the intent that it pays, so that whoever hears of many finds them by that. */
export const payoutNews = ({ id, purposeId }: Pick<Transfer, 'id' | 'purposeId'>) => ({
  ...{ transferId: id, route: 'payout', purposeId },
});
