import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { type Break, BreakSchema } from './break.ts';

export interface BreakDeps {
  runtime: Runtime;
  database: Database;
  log: Log;
}

const BLANK: Omit<Break, 'id' | 'breakType' | 'subjectId' | 'detail' | 'openedAtMs'> = {
  state: 'open',
  side: null,
  party: null,
  day: null,
  amountMinor: null,
  currency: null,
  suggestedAction: null,
  owner: null,
  resolution: null,
  proposedBy: null,
  proposedAtMs: null,
  proposedReason: null,
  confirmedBy: null,
  confirmedAtMs: null,
  confirmedReason: null,
};

/** Work of `break.found`: opens it, once for a thing and type, and says so loudly. */
export async function openBreak(
  deps: BreakDeps,
  { breakType, subjectId, detail }: { breakType: string; subjectId: string; detail: string },
): Promise<void> {
  const { ids, clock } = deps.runtime;
  const isNew = await deps.database.transaction((tx) =>
    tx.insertOnce(BreakSchema, {
      id: ids.next(),
      breakType: breakType.slice(0, 32),
      subjectId,
      detail: detail.slice(0, 255),
      ...BLANK,
      openedAtMs: clock.now(),
    }),
  );
  if (isNew) deps.log.warn({ breakType, subjectId }, 'a break was opened: a person must look');
}
