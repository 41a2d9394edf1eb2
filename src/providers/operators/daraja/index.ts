export type { DarajaConfig } from './config.ts';
export { type DarajaDeps, makeDaraja } from './make-daraja.ts';
export { readMpesaStatement } from './statement/index.ts';
