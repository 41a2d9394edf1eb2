import { nairobiDay } from '../basis/index.ts';
import type { BookRecord } from '../journal/index.ts';

export type Posting = Omit<Extract<BookRecord, { book: 'posting' }>, 'book'>;

/** What one biller has booked. Only accounts that were paid take memory. */
export interface BillerBooks {
  find(reference: string): Posting | undefined;
  add(posting: Posting): void;
  /** Takes a posting back for good; undefined when there was none. The reference can never be booked again. */
  cancel(reference: string): Posting | undefined;
  /** Loses a posting, as a restored backup does: the reference may be booked again. False when there was none. */
  lose(reference: string): boolean;
  /** What a cancellation of this reference found, if there was one. */
  cancelled(reference: string): 'cancelled' | 'not-booked' | undefined;
  /** Everything paid into an account, and how much debt of it was taken; minor units. */
  paidInto(account: string): { amountMinor: bigint; debtMinor: bigint; count: number };
  /** In the order of booking. */
  ofDay(day: string): readonly Posting[];
  all(): Posting[];
  clear(): void;
}

const NOTHING = { amountMinor: 0n, debtMinor: 0n, count: 0 } as const;

export function makeBillerBooks(): BillerBooks {
  const byReference = new Map<string, Posting>();
  const byDay = new Map<string, Posting[]>();
  const paid = new Map<string, { amountMinor: bigint; debtMinor: bigint; count: number }>();
  const cancelled = new Map<string, 'cancelled' | 'not-booked'>();
  function takeOut(reference: string): Posting | undefined {
    const posting = byReference.get(reference);
    if (!posting) return undefined;
    byReference.delete(reference);
    const lines = byDay.get(nairobiDay(posting.at)) ?? [];
    lines.splice(lines.indexOf(posting), 1);
    const before = paid.get(posting.account) ?? NOTHING;
    paid.set(posting.account, {
      amountMinor: before.amountMinor - BigInt(posting.amountMinor),
      debtMinor: before.debtMinor - BigInt(posting.debtTakenMinor ?? '0'),
      count: before.count - 1,
    });
    return posting;
  }
  return {
    cancelled: (reference) => cancelled.get(reference),
    cancel(reference) {
      const posting = takeOut(reference);
      cancelled.set(reference, posting ? 'cancelled' : 'not-booked');
      return posting;
    },
    lose: (reference) => takeOut(reference) !== undefined,
    find: (reference) => byReference.get(reference),
    add(posting) {
      byReference.set(posting.reference, posting);
      const day = nairobiDay(posting.at);
      const lines = byDay.get(day);
      if (lines) lines.push(posting);
      else byDay.set(day, [posting]);
      const before = paid.get(posting.account) ?? NOTHING;
      paid.set(posting.account, {
        amountMinor: before.amountMinor + BigInt(posting.amountMinor),
        debtMinor: before.debtMinor + BigInt(posting.debtTakenMinor ?? '0'),
        count: before.count + 1,
      });
    },
    paidInto: (account) => paid.get(account) ?? NOTHING,
    ofDay: (day) => byDay.get(day) ?? [],
    all: () => [...byReference.values()],
    clear() {
      byReference.clear();
      byDay.clear();
      paid.clear();
      cancelled.clear();
    },
  };
}
