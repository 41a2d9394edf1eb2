import type { Runtime } from '../../kernel/index.ts';
import type { BreakAction, BreakType } from '../../money/transfers/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { type Break, BreakEventSchema, BreakSchema, type BreakState } from './break.ts';

export interface BreakDeps {
  runtime: Runtime;
  database: Database;
  log: Log;
}

/** What the finder knows of it; an amount is text, as work is JSON. */
export interface FoundBreak {
  breakType: BreakType;
  subjectId: string;
  detail: string;
  amount?: { amountMinor: string; currency: string };
  party?: string;
  suggestedAction?: BreakAction;
}

/** Work of `break.found`: opens it, once for a thing and type, and says so loudly. */
export async function openBreak(
  deps: BreakDeps,
  { breakType, subjectId, detail, amount, party, suggestedAction }: FoundBreak,
): Promise<void> {
  const found = {
    ...{ breakType, subjectId, detail },
    ...(amount ? { amountMinor: BigInt(amount.amountMinor), currency: amount.currency } : {}),
    ...(party === undefined ? {} : { party }),
    ...(suggestedAction === undefined ? {} : { suggestedAction }),
  };
  const isNew = await deps.database.transaction((tx) => insertBreak(deps, tx, found));
  if (isNew) deps.log.warn({ breakType, subjectId }, 'a break was opened: a person must look');
}

export type NewBreak = Pick<Break, 'breakType' | 'subjectId' | 'detail'> &
  Partial<Pick<Break, 'side' | 'party' | 'day' | 'amountMinor' | 'currency' | 'suggestedAction'>>;

/** False when there is one of that type about that thing already. */
export async function insertBreak(deps: BreakDeps, tx: Tx, found: NewBreak): Promise<boolean> {
  const row: Break = {
    ...BLANK,
    ...found,
    id: deps.runtime.ids.next(),
    detail: found.detail.slice(0, 255),
    openedAtMs: deps.runtime.clock.now(),
  };
  if (!(await tx.insertOnce(BreakSchema, row))) return false;
  await recordBreakEvent(deps, tx, row.id, 'none', 'open', { actor: 'service', reason: row.detail });
  return true;
}

export async function recordBreakEvent(
  { runtime }: Pick<BreakDeps, 'runtime'>,
  tx: Tx,
  breakId: string,
  fromState: BreakState | 'none',
  toState: BreakState,
  { actor, reason }: { actor: string; reason: string },
): Promise<void> {
  await tx.insert(BreakEventSchema, {
    ...{ id: runtime.ids.next(), breakId, fromState, toState },
    ...{ actor: actor.slice(0, 64), reason: reason.slice(0, 255), atMs: runtime.clock.now() },
  });
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
