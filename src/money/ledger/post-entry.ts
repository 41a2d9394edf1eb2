import { invariant, type Money, type Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { LedgerEntrySchema, LedgerPostingSchema } from './ledger-entry.ts';

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
export async function postEntry(deps: { runtime: Runtime }, tx: Tx, entry: NewEntry): Promise<void> {
  const { ids, clock } = deps.runtime;
  invariant(entry.movements.length > 0, 'an entry moves something');
  const id = ids.next();
  await tx.insert(LedgerEntrySchema, {
    id,
    kind: entry.kind,
    subjectId: entry.subjectId,
    atMs: clock.now(),
  });
  const postings = entry.movements.flatMap(({ debit, credit, amount }) => {
    invariant(amount.amountMinor > 0n, 'a movement has a positive amount');
    invariant(debit !== credit, 'a movement has two accounts');
    const common = { entryId: id, currency: amount.currency };
    return [
      { ...common, id: ids.next(), account: debit, amountMinor: amount.amountMinor },
      { ...common, id: ids.next(), account: credit, amountMinor: -amount.amountMinor },
    ];
  });
  await tx.manager.insert(LedgerPostingSchema, postings);
}
