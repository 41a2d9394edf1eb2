import type { AuditEntry } from '../../domain/audit/index.ts';
import type { Visit } from './visit.ts';

/** What of the audit log somebody sees: an organisation its own affairs, our people everything. */
export function auditScope({ isHouse, scope }: Visit): { scope?: string } {
  return isHouse ? {} : { scope };
}

/** Whether an organisation reads of an act of ours: it learns that we acted, and not who or from where. `names` are those of its own people. */
export function isOfHouse(
  { isHouse }: Visit,
  { actorKind, actorId }: AuditEntry,
  names: ReadonlyMap<string, string>,
): boolean {
  return !isHouse && actorKind === 'staff' && !names.has(actorId);
}
