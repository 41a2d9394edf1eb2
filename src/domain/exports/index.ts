export { type AskedExport, askExport, EXPORT_OPEN_MS, type ExportReadDeps, findExport } from './ask-export.ts';
export { type ExportRun, ExportRunSchema, type ExportState } from './export-run.ts';
export { beginExport, type ExportDeps, endExport, exportStateAt, tellExport } from './run-export.ts';
