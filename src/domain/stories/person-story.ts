import { LessThan } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type AccountLink, AccountLinkSchema } from '../accounts/index.ts';
import { type Customer, CustomerSchema } from '../customers/index.ts';
import { type Dialog, dialogsOf } from '../dialogs/index.ts';
import { type Message, MessageSchema, type SmsOptOut, SmsOptOutSchema } from '../messages/index.ts';
import { type Note, NoteSchema } from '../notes/index.ts';
import { type Payment, PaymentSchema } from '../payments/index.ts';

/** What happened to one number, newest first. */
export type PersonEntry = { atMs: number } & (
  | { kind: 'payment'; payment: Payment }
  | { kind: 'message'; message: Omit<Message, 'sealedText'> }
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
    messages(database, msisdn, beforeMs),
    dialogs(database, msisdn, beforeMs),
    notes(database, msisdn, beforeMs),
  ]);
  const entries = kinds.flat().sort((one, other) => other.atMs - one.atMs);
  const shown = entries.slice(0, A_PAGE);
  const nextBeforeMs = entries.length > A_PAGE ? shown.at(-1)?.atMs : undefined;
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
