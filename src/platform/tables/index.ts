export { type Cell, type ColumnPlan, looksLikeFormula, type WrittenTable } from './cell.ts';
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
export { writeCsv } from './write-csv.ts';
export { type WorkbookOptions, writeWorkbook } from './write-workbook.ts';
