export type { SettlementDeps, SettlementSettings } from './deps.ts';
export { drawUpSettlements } from './draw-up-settlements.ts';
export {
  type FileNames,
  type FileProblem,
  type FileWriter,
  payoutReference,
  signedFileWriter,
} from './files/index.ts';
export { findSettlement, listSettlements, type SettlementName, settlementHistory } from './find-settlement.ts';
export { type FloatTieOut, FloatTieOutSchema } from './float-tie-out.ts';
export { recordPayout } from './record-payout.ts';
export {
  type Settlement,
  type SettlementEvent,
  SettlementEventSchema,
  SettlementProgressSchema,
  SettlementSchema,
} from './settlement.ts';
export { type SettlementLine, type SettlementLineKind, SettlementLineSchema } from './settlement-line.ts';
export { type SettlementState, settlementStates } from './settlement-states.ts';
export { signSettlement } from './sign-settlement.ts';
export { tieOutFloats } from './tie-out-float.ts';
export { type SettlementNews, type SettlementReady, settlementTopic } from './topics.ts';
export {
  namesOf,
  type Verified,
  verifySettlementFiles,
  writePayoutFiles,
  writeSettlementFiles,
} from './write-settlement-files.ts';
