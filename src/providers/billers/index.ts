export type * from './contract.ts';
export { type BillerFileContext, type BillerFileFormat, billerFileShape, readBillerFile } from './file/index.ts';
