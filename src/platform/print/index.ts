export { openPage, type Page, type PageOptions } from './page.ts';
export { type PrintedColumn, printTable, type TableSheet } from './printed-table.ts';
