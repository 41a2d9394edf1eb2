import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';

export interface ApprovalDeps {
  runtime: Runtime;
  database: Database;
  outbox: Outbox;
}

/** `{approvalId, kind, subjectId}`. Topics end in the kind, so that each domain binds its own: `approval.granted.refund`. */
export const approvalEvent = {
  granted: (kind: string) => `approval.granted.${kind}`,
  rejected: (kind: string) => `approval.rejected.${kind}`,
} as const;
