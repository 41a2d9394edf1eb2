export {
  addDays,
  businessDay,
  daysBetween,
  dayWindow,
  hourWindow,
  isDay,
  isTimeZone,
  minuteOfDay,
  startOfDay,
} from './business-day.ts';
export { type Chance, newReference, newToken, systemChance } from './chance.ts';
export { type Clock, DeadlineError, sleep, systemClock, type Timer, withDeadline } from './clock.ts';
export { gather } from './gather.ts';
export { countSeptets, countSmsSegments, foldToGsm7, isGsm7 } from './gsm7.ts';
export { firstIdAt, type Ids, makeIds } from './ids.ts';
export { InvariantError, invariant, unreachable } from './invariant.ts';
export {
  formatDecimal,
  isCurrency,
  LARGEST_AMOUNT_MINOR,
  type Money,
  minorDigits,
  money,
  parseMoney,
  roundUpToMajor,
  sameMoney,
} from './money.ts';
export {
  countryOf,
  fitsMask,
  isMsisdn,
  isOfCountry,
  type Msisdn,
  maskMsisdn,
  maskNumbersIn,
  parseMsisdn,
  spellingsOf,
} from './msisdn.ts';
export { Refusal, type RefusalDetails } from './refusal.ts';
export { makeRuntime, type Runtime, systemRuntime } from './runtime.ts';
export { type TransitionTable, transitionTable } from './transition-table.ts';
export { instantOfWallTime, wallTimeOf } from './wall-time.ts';
export { readWrittenAmount } from './written-amount.ts';
