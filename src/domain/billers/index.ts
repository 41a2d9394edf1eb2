export type { BankAccount } from './bank-account.ts';
export { type Biller, type BillerCatalogue, loadBillers, makeCatalogue } from './biller.ts';
export { payDialString } from './pay-dial.ts';
export { feeOf, readTariffs, type Tariff, tariffOn } from './tariff.ts';
