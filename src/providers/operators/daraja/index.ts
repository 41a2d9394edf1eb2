export type { DarajaConfig } from './config.ts';
export { type DarajaDeps, makeDaraja } from './make-daraja.ts';
