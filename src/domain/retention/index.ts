export {
  type EnforceDeps,
  enforceRetention,
  type Forgotten,
  rehearseRetention,
  retentionReport,
} from './enforce-retention.ts';
export type { RetentionKind, RetentionOrder } from './retention-kind.ts';
export { type RetentionDays, retentionKinds } from './retention-kinds.ts';
export {
  type RetentionCount,
  RetentionCountSchema,
  type RetentionHeld,
  RetentionHeldSchema,
  type RetentionPlace,
  RetentionPlaceSchema,
} from './retention-row.ts';
