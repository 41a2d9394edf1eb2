import type { BookRecord } from './book-record.ts';

/** Where the books are kept. */
export interface Journal {
  /** Resolves once the line would outlive a kill of the process. Lines are kept in the order of the calls. */
  append(record: BookRecord): Promise<void>;
  /** Resolves once every line given so far would outlive a kill. */
  flushed(): Promise<void>;
  /** Forgets every line but those given. */
  restart(keep: readonly BookRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** For tests and simulations in memory: the parties' own state is all there is. */
export const memoryJournal: Journal = {
  append: () => Promise.resolve(),
  flushed: () => Promise.resolve(),
  restart: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
