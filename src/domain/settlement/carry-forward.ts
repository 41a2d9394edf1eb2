import { LessThan, LessThanOrEqual } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import type { SettlementDeps } from './deps.ts';
import { moveSettlement } from './move-settlement.ts';
import { openDraft } from './open-draft.ts';
import { SettlementSchema } from './settlement.ts';
import { SettlementLineSchema } from './settlement-line.ts';
import type { Drawing } from './take-in-facts.ts';

const MOST = 100;

/**
 * Signed settlements by which nothing is owed to the biller end in the day that is being settled: what the biller owes us is
 * taken off there. No posting: it stays on the biller's account.
 */
export async function carryForward(deps: SettlementDeps, tx: Tx, { biller, day }: Drawing): Promise<void> {
  const due = await tx.manager.find(SettlementSchema, {
    where: { billerId: biller.id, state: 'signed', day: LessThan(day), netMinor: LessThanOrEqual(0n) },
    order: { day: 'ASC' },
    take: MOST,
  });
  if (due.length === 0) return;
  for (const { id } of due) {
    const settlement = await tx.lockOne(SettlementSchema, { id });
    if (settlement?.state !== 'signed') continue;
    const { currency, netMinor } = settlement;
    const draft = await openDraft(deps, tx, { billerId: biller.id, day, currency }, `carries ${settlement.day}`);
    if (!draft) return;
    await moveSettlement(deps, tx, settlement, 'carried', { actor: 'service', reason: `into ${day}` });
    if (netMinor === 0n) continue;
    await tx.insert(SettlementLineSchema, {
      id: deps.runtime.ids.next(),
      settlementId: draft.id,
      sinceVersion: draft.version + 1,
      lineKind: 'carried',
      factId: settlement.id,
      paymentId: null,
      ownDay: settlement.day,
      completedAtMs: settlement.signedAtMs ?? deps.runtime.clock.now(),
      reference: '',
      account: '',
      operatorReceipt: '',
      billerReference: '',
      amountMinor: netMinor,
      feeMinor: 0n,
    });
  }
}
