export { BookRecord, type TokenRecord, type TransactionRecord } from './book-record.ts';
export { openFileJournal } from './file-journal.ts';
export { type Journal, memoryJournal } from './journal.ts';
