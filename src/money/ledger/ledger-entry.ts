import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** One fact of money. Its postings sum to zero in every currency. Appended, never changed. */
export interface LedgerEntry {
  id: string;
  /** What happened: `collected`, `posted`, `to-suspense` ... */
  kind: string;
  /** What it happened to: the id of a transfer or payment. With `kind` unique, so that a fact is booked once. */
  subjectId: string;
  atMs: number;
}

export interface LedgerPosting {
  id: string;
  entryId: string;
  account: string;
  /** Minor units; a debit is positive, a credit negative. */
  amountMinor: bigint;
  currency: string;
}

export const LedgerEntrySchema = new EntitySchema<LedgerEntry>({
  name: 'ledger_entry',
  columns: {
    id: column.id(),
    kind: column.varchar(32),
    subjectId: { ...column.reference(), name: 'subject_id' },
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [
    { name: 'ledger_entry_fact', columns: ['subjectId', 'kind'], unique: true },
    { name: 'ledger_entry_at', columns: ['atMs'] },
  ],
});

export const LedgerPostingSchema = new EntitySchema<LedgerPosting>({
  name: 'ledger_posting',
  columns: {
    id: column.id(),
    entryId: { ...column.reference(), name: 'entry_id' },
    account: column.varchar(64),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
  },
  indices: [
    { name: 'ledger_posting_entry', columns: ['entryId'] },
    // With the amount, so that a balance is summed from the index alone.
    { name: 'ledger_posting_account', columns: ['account', 'currency', 'amountMinor'] },
  ],
});
