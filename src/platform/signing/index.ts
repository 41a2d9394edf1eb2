export { type FileSigner, makeFileSigner } from './file-signer.ts';
