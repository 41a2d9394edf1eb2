import type { Payment } from '../../src/domain/payments/index.ts';
import {
  type FloatTieOut,
  FloatTieOutSchema,
  type Settlement,
  SettlementEventSchema,
  type SettlementLine,
  SettlementLineSchema,
  SettlementSchema,
  settlementTopic,
} from '../../src/domain/settlement/index.ts';
import { addDays, businessDay, systemRuntime } from '../../src/kernel/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { makeOutbox } from '../../src/platform/outbox/index.ts';

const ZONE = 'Africa/Nairobi';
const HOUR_MS = 3_600_000;

/** Settlements as they stand in their tables, whose files the worker writes; nothing of them is in the ledger. */
export interface PlantedSettlements {
  /** With a line of each kind, one of them of `payment`; a float that does not quite tie out. */
  drawnUp: Settlement;
  signed: Settlement;
  paidOut: Settlement;
}

export async function plantSettlements(database: Database, payment: Payment): Promise<PlantedSettlements> {
  const { ids } = systemRuntime;
  const now = Date.now();
  const [today, billerId] = [businessDay(now, ZONE), payment.billerId ?? 'jua-power'];
  const paidOut = planted({ billerId, day: addDays(today, -3), state: 'paid-out', ...SIGNED, ...PAID });
  const signed = planted({ billerId, day: addDays(today, -2), state: 'signed', ...SIGNED });
  const drawnUp = planted({ billerId, day: addDays(today, -1), state: 'drawn-up', lines: 3, openBreaks: 2 });
  const lines = [
    lineOf(drawnUp, {
      lineKind: 'collected',
      amountMinor: payment.amountMinor,
      feeMinor: 1_500n,
      ...ofPayment(payment),
    }),
    lineOf(drawnUp, { lineKind: 'reversed', amountMinor: -20_000n, feeMinor: -1_500n, ownDay: paidOut.day }),
    lineOf(drawnUp, { lineKind: 'carried', amountMinor: -5_000n, factId: paidOut.id, ownDay: paidOut.day }),
  ];
  const outbox = makeOutbox(systemRuntime, database);
  await database.transaction(async (tx) => {
    await tx.manager.insert(SettlementSchema, [paidOut, signed, drawnUp]);
    await tx.manager.insert(SettlementLineSchema, lines);
    await tx.insert(FloatTieOutSchema, tieOut(drawnUp.day));
    for (const { id, version, state, signedBy } of [paidOut, signed, drawnUp]) {
      const event = {
        settlementId: id,
        version,
        fromState: 'drawing',
        reason: 'version 1: 3 lines, net 1206250',
        actor: 'service',
      };
      await tx.insert(SettlementEventSchema, { ...event, id: ids.next(), toState: 'drawn-up', atMs: now - HOUR_MS });
      if (signedBy !== null) {
        const said = { fromState: 'drawn-up', toState: state, actor: signedBy, reason: 'agrees with the bank' };
        await tx.insert(SettlementEventSchema, { ...event, ...said, id: ids.next(), atMs: now });
      }
      const work = { key: `${id}:${version}`, payload: { settlementId: id, version } };
      await outbox.emit(tx, { topic: settlementTopic.files, ...work });
      await outbox.emit(tx, { topic: settlementTopic.payoutFiles, ...work });
    }
  });
  return { drawnUp, signed, paidOut };
}

const SIGNED = { signedBy: 'Ann Wanjiru', signedAtMs: Date.now() - HOUR_MS };
const PAID = {
  ...{ paidBy: 'Ben Otieno', paidAtMs: Date.now() - HOUR_MS, paidFrom: 'bank', bankReference: 'FT26330ABC' },
};

function planted(patch: Pick<Settlement, 'billerId' | 'day' | 'state'> & Partial<Settlement>): Settlement {
  return {
    ...{ id: systemRuntime.ids.next(), currency: 'KES', version: 1, payments: 1, lines: 0 },
    ...{ collectedMinor: 1_250_000n, reversedMinor: -20_000n, adjustedMinor: 0n, carriedMinor: -5_000n },
    ...{ feesMinor: 18_750n, netMinor: 1_206_250n, openBreaks: 0, drawnUpAtMs: Date.now() - 2 * HOUR_MS },
    ...{ signedBy: null, signedPersonId: null, signedAtMs: null, paidBy: null, paidPersonId: null, paidAtMs: null },
    ...{ paidFrom: null, bankReference: null },
    ...patch,
  };
}

function lineOf(
  { id, day, version }: Settlement,
  patch: Pick<SettlementLine, 'lineKind' | 'amountMinor'> & Partial<SettlementLine>,
): SettlementLine {
  return {
    ...{ id: systemRuntime.ids.next(), settlementId: id, sinceVersion: version, factId: systemRuntime.ids.next() },
    ...{ paymentId: null, ownDay: day, completedAtMs: Date.now() - 20 * HOUR_MS, reference: '', account: '' },
    ...{ operatorReceipt: '', billerReference: '', feeMinor: 0n },
    ...patch,
  };
}

function ofPayment({ id, reference, account, operatorReceipt, billerReference }: Payment): Partial<SettlementLine> {
  return {
    ...{ paymentId: id, reference, account },
    ...{ operatorReceipt: operatorReceipt ?? '', billerReference: billerReference ?? '' },
  };
}

function tieOut(day: string): FloatTieOut {
  const now = Date.now();
  return {
    ...{
      id: systemRuntime.ids.next(),
      operator: 'mpesa',
      currency: 'KES',
      statementId: 'x',
      asOfMs: now - HOUR_MS,
      day,
    },
    ...{ operatorMinor: 912_345_600n, ledgerMinor: 912_500_000n, unbookedChargesMinor: -4_400n },
    ...{ unbookedChargesLines: 12, unbookedMinor: -100_000n, unbookedLines: 2, withoutLineMinor: -50_000n },
    ...{ withoutLineEntries: 1, remainderMinor: 0n, madeAtMs: now },
  };
}
