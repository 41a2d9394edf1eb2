export { type Break, BreakSchema } from './break.ts';
export { type BreakDeps, openBreak } from './open-break.ts';
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
