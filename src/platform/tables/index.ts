export { hashFile } from './hash-file.ts';
export { openTable } from './open-table.ts';
export {
  PLAIN_CSV,
  ROWS_TOGETHER,
  TABLE_LIMITS,
  type Table,
  type TableLimits,
  type TableRow,
  type TextFormat,
  UnreadableTable,
} from './table.ts';
