export { type FloatAlarms, floatAlarms } from './float-alarms.ts';
export {
  type FloatGauge,
  floatGauge,
  type GaugeDeps,
  heldBy,
  type ToldBalance,
  type WaitingBatch,
} from './float-gauge.ts';
export { askForBalances, BALANCE_EVERY_MS, refreshBalance } from './refresh-balance.ts';
