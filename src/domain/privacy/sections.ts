import type { EntityManager } from 'typeorm';
import { AccountLinkSchema } from '../accounts/index.ts';
import { AuditEntrySchema } from '../audit/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { DialogPartSchema } from '../dialogs/index.ts';
import { ElsewherePaymentSchema } from '../elsewhere/index.ts';
import { MessageSchema, SmsOptOutSchema } from '../messages/index.ts';
import { NoteSchema } from '../notes/index.ts';
import { PayoutRowSchema } from '../payout-batches/index.ts';
import { ReminderConsentSchema, ReminderSchema } from '../reminders/index.ts';
import { pagesOf } from './pages-of.ts';
import { callbacks, payments, statementLines, transfers } from './payment-sections.ts';
import type { Person, PersonDeps } from './person.ts';
import { type Presented, present } from './present.ts';

/** One part of a person's file: rows of one kind, some at a time. */
export interface Section {
  name: string;
  rows(deps: PersonDeps, person: Person): AsyncGenerator<Presented[]>;
}

/** In the order in which they stand in the file. */
export const SECTIONS: readonly Section[] = [
  {
    name: 'customer',
    async *rows({ database }, { msisdn }) {
      const customer = await database.reader.findOne(CustomerSchema, { where: { msisdn } });
      if (!customer) return;
      const { pinHash, ...rest } = customer;
      yield [{ ...present(rest, ['pinTurnKey', 'pinTurnResult']), hasPin: pinHash !== null }];
    },
  },
  {
    name: 'linkedAccounts',
    async *rows({ database }, { customerId = '' }) {
      for await (const rows of pagesOf(database.reader, AccountLinkSchema, { customerId }, 'linkedAtMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  { name: 'payments', rows: payments },
  { name: 'transfers', rows: transfers },
  {
    name: 'messages',
    async *rows({ database, sealing }, { msisdn }) {
      for await (const rows of pagesOf(database.reader, MessageSchema, { recipient: msisdn }, 'createdAtMs')) {
        yield rows.map(({ sealedText, ...row }) => ({
          ...present(row, ['factKey']),
          text: sealedText === '' ? null : sealing.open(sealedText),
        }));
      }
    },
  },
  {
    name: 'sessions',
    async *rows({ database }, { msisdn }) {
      for await (const rows of pagesOf(database.reader, DialogPartSchema, { msisdn }, 'fromMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  {
    name: 'wishesAboutReminders',
    async *rows({ database }, { msisdn }) {
      for await (const rows of pagesOf(database.reader, ReminderConsentSchema, { msisdn }, 'atMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  {
    name: 'blockedSenders',
    async *rows({ database }, { msisdn }) {
      for await (const rows of pagesOf(database.reader, SmsOptOutSchema, { msisdn }, 'atMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  {
    name: 'reminders',
    async *rows({ database }, { customerId = '' }) {
      for await (const rows of pagesOf(database.reader, ReminderSchema, { customerId }, 'plannedAtMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  {
    name: 'payouts',
    async *rows({ database }, { msisdn }) {
      for await (const rows of pagesOf(database.reader, PayoutRowSchema, { msisdn }, 'changedAtMs')) {
        yield rows.map((row) => present(row));
      }
    },
  },
  { name: 'paidElsewhere', rows: paidElsewhere },
  {
    name: 'notesOfStaff',
    async *rows({ database }, { msisdn }) {
      yield* notes(database.reader, msisdn);
    },
  },
  { name: 'callbacks', rows: callbacks },
  { name: 'statementLines', rows: statementLines },
  { name: 'actsOfStaff', rows: acts },
];

async function* notes(reader: EntityManager, subjectId: string): AsyncGenerator<Presented[]> {
  for await (const rows of pagesOf(reader, NoteSchema, { subjectId }, 'atMs')) yield rows.map((row) => present(row));
}

/** Of accounts that he has linked: what their utilities told us of payments made without us. */
async function* paidElsewhere({ database }: PersonDeps, { customerId = '' }: Person): AsyncGenerator<Presented[]> {
  for await (const links of pagesOf(database.reader, AccountLinkSchema, { customerId }, 'linkedAtMs')) {
    for (const { billerId, account } of links) {
      for await (const rows of pagesOf(database.reader, ElsewherePaymentSchema, { billerId, account }, 'paidAtMs')) {
        yield rows.map((row) => present(row));
      }
    }
  }
}

/** Who looked at his number, changed something of his or took his file: who of staff it was stays with us. */
async function* acts({ database, sealing }: PersonDeps, { msisdn, customerId }: Person): AsyncGenerator<Presented[]> {
  for (const subjectId of [customerId, sealing.fingerprint(msisdn)]) {
    if (subjectId === undefined) continue;
    for await (const rows of pagesOf(database.reader, AuditEntrySchema, { subjectId }, 'position')) {
      yield rows.map(({ act, atMs, actorKind, reason }) => present({ act, atMs, actorKind, reason }));
    }
  }
}
