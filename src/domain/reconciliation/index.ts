export { type Break, type BreakEvent, BreakEventSchema, BreakSchema, type BreakState } from './break.ts';
export { currentDays, type DayView } from './current-days.ts';
export { type ImportOptions, type ImportResult, importStatement } from './import-statement.ts';
export { billerDaySource, boundsOfDay, pullSource } from './interface-sources.ts';
export type { NightContext, NightPhase } from './night-phase.ts';
export { type BreakDeps, openBreak } from './open-break.ts';
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
export { type ReconResult, ReconResultSchema, type ResultSubject, type SideSet } from './recon-result.ts';
export { type ReconRun, ReconRunSchema } from './recon-run.ts';
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
export type { StatementSource } from './statement-source.ts';
