export { type BillerFileFormat, billerFileShape } from './format.ts';
export { type BillerFileContext, readBillerFile } from './read-biller-file.ts';
