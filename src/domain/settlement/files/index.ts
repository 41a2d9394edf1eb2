export { FILE_PARTS, type FilePart, filesThere, type LyingFile, openFile } from './open-file.ts';
export { payoutCsv, payoutReference } from './payout-csv.ts';
export { payoutPdf } from './payout-pdf.ts';
export { settlementCsv } from './settlement-csv.ts';
export { type FileNames, type FileSet, fileNames } from './settlement-files.ts';
export { type PageSetting, settlementPdf } from './settlement-pdf.ts';
export { type FileProblem, verifySigned } from './verify-signed.ts';
export { type FileContents, type FileWriter, signedFileWriter } from './write-signed.ts';
