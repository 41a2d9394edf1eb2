import type { Database } from '../../platform/database/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { AssignmentSchema } from './assignment.ts';
import type { Queue } from './queue-item.ts';

/**
 * Says who has taken something on: oneself, another, or nobody (null) any more. The last word counts, and it is
 * told who had it before, so that two who take it at once both learn of the other.
 */
export async function assign(
  deps: AuditDeps & { database: Database },
  actor: Actor,
  { queue, subjectId, ownerId }: { queue: Queue; subjectId: string; ownerId: string | null },
): Promise<{ previousOwnerId: string | null }> {
  const { ids, clock } = deps.runtime;
  return deps.database.transaction(async (tx) => {
    const before = await tx.lockOne(AssignmentSchema, { queue, subjectId });
    const previousOwnerId = before?.ownerId ?? null;
    if (previousOwnerId === ownerId) return { previousOwnerId };
    if (ownerId === null) await tx.manager.delete(AssignmentSchema, { queue, subjectId });
    else if (before) await tx.update(AssignmentSchema, { id: before.id }, { ownerId, atMs: clock.now() });
    else await tx.insertOnce(AssignmentSchema, { id: ids.next(), queue, subjectId, ownerId, atMs: clock.now() });
    await recordAct(deps, tx, {
      ...{ actor, act: 'queue.assigned', subject: { kind: queue, id: subjectId } },
      ...{ before: { ownerId: previousOwnerId }, after: { ownerId } },
    });
    return { previousOwnerId };
  });
}
