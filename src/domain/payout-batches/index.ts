export { pauseBatch, replaceRows, resumeBatch } from './act-on-batch.ts';
export {
  type BatchEvent,
  BatchEventSchema,
  makersOfBatch,
  needOf,
  type PauseReason,
  type PayingHours,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
  type RowEvent,
  RowEventSchema,
  totalOf,
} from './batch.ts';
export { type BatchProgress, batchProgress, makeProgressReader, type ProgressReader } from './batch-progress.ts';
export {
  AGREED,
  type BatchState,
  batchStates,
  OPEN_ROWS,
  ROWS_UNDER_WAY,
  type RowState,
  rowStates,
  UNSENT,
} from './batch-states.ts';
export { checkBatch, countWarnings } from './check-batch.ts';
export {
  type ClaimEvent,
  ClaimEventSchema,
  type ClaimState,
  claimStates,
  OPEN_CLAIMS,
  type PayoutClaim,
  PayoutClaimSchema,
} from './claim.ts';
export { closeBatch } from './close-batch.ts';
export {
  type BatchChange,
  type BatchChanges,
  type ChangeKind,
  comparableBatch,
  compareBatches,
  listChanges,
} from './compare-batches.ts';
export { createFilledBatch } from './create-filled-batch.ts';
export {
  batchEvent,
  batchTopic,
  type Maker,
  type PayoutBatchDeps,
  type PayoutSettings,
  scheduleEvent,
} from './deps.ts';
export { fillFromList } from './fill-batch.ts';
export { batchesOfApprovals, batchHistory, getBatch, listBatches, listRows, type RowView } from './find-batches.ts';
export { type ClaimView, claimsOfRows, findClaim, listClaims } from './find-claims.ts';
export { type PayoutTo, payoutsTo } from './find-payouts-to.ts';
export { findReturnLine } from './find-return-line.ts';
export { findRow, type RowStory } from './find-row.ts';
export {
  getSchedule,
  listSchedules,
  nextSource,
  pageRuns,
  type RunView,
  runsOfSchedule,
  scheduleHistory,
  schedulesOfApprovals,
} from './find-schedules.ts';
export { lookAtWaiting } from './fund-batch.ts';
export { batchHandlers, onOrganisationFree } from './handlers.ts';
export { addRows, createBatch, type NewBatch, type NewRow } from './make-batch.ts';
export { changeSchedule, createSchedule, type NewSchedule } from './make-schedule.ts';
export { moveSchedule } from './move-schedule.ts';
export { type BatchNews, batchNews, batchTaker, type PayoutNews } from './on-payout.ts';
export { openClaim, proposeClaim } from './open-claim.ts';
export { paidFrom } from './paying-time.ts';
export { planTelling } from './plan-batch.ts';
export { type ClaimStep, type Pursued, pursueClaim } from './pursue-claim.ts';
export { approvedTotalOf, balanceOf } from './reserve-batch.ts';
export { retryRows } from './retry-rows.ts';
export { onPayoutReturned, returnClaim } from './return-claim.ts';
export { runDueSchedules } from './run-schedules.ts';
export { type PayoutSchedule, PayoutScheduleSchema, type ScheduleState, scheduleStates } from './schedule.ts';
export { nextDue, parseRule, type ScheduleRule, scheduleRuleSchema } from './schedule-rule.ts';
export {
  type RunOutcome,
  type ScheduleEvent,
  ScheduleEventSchema,
  type ScheduleRun,
  ScheduleRunSchema,
} from './schedule-run.ts';
export {
  askStanding,
  endStanding,
  PAYOUT_STANDING,
  type StandingLimits,
  voteOnStanding,
  withdrawStanding,
} from './standing-approval.ts';
export { stopBatch } from './stop-batch.ts';
export {
  cancelBatch,
  excludeRow,
  reopenBatch,
  submitBatch,
  voteOnBatch,
  withdrawBatch,
} from './submit-batch.ts';
export type { BatchWaits, WaitsFor } from './tell-people.ts';
