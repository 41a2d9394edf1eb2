export type * from './contract.ts';
export type * from './payout-cause.ts';
export type * from './payout-contract.ts';
