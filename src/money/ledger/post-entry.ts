import { invariant, type Money, type Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type LedgerEntry, LedgerEntrySchema, type LedgerPosting, LedgerPostingSchema } from './ledger-entry.ts';

/** Money goes from one account (credited) to another (debited). */
export interface Movement {
  debit: string;
  credit: string;
  amount: Money;
}

export interface NewEntry {
  kind: string;
  subjectId: string;
  movements: readonly Movement[];
}

/** Books one fact in the caller's transaction. A fact that is booked already is a bug, and fails. */
export function postEntry(deps: { runtime: Runtime }, tx: Tx, entry: NewEntry): Promise<void> {
  return postEntries(deps, tx, [entry]);
}

/** Books many facts in the caller's transaction, all or none. */
export async function postEntries(deps: { runtime: Runtime }, tx: Tx, facts: readonly NewEntry[]): Promise<void> {
  const { ids, clock } = deps.runtime;
  const atMs = clock.now();
  const entries: LedgerEntry[] = [];
  const postings: LedgerPosting[] = [];
  for (const { kind, subjectId, movements } of facts) {
    invariant(movements.length > 0, 'an entry moves something');
    const entry = { id: ids.next(), kind, subjectId, atMs };
    entries.push(entry);
    for (const { debit, credit, amount } of movements) {
      invariant(amount.amountMinor > 0n, 'a movement has a positive amount');
      invariant(debit !== credit, 'a movement has two accounts');
      const common = { entryId: entry.id, currency: amount.currency };
      postings.push({ ...common, id: ids.next(), account: debit, amountMinor: amount.amountMinor });
      postings.push({ ...common, id: ids.next(), account: credit, amountMinor: -amount.amountMinor });
    }
  }
  await tx.insertMany(LedgerEntrySchema, entries);
  await tx.insertMany(LedgerPostingSchema, postings);
}
