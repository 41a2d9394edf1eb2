export { type BatchReport, type ReportCost, type ReportReadDeps, type ReportRow, readReport } from './read-report.ts';
export { type ReportSetting, reportTables } from './report-tables.ts';
export { REPORT_FORMATS, type ReportFormat, takeReport, writeReport } from './write-report.ts';
