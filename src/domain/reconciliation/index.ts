export { applyLine } from './apply-line.ts';
export { dropResults } from './begin-run.ts';
export { type Break, type BreakEvent, BreakEventSchema, BreakSchema, type BreakState } from './break.ts';
export { coverOf } from './cover.ts';
export { currentDays, type DayView } from './current-days.ts';
export { fileSource, type StatementParty } from './file-source.ts';
export { type ImportOptions, type ImportResult, importStatement } from './import-statement.ts';
export { billerDaySource, boundsOfDay, pullSource } from './interface-sources.ts';
export { getBreak, listBreaks, openBreaksOf } from './list-breaks.ts';
export { loadReconRules } from './load-recon-rules.ts';
export { onlyPairs } from './match-leftovers.ts';
export type { NightContext, NightPhase } from './night-phase.ts';
export { type BreakDeps, type NewBreak, openBreak } from './open-break.ts';
export { partyOf } from './paying-account.ts';
export { type KeptSince, purgeStatements } from './purge-statements.ts';
export {
  type Cover,
  RESULT_SETS,
  type ReconAdjustment,
  ReconAdjustmentSchema,
  type ReconDay,
  ReconDaySchema,
  type ReconDayState,
  type ReconSide,
  type ReconTotal,
  ReconTotalSchema,
  type ResultSet,
} from './recon-day.ts';
export type { MatchRule, ReconDeps, ReconSettings } from './recon-deps.ts';
export { type ReconResult, ReconResultSchema, type ResultSubject, type SideSet } from './recon-result.ts';
export { type ReconRun, ReconRunSchema } from './recon-run.ts';
export { type ReconcileOptions, reconcileDay } from './reconcile-day.ts';
export { type Rehearsal, rehearseDay } from './rehearse-day.ts';
export { replaceBreak } from './replace-break.ts';
export {
  confirmResolution,
  proposeResolution,
  RESOLUTIONS,
  type Resolution,
  rejectResolution,
  takeBreak,
} from './resolve-break.ts';
export { daysToReconcile, type NightDeps, type NightOptions, runNight } from './run-night.ts';
export { RunTakenOver } from './run-steps.ts';
export { type DaySignature, signDay } from './sign-day.ts';
export {
  type LineKind,
  type LineState,
  type Statement,
  type StatementFault,
  StatementFaultSchema,
  type StatementProof,
  type StatementRow,
  StatementRowSchema,
  StatementSchema,
  type StatementSide,
  type StatementState,
} from './statement.ts';
export type { StatementDeps } from './statement-deps.ts';
export { type FolderSettings, readStatementFolder } from './statement-folder.ts';
export type { StatementSource } from './statement-source.ts';
export { readDetail, type ToldDetail, type ToldSum, writeDetail } from './told-detail.ts';
