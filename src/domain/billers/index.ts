export { type Biller, type BillerCatalogue, loadBillers, makeCatalogue } from './biller.ts';
