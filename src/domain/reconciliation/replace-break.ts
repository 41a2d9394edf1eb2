import { In } from 'typeorm';
import type { BreakType } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { BreakSchema } from './break.ts';
import { endByEvidence } from './end-by-evidence.ts';
import { type BreakDeps, insertBreak, type NewBreak } from './open-break.ts';

/**
 * A figure about one party that must be nothing has changed: what was open about it ends by evidence, and what it is now, if
 * anything, is a break of its own.
 */
export async function replaceBreak(
  deps: BreakDeps,
  tx: Tx,
  { breakType, party, currency, now }: { breakType: BreakType; party: string; currency: string; now: string },
  found: NewBreak | undefined,
): Promise<void> {
  const where = { breakType, party, currency, state: In(['open', 'proposed']) };
  for (const { id } of await tx.manager.findBy(BreakSchema, where)) await endByEvidence(deps, tx, id, now);
  if (found && (await insertBreak(deps, tx, found))) {
    deps.log.warn({ breakType, subjectId: found.subjectId }, 'a break was opened: a person must look');
  }
}
