export { type ActorKind, type AuditEntry, AuditEntrySchema, AuditHeadSchema } from './audit-entry.ts';
export { type AuditVerdict, checkAudit } from './check-audit.ts';
export { countAudit, eachAuditEntry, listAudit } from './list-audit.ts';
export { type Act, type Actor, type AuditDeps, type AuditSigner, recordAct } from './record-act.ts';
