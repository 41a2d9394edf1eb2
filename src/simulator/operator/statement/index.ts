export { exportStatement, StatementQuery } from './export-statement.ts';
