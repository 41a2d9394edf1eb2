export type { SettlementDeps, SettlementSettings } from './deps.ts';
export { drawUpSettlements } from './draw-up-settlements.ts';
export {
  FILE_PARTS,
  type FileNames,
  type FilePart,
  type FileProblem,
  type FileWriter,
  filesThere,
  type LyingFile,
  openFile,
  payoutReference,
  signedFileWriter,
} from './files/index.ts';
export {
  findSettlement,
  getSettlement,
  listSettlements,
  type SettlementName,
  settlementHistory,
} from './find-settlement.ts';
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
export {
  countSettlements,
  eachSettlement,
  pageLines,
  pageSettlements,
  type SettlementCursor,
  type SettlementFilters,
} from './settlement-pages.ts';
export { type SettlementState, settlementStates } from './settlement-states.ts';
export { signSettlement } from './sign-settlement.ts';
export { tieOutFloats } from './tie-out-float.ts';
export { type SettlementNews, type SettlementReady, settlementTopic } from './topics.ts';
export {
  askForFiles,
  namesOf,
  tieOutsOf,
  type Verified,
  verifySettlementFiles,
  writePayoutFiles,
  writeSettlementFiles,
} from './write-settlement-files.ts';
