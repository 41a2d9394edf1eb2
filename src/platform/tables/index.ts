export { type Cell, type ColumnPlan, looksLikeFormula, type WrittenTable } from './cell.ts';
export { hashFile } from './hash-file.ts';
export { openSheets, openTable } from './open-table.ts';
export {
  type CellKind,
  columnIndex,
  columnName,
  PLAIN_CSV,
  ROWS_TOGETHER,
  type Sheet,
  type SheetFile,
  type SheetMark,
  type SheetPiece,
  type SheetRow,
  TABLE_LIMITS,
  type Table,
  type TableFault,
  type TableLimits,
  type TablePlace,
  type TableRow,
  type TextFormat,
  UnreadableTable,
} from './table.ts';
export { writeCsv } from './write-csv.ts';
export { type WorkbookOptions, writeWorkbook } from './write-workbook.ts';
