import { type DialogPart, DialogPartSchema } from '../../src/domain/dialogs/index.ts';
import { type Message, MessageSchema } from '../../src/domain/messages/index.ts';
import type { Payment } from '../../src/domain/payments/index.ts';
import { gatherHours, rebuildHours } from '../../src/domain/reports/index.ts';
import { type Msisdn, newReference, systemRuntime } from '../../src/kernel/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { bulkInsert } from '../support/bulk-insert.ts';
import { plantedPayment, plantPayments } from '../support/planted-payments.ts';

const HOUR_MS = 3_600_000;
const DAYS = 8;
const { ids, chance } = systemRuntime;
/** Payments by the hour of a day in Nairobi: people pay in the morning, and when they come home. */
const OF_A_DAY = [1, 0, 0, 0, 0, 1, 4, 9, 13, 11, 9, 8, 10, 9, 7, 8, 10, 14, 19, 21, 16, 10, 5, 2];
const SCREENS = ['home', 'pay-biller', 'pay-account', 'pay-amount', 'pay-confirm', 'pay-requested'];
/** Of a hundred sessions, how many see that many screens. */
const REACH = [100, 93, 86, 74, 69, 64];

/** What a week leaves behind where people pay, as the dashboard counts it. */
export async function plantBusyWeek(database: Database): Promise<void> {
  const now = Date.now();
  const hours = Array.from({ length: DAYS * 24 }, (_, hour) => Math.floor(now / HOUR_MS) * HOUR_MS - hour * HOUR_MS);
  const instants = hours.flatMap((fromMs) => {
    const usual = OF_A_DAY[(Math.floor(fromMs / HOUR_MS) + 3) % 24] ?? 0;
    const count = Math.max(0, usual + between(-2, 3));
    return Array.from({ length: count }, () => fromMs + between(0, HOUR_MS - 1)).filter((atMs) => atMs < now);
  });
  const payments = instants.map(paymentAt);
  await plantPayments(database, payments);
  await database.transaction(async (tx) => {
    await bulkInsert(tx.manager, MessageSchema, payments.filter(({ state }) => state === 'posted').map(receiptOf));
    await bulkInsert(tx.manager, DialogPartSchema, instants.map(sessionAt));
  });
  const deps = { runtime: systemRuntime, database, timeZone: 'Africa/Nairobi' };
  await rebuildHours(deps, now - (DAYS + 1) * 24 * HOUR_MS);
  await gatherHours(deps);
}

const between = (least: number, most: number) => least + Math.floor(chance.fraction() * (most - least + 1));

function paymentAt(createdAtMs: number): Payment {
  const luck = between(0, 99);
  const state = luck < 90 ? 'posted' : luck < 98 ? 'failed' : 'refund-due';
  const billerId = between(0, 9) < 6 ? 'jua-power' : 'maji-water';
  const amountMinor = BigInt(between(1, 40) * 5_000);
  return plantedPayment({ createdAtMs, state, billerId, amountMinor, reference: newReference(chance) });
}

function receiptOf({ id, createdAtMs, payer }: Payment): Message {
  const sentAtMs = createdAtMs + between(4, 14) * 1_000 + (between(0, 19) === 0 ? between(20, 90) * 1_000 : 0);
  return {
    ...{ id: ids.next(), factKey: `receipt:${id}`, recipient: payer as Msisdn, kind: 'receipt', subjectId: id },
    ...{ sealedText: '', sender: 'receipts', state: 'delivered', segments: 2, attempts: 1, lostAnswers: 0 },
    ...{ providerMessageId: null, cost: 'KES 1.6000', failure: null, createdAtMs: sentAtMs - 500, expiresAtMs: null },
    ...{ sentAtMs, finishedAtMs: sentAtMs + 2_000 },
  };
}

function sessionAt(fromMs: number): DialogPart {
  const luck = between(1, 100);
  const seen = SCREENS.filter((_, index) => luck <= (REACH[index] ?? 0));
  const path = seen.map((screen, index) => `${screen}@${index * 6_000}`).join(' ');
  return {
    ...{ id: ids.next(), sessionKey: `planted:${ids.next()}`, msisdn: '+254711000001' as Msisdn, network: '63902' },
    ...{ fromMs, toMs: fromMs + seen.length * 6_000, hops: seen.length, lastScreen: seen.at(-1) ?? null, path },
    endedAs: seen.length === SCREENS.length ? 'ended' : 'incomplete',
  };
}
