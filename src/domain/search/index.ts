export { countPayments, eachPayment } from './each-payment.ts';
export { findPayments, MOST_A_PAGE, type PaymentPage } from './find-payments.ts';
export type { PaymentCursor, PaymentFilters } from './payment-pages.ts';
export { type Found, rangeOf, type SearchDeps, type SearchResult, search } from './search.ts';
export { LONGEST_QUERY, type Reading, type SearchSettings, understand } from './understand.ts';
