import { smsInboxKind } from '../../src/channels/sms/index.ts';
import { linkAccount } from '../../src/domain/accounts/index.ts';
import { setLanguage, setPin } from '../../src/domain/customers/index.ts';
import { DialogPartSchema } from '../../src/domain/dialogs/index.ts';
import { ElsewherePaymentSchema } from '../../src/domain/elsewhere/index.ts';
import { writeNote } from '../../src/domain/notes/index.ts';
import { PayoutAnswerSchema } from '../../src/domain/payout-answers/index.ts';
import { PayoutRowSchema } from '../../src/domain/payout-batches/index.ts';
import { StatementRowSchema } from '../../src/domain/reconciliation/index.ts';
import { ReminderSchema, setReminders } from '../../src/domain/reminders/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { type Domain, METER, newMsisdn, WATER_ACCOUNT } from './domain-deps.ts';
import { actorOf } from './refund-stories.ts';
import { current, type Prompted, payAtPaybill, payByCallback, prompt } from './stories.ts';

export const HOLDER = 'O*** O***';
export const NICKNAME = 'Nyumbani';
export const NOTE = 'his sister called';

/** Somebody of whom every table has something. */
export interface WholePerson {
  msisdn: Msisdn;
  /** Who had him pay for another, and whom he had pay. */
  friend: Msisdn;
  /** Prepaid, dialled and paid by himself. */
  own: Prompted;
  /** Dialled by the friend, paid by him. */
  forFriend: Prompted;
  /** Dialled by him, paid by the friend. */
  byFriend: Prompted;
}

/** Lives a life with us, until all of it has ended. */
export async function wholePerson(domain: Domain, msisdn: Msisdn = newMsisdn()): Promise<WholePerson> {
  const { deps } = domain;
  const friend = newMsisdn();
  const own = await paid(domain, { billerId: 'jua-power', account: METER, holder: HOLDER, dialler: msisdn });
  const forFriend = await paid(domain, { dialler: friend, payer: msisdn });
  const byFriend = await paid(domain, { dialler: msisdn, payer: friend });
  await payAtPaybill(domain, { msisdn: msisdn.slice(1) });
  await domain.runOutbox();
  await choose(domain, msisdn);
  await write(domain, msisdn, 'STOP');
  await writeNote(deps, actorOf('amina'), { subject: { kind: 'person', id: msisdn }, body: NOTE });
  await writeNote(deps, actorOf('amina'), { subject: { kind: 'payment', id: own.payment.id }, body: NOTE });
  await plant(domain, msisdn, own);
  await domain.runFor(3 * 86_400_000);
  return { msisdn, friend, own, forFriend, byFriend };
}

async function paid(domain: Domain, request: Parameters<typeof prompt>[1]): Promise<Prompted> {
  const story = await prompt(domain, request);
  await payByCallback(domain, story);
  await domain.runOutbox();
  await deliver(domain, story.payer);
  await domain.runFor(10 * 60_000);
  return current(domain, story.payment.id);
}

/** The provider tells that his messages arrived. */
async function deliver(domain: Domain, to: Msisdn): Promise<void> {
  for (const { providerMessageId, recipient } of await domain.messages()) {
    if (recipient !== to || providerMessageId === null) continue;
    const body = JSON.stringify({ id: providerMessageId, status: 'Success', phoneNumber: to });
    await domain.deps.inbox.keep({ provider: domain.deps.sms.name, kind: smsInboxKind.delivery, body });
  }
  await domain.runOutbox();
}

export async function write(domain: Domain, from: Msisdn, text: string): Promise<void> {
  const id = domain.deps.runtime.ids.next();
  const body = JSON.stringify({ id, from, to: '20384', text, date: '2026-11-20 12:00:00' });
  await domain.deps.inbox.keep({ provider: domain.deps.sms.name, kind: smsInboxKind.incoming, body });
  await domain.runOutbox();
}

async function choose({ deps }: Domain, msisdn: Msisdn): Promise<void> {
  await setLanguage(deps, { msisdn, language: 'sw' });
  await setPin(deps, { msisdn, language: 'sw', pin: '2580' });
  await linkAccount(deps, { msisdn, language: 'sw', billerId: 'maji-water', account: WATER_ACCOUNT, holder: HOLDER });
  await deps.database.transaction((tx) =>
    tx.manager.query('UPDATE account_link SET nickname = ? WHERE account = ?', [NICKNAME, WATER_ACCOUNT]),
  );
  await setReminders(deps, { msisdn, language: 'sw', wanted: false, source: 'ussd' });
  await setReminders(deps, { msisdn, language: 'sw', wanted: true, source: 'ussd' });
}

/** What comes by ways that a story does not go. */
async function plant({ deps, clock }: Domain, msisdn: Msisdn, { transfer }: Prompted): Promise<void> {
  const { ids } = deps.runtime;
  const atMs = clock.now();
  const [{ id: customerId }] = await deps.database.reader.query('SELECT id FROM customer WHERE msisdn = ?', [msisdn]);
  await deps.database.transaction(async (tx) => {
    await tx.manager.query('INSERT INTO sms_opt_out (id, msisdn, sender_name, at) VALUES (?, ?, ?, ?)', [
      ...[ids.next(), msisdn, 'MALIPO_INFO', atMs],
    ]);
    await tx.insert(DialogPartSchema, {
      ...{ id: ids.next(), sessionKey: 'at:1', msisdn, network: 'safaricom', fromMs: atMs, toMs: atMs, hops: 1 },
      ...{ lastScreen: 'home', endedAs: 'ended' as const, path: 'home@0' },
    });
    await tx.insert(ReminderSchema, {
      ...{ id: ids.next(), billerId: 'maji-water', bill: 'B1', account: WATER_ACCOUNT, stage: 0, customerId },
      ...{ recipient: msisdn, dueDay: '2026-11-20', paidSinceMs: atMs, amountMinor: 100n, currency: 'KES' },
      ...{ state: 'sent' as const, reason: null, dueAtMs: atMs, lastAtMs: atMs, tries: 1, plannedAtMs: atMs },
      decidedAtMs: atMs,
    });
    const [rowId, batchId] = [ids.next(), ids.next()];
    await tx.insert(PayoutAnswerSchema, {
      ...{ id: ids.next(), rowId, batchId, answer: 'yes' as const, channel: 'sms' as const, turnKey: `sms:${msisdn}` },
      ...{ atMs, replacedAtMs: null },
    });
    await tx.insert(PayoutRowSchema, {
      ...{ id: rowId, batchId, rowNo: 2, state: 'paid' as const, msisdn, amountMinor: 50_000n },
      ...{
        currency: 'KES',
        name: HOLDER,
        reference: 'S-12',
        extra: JSON.stringify([['Staff', 'S-12']]),
        warnings: null,
        nameScore: null,
        replacesRowId: null,
      },
      ...{ transferId: null, receipt: 'SKP1', failureCause: null, paidAtMs: atMs, changedAtMs: atMs },
      ...{ askedAtMs: atMs, answer: 'yes' as const, answeredAtMs: atMs, untoldAtMs: null },
    });
    await tx.insert(ElsewherePaymentSchema, {
      ...{ id: ids.next(), billerId: 'maji-water', account: WATER_ACCOUNT, amountMinor: 100n, currency: 'KES' },
      ...{ reference: 'E1', paidAtMs: atMs, place: 'Equity Bank, Thika', source: 'file' as const, recordedAtMs: atMs },
    });
    await tx.insert(StatementRowSchema, {
      ...{ id: ids.next(), statementId: ids.next(), side: 'operator' as const, party: transfer.operator, lineNo: 1 },
      ...{ lineKey: ids.next(), lineState: 'accepted' as const, lineKind: 'payment' as const, day: '2026-11-20', atMs },
      ...{ receipt: transfer.receipt, reference: transfer.reference, account: METER, amountMinor: 50_000n },
      ...{ currency: 'KES', payer: msisdn, maskedPayer: null, linkedReceipt: null },
      detail: `Pay Bill from ${msisdn.slice(1)} - JANE WANJIKU Acc. ${METER}`,
    });
    await tx.manager.query('UPDATE transfer SET payer_name = ? WHERE id = ?', ['JANE WANJIKU', transfer.id]);
  });
}
