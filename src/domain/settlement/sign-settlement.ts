import { formatDecimal, Refusal } from '../../kernel/index.ts';
import type { SettlementDeps } from './deps.ts';
import { lockSettlement, type SettlementName } from './find-settlement.ts';
import { moveSettlement } from './move-settlement.ts';
import { isPersonName } from './person-name.ts';
import type { Settlement } from './settlement.ts';
import { type SettlementReady, settlementTopic } from './topics.ts';

/**
 * A person answers for the version that he has seen: from here on it never changes, and the biller is told. Refuses with `settlement.not-drawn-up`,
 * `settlement.other-version` or `settlement.name`.
 */
export async function signSettlement(
  deps: SettlementDeps,
  { version, staff, reason, ...name }: SettlementName & { version: number; staff: string; reason: string },
): Promise<Settlement> {
  if (!isPersonName(staff)) throw new Refusal('settlement.name', {});
  return deps.database.transaction(async (tx) => {
    const settlement = await lockSettlement(deps, tx, name);
    if (settlement.state !== 'drawn-up') throw new Refusal('settlement.not-drawn-up', { state: settlement.state });
    if (settlement.version !== version) throw new Refusal('settlement.other-version', { version: settlement.version });
    const patch = { signedBy: staff, signedAtMs: deps.runtime.clock.now() };
    const signed = await moveSettlement(deps, tx, settlement, 'signed', { actor: staff, reason }, patch);
    const ready = { topic: settlementTopic.ready, key: signed.id, payload: { ...readyOf(signed) } };
    await deps.outbox.emit(tx, ready);
    if (signed.netMinor > 0n) {
      const payload = { settlementId: signed.id, version };
      await deps.outbox.emit(tx, { topic: settlementTopic.payoutFiles, key: `${signed.id}:${version}`, payload });
    }
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
