import { formatDecimal, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { SettlementDeps } from './deps.ts';
import { lockSettlement, type SettlementName } from './find-settlement.ts';
import { moveSettlement } from './move-settlement.ts';
import type { Settlement } from './settlement.ts';
import { type GivenSignatory, signatoryOf } from './signatory.ts';
import { type SettlementReady, settlementTopic } from './topics.ts';

/**
 * A person answers for the version that he has seen: from here on it never changes, and the biller is told. `alongside` is committed with it. Refuses
 * with `settlement.not-drawn-up`, `settlement.other-version` or `settlement.name`.
 */
export async function signSettlement(
  deps: SettlementDeps,
  {
    version,
    reason,
    alongside,
    staff,
    personId,
    ...name
  }: SettlementName &
    GivenSignatory & { version: number; reason: string; alongside?: (tx: Tx, signed: Settlement) => Promise<unknown> },
): Promise<Settlement> {
  const by = await signatoryOf(deps, { staff, personId });
  return deps.database.transaction(async (tx) => {
    const settlement = await lockSettlement(deps, tx, name);
    if (settlement.state !== 'drawn-up') throw new Refusal('settlement.not-drawn-up', { state: settlement.state });
    if (settlement.version !== version) throw new Refusal('settlement.other-version', { version: settlement.version });
    const patch = { signedBy: by.name, signedPersonId: by.personId, signedAtMs: deps.runtime.clock.now() };
    const signed = await moveSettlement(deps, tx, settlement, 'signed', { actor: by.name, reason }, patch);
    const ready = { topic: settlementTopic.ready, key: signed.id, payload: { ...readyOf(signed) } };
    await deps.outbox.emit(tx, ready);
    if (signed.netMinor > 0n) {
      const payload = { settlementId: signed.id, version };
      await deps.outbox.emit(tx, { topic: settlementTopic.payoutFiles, key: `${signed.id}:${version}`, payload });
    }
    await alongside?.(tx, signed);
    return signed;
  });
}

function readyOf(settlement: Settlement): SettlementReady {
  const { id, billerId, day, currency, version, payments } = settlement;
  const decimal = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  return {
    settlementId: id,
    billerId,
    day,
    currency,
    version,
    payments,
    collected: decimal(settlement.collectedMinor),
    reversed: decimal(settlement.reversedMinor),
    adjusted: decimal(settlement.adjustedMinor),
    broughtForward: decimal(settlement.carriedMinor),
    fees: decimal(settlement.feesMinor),
    payable: decimal(settlement.netMinor),
    signedAt: new Date(settlement.signedAtMs ?? 0).toISOString(),
  };
}
