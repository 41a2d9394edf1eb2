export type { Posting } from './biller-books.ts';
export { type Billers, makeBillers } from './billers.ts';
