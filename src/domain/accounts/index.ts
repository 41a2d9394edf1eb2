export { type AccountLink, AccountLinkSchema, type ClosedAccount, ClosedAccountSchema } from './account-link.ts';
export { type BillLaterDeps, SEND_BILL, sendBill, sendBillLater } from './bill-later.ts';
export { forgetMisses, type LookupRules, missesOf } from './guessing.ts';
export { findLinkedNumbers, type LinkDeps, linkAccount, listLinks, renameLink, unlink } from './links.ts';
export {
  type AccountDetails,
  connectorOf,
  isKnownClosed,
  type Lookup,
  type LookupDeps,
  type LookupRequest,
  lookUpAccount,
} from './look-up-account.ts';
export { maskName } from './mask-name.ts';
