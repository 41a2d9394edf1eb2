import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { moveSettlement, recordSettlementEvent } from './move-settlement.ts';
import { type Settlement, SettlementSchema } from './settlement.ts';

export interface SettlementKey {
  billerId: string;
  day: string;
  currency: string;
}

/** The settlement of a day, locked and ready to take lines in; undefined when it was signed, since then it never changes. */
export async function openDraft(
  deps: { runtime: Runtime },
  tx: Tx,
  key: SettlementKey,
  reason: string,
): Promise<Settlement | undefined> {
  const known = await tx.lockOne(SettlementSchema, { ...key });
  const cause = { actor: 'service', reason };
  if (known?.state === 'drawing') return known;
  if (known?.state === 'drawn-up') return moveSettlement(deps, tx, known, 'drawing', cause);
  if (known) return undefined;
  const fresh = blankSettlement(deps.runtime.ids.next(), key);
  await tx.insert(SettlementSchema, fresh);
  await recordSettlementEvent(deps, tx, fresh, 'none', cause);
  return fresh;
}

function blankSettlement(id: string, key: SettlementKey): Settlement {
  return {
    id,
    ...key,
    version: 0,
    state: 'drawing',
    payments: 0,
    lines: 0,
    collectedMinor: 0n,
    reversedMinor: 0n,
    adjustedMinor: 0n,
    carriedMinor: 0n,
    feesMinor: 0n,
    netMinor: 0n,
    openBreaks: 0,
    drawnUpAtMs: null,
    signedBy: null,
    signedPersonId: null,
    signedAtMs: null,
    paidBy: null,
    paidPersonId: null,
    paidAtMs: null,
    paidFrom: null,
    bankReference: null,
  };
}
