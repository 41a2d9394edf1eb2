export { findColumns, MOST_ROWS_BEFORE_NAMES, plainName, storedText } from './columns.ts';
export {
  type LineKind,
  READ_TOGETHER,
  type ReadBatch,
  type ReadFault,
  type ReadingEnd,
  type ReadLine,
  type StatementProof,
  type StatementReading,
  StatementRefused,
} from './contract.ts';
export { ENGLISH_NUMBERS, type NumberFormat, readAmount } from './read-amount.ts';
export { type DateOrder, readWallTime, yearPlace } from './read-date.ts';
