import { LessThan } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../platform/inbox/index.ts';
import { type AccountLink, AccountLinkSchema } from '../accounts/index.ts';
import { type Customer, CustomerSchema } from '../customers/index.ts';
import { type Dialog, dialogsOf } from '../dialogs/index.ts';
import { type Message, MessageSchema, type SmsOptOut, SmsOptOutSchema } from '../messages/index.ts';
import { type Note, NoteSchema } from '../notes/index.ts';
import { type Payment, PaymentSchema } from '../payments/index.ts';
import { type PayoutTo, payoutsTo } from '../payout-batches/index.ts';
import { type ReminderConsent, ReminderConsentSchema } from '../reminders/index.ts';

/** What happened to one number, newest first. */
export type PersonEntry = { atMs: number } & (
  | { kind: 'payment'; payment: Payment }
  | { kind: 'payout'; payout: PayoutTo }
  | { kind: 'message'; message: Omit<Message, 'sealedText'> }
  /** An SMS of his; `note` says what it was taken for. */
  | { kind: 'incoming'; event: Pick<InboxEvent, 'id' | 'note'> }
  /** He wants reminders no more, or again. */
  | { kind: 'wish'; consent: ReminderConsent }
  | { kind: 'dialog'; dialog: Dialog }
  | { kind: 'note'; note: Note }
);

export interface PersonStory {
  msisdn: Msisdn;
  /** Null for a number that never chose or paid anything. */
  customer: Customer | null;
  links: AccountLink[];
  optOuts: SmsOptOut[];
  entries: PersonEntry[];
  /** The instant before which the next page begins; undefined on the last. */
  nextBeforeMs: number | undefined;
}

const A_PAGE = 40;
const MOST_LINKS = 50;
/** As the channel keeps them. */
const INCOMING = 'incoming';

/** Everything that we know of a number. Of the timeline, a page of what happened before an instant. */
export async function personStory(
  { database }: { database: Database },
  { msisdn, beforeMs }: { msisdn: Msisdn; beforeMs: number },
): Promise<PersonStory> {
  const { reader } = database;
  const customer = await reader.findOne(CustomerSchema, { where: { msisdn } });
  const where = { customerId: customer?.id ?? '' };
  const links = await reader.find(AccountLinkSchema, { where, order: { linkedAtMs: 'ASC' }, take: MOST_LINKS });
  const optOuts = await reader.find(SmsOptOutSchema, { where: { msisdn }, take: MOST_LINKS });
  const kinds = await Promise.all([
    payments(database, msisdn, beforeMs),
    payouts(database, msisdn, beforeMs),
    messages(database, msisdn, beforeMs),
    customer ? incoming(database, customer.id, beforeMs) : [],
    wishes(database, msisdn, beforeMs),
    dialogs(database, msisdn, beforeMs),
    notes(database, msisdn, beforeMs),
  ]);
  const entries = kinds.flat().sort((one, other) => other.atMs - one.atMs);
  const lastMs = entries[A_PAGE - 1]?.atMs;
  // The next page begins before an instant: what is of the same one stays together.
  const shown = lastMs === undefined ? entries : entries.filter(({ atMs }) => atMs >= lastMs);
  const nextBeforeMs = entries.length > shown.length ? lastMs : undefined;
  return { msisdn, customer, links, optOuts, entries: shown, nextBeforeMs };
}

const page = { take: A_PAGE + 1 };

async function payments({ reader }: Database, msisdn: Msisdn, beforeMs: number): Promise<PersonEntry[]> {
  const createdAtMs = LessThan(beforeMs);
  const order = { createdAtMs: 'DESC' } as const;
  const dialled = await reader.find(PaymentSchema, { where: { dialler: msisdn, createdAtMs }, order, ...page });
  const paid = await reader.find(PaymentSchema, { where: { payer: msisdn, createdAtMs }, order, ...page });
  const unique = new Map([...dialled, ...paid].map((payment) => [payment.id, payment]));
  return [...unique.values()].map((payment) => ({ kind: 'payment', atMs: payment.createdAtMs, payment }));
}

async function messages({ reader }: Database, recipient: Msisdn, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await reader.find(MessageSchema, {
    where: { recipient, createdAtMs: LessThan(beforeMs) },
    ...{ order: { createdAtMs: 'DESC' }, ...page },
  });
  return rows.map(({ sealedText: _, ...message }) => ({ kind: 'message', atMs: message.createdAtMs, message }));
}

async function dialogs(database: Database, msisdn: Msisdn, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await dialogsOf({ database }, { msisdn, beforeMs, limit: A_PAGE + 1 });
  return rows.map((dialog) => ({ kind: 'dialog', atMs: dialog.fromMs, dialog }));
}

async function notes({ reader }: Database, subjectId: string, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await reader.find(NoteSchema, {
    where: { subjectId, atMs: LessThan(beforeMs) },
    ...{ order: { atMs: 'DESC' }, ...page },
  });
  return rows.map((note) => ({ kind: 'note', atMs: note.atMs, note }));
}

async function payouts(database: Database, msisdn: Msisdn, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await payoutsTo({ database }, { msisdn, beforeMs, limit: page.take });
  return rows.map((payout) => ({ kind: 'payout', atMs: payout.changedAtMs, payout }));
}

async function incoming({ reader }: Database, subjectId: string, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await reader.find(InboxEventSchema, {
    select: { id: true, note: true, receivedAtMs: true },
    where: { subjectId, kind: INCOMING, receivedAtMs: LessThan(beforeMs) },
    ...{ order: { receivedAtMs: 'DESC' }, ...page },
  });
  return rows.map(({ id, note, receivedAtMs }) => ({ kind: 'incoming', atMs: receivedAtMs, event: { id, note } }));
}

async function wishes({ reader }: Database, msisdn: Msisdn, beforeMs: number): Promise<PersonEntry[]> {
  const rows = await reader.find(ReminderConsentSchema, {
    where: { msisdn, atMs: LessThan(beforeMs) },
    ...{ order: { atMs: 'DESC' }, ...page },
  });
  return rows.map((consent) => ({ kind: 'wish', atMs: consent.atMs, consent }));
}
