export { makeSealing, type Sealing } from './sealing.ts';
export { makeSigner, type Signer } from './signer.ts';
