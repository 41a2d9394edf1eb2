export type { DarajaConfig, DarajaPayoutConfig } from './config.ts';
export { type DarajaDeps, makeDaraja } from './make-daraja.ts';
export { makeDarajaPayouts } from './make-daraja-payouts.ts';
export { readMpesaStatement } from './statement/index.ts';
