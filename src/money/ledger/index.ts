export { accountBalance } from './account-balance.ts';
export { ledgerAccount } from './chart.ts';
export { type LedgerEntry, LedgerEntrySchema, type LedgerPosting, LedgerPostingSchema } from './ledger-entry.ts';
export { type Movement, type NewEntry, postEntries, postEntry } from './post-entry.ts';
export { isBalanced, type TrialBalance, trialBalance } from './trial-balance.ts';
