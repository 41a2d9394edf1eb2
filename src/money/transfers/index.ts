export { accountOfPayout } from './account-of-payout.ts';
export { applyEvent, type Verdict } from './apply-event.ts';
export { type Applied, applyMovement } from './apply-movement.ts';
export { applyPayoutLine, type PayoutLine } from './apply-payout-line.ts';
export { applyReversal, type Reversal } from './apply-reversal.ts';
export { BREAK_ACTIONS, BREAK_TYPES, type BreakAction, type BreakType } from './break-type.ts';
export { causeIsOurs } from './cause-is-ours.ts';
export { type Decision, decide } from './decide.ts';
export type { PaidTaker, TransferDeps, TransferSettings } from './deps.ts';
export { emitBreak } from './emit-break.ts';
export { inboxKind, transferHandlers } from './handlers.ts';
export { pullMovements } from './pull-movements.ts';
export { type OwnAccount, type PayoutOrder, payoutsOf, payoutsOfAll, requestPayout } from './request-payout.ts';
export { requestReversal } from './request-reversal.ts';
export { promptNow, requestTransfer, type TransferRequest } from './request-transfer.ts';
export { isTakenBack, lockTransfer, reversalsOf } from './reversals.ts';
export { settleTransfer } from './settle-transfer.ts';
export { payoutsOutOfReachSince } from './submit-payout.ts';
export { transferEvent, transferTopic } from './topics.ts';
export {
  amountOf,
  isOutgoing,
  type Transfer,
  type TransferEvent,
  TransferEventSchema,
  type TransferRoute,
  TransferSchema,
} from './transfer.ts';
export { type TransferState, transferStates } from './transfer-states.ts';
export { withdrawPayout } from './withdraw-payout.ts';
