export { type Applied, applyMovement } from './apply-movement.ts';
export { applyReversal, type Reversal } from './apply-reversal.ts';
export { BREAK_ACTIONS, BREAK_TYPES, type BreakAction, type BreakType } from './break-type.ts';
export { type Decision, decide } from './decide.ts';
export type { TransferDeps, TransferSettings } from './deps.ts';
export { emitBreak } from './emit-break.ts';
export { inboxKind, transferHandlers } from './handlers.ts';
export { pullMovements } from './pull-movements.ts';
export { requestReversal } from './request-reversal.ts';
export { promptNow, requestTransfer, type TransferRequest } from './request-transfer.ts';
export { isTakenBack, lockTransfer, reversalsOf } from './reversals.ts';
export { settleTransfer } from './settle-transfer.ts';
export { transferEvent, transferTopic } from './topics.ts';
export {
  amountOf,
  type Transfer,
  type TransferEvent,
  TransferEventSchema,
  type TransferRoute,
  TransferSchema,
} from './transfer.ts';
export { type TransferState, transferStates } from './transfer-states.ts';
