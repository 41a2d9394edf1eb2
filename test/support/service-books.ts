import { expect } from 'chai';
import { type FindOptionsWhere, IsNull, LessThanOrEqual, Not } from 'typeorm';
import { schema } from '../../ormconfig.ts';
import { type Message, MessageSchema } from '../../src/domain/messages/index.ts';
import { type Payment, PaymentSchema } from '../../src/domain/payments/index.ts';
import { type Break, BreakSchema } from '../../src/domain/reconciliation/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { isBalanced, ledgerAccount, trialBalance } from '../../src/money/ledger/index.ts';
import { type Transfer, TransferSchema } from '../../src/money/transfers/index.ts';
import { type Database, openDatabase } from '../../src/platform/database/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../src/platform/inbox/index.ts';
import { type OutboxRow, OutboxRowSchema } from '../../src/platform/outbox/index.ts';
import { minorOf, type SimulatorControl } from './service-control.ts';
import { eventually } from './service-eventually.ts';
import type { StorePair } from './stores.ts';

/** The service's own books, read beside it, also while its process is down. */
export interface Books {
  readonly database: Database;
  payments(where?: FindOptionsWhere<Payment>): Promise<Payment[]>;
  transfers(where?: FindOptionsWhere<Transfer>): Promise<Transfer[]>;
  messages(where?: FindOptionsWhere<Message>): Promise<Message[]>;
  inbox(where?: FindOptionsWhere<InboxEvent>): Promise<InboxEvent[]>;
  breaks(): Promise<Break[]>;
  outbox(where?: FindOptionsWhere<OutboxRow>): Promise<OutboxRow[]>;
  /** Balance of an account of the ledger in minor units. */
  balanceOf(account: string): Promise<bigint>;
  /** Waits until a payment of this reference is in this state. */
  payment(reference: string, state: Payment['state']): Promise<Payment>;
  /** Waits until nothing is in hand and nothing that is due waits. */
  untilQuiet(): Promise<void>;
  /** Waits until this work has failed once, and moves its next try ten minutes away: only staff brings it on then. */
  putOff(topic: string, key: string): Promise<void>;
  /** What must hold after every story: see the messages of its assertions. */
  expectSound(control: SimulatorControl): Promise<void>;
  close(): Promise<void>;
}

const QUIET_WITHIN_MS = 60_000;

export async function openBooks(stores: StorePair): Promise<Books> {
  const database = await openDatabase(systemRuntime, stores, schema);
  const { reader } = database;
  const books: Books = {
    database,
    payments: (where = {}) => reader.find(PaymentSchema, { where, order: { id: 'ASC' } }),
    transfers: (where = {}) => reader.find(TransferSchema, { where, order: { id: 'ASC' } }),
    messages: (where = {}) => reader.find(MessageSchema, { where, order: { id: 'ASC' } }),
    inbox: (where = {}) => reader.find(InboxEventSchema, { where, order: { id: 'ASC' } }),
    breaks: () => reader.find(BreakSchema, { order: { id: 'ASC' } }),
    outbox: (where = {}) => reader.find(OutboxRowSchema, { where, order: { id: 'ASC' } }),
    async balanceOf(account) {
      const { accounts } = await trialBalance(database);
      return accounts.find((one) => one.account === account)?.balanceMinor ?? 0n;
    },
    payment: (reference, state) =>
      eventually(`payment ${reference} is ${state}`, async () => {
        const payment = await reader.findOneByOrFail(PaymentSchema, { reference });
        expect(payment.state).to.equal(state);
        return payment;
      }),
    untilQuiet: () => eventually('the outbox comes to rest', () => expectNothingInHand(database), QUIET_WITHIN_MS),
    putOff: (topic, key) =>
      eventually(`${topic} waits for its next try`, async () => {
        const waits = { workKey: `${topic}:${key}`, state: 'ready' as const, claimedBy: IsNull(), attempts: Not(0) };
        const dueAtMs = Date.now() + 600_000;
        expect(await database.transaction((tx) => tx.update(OutboxRowSchema, waits, { dueAtMs }))).to.equal(1);
      }),
    async expectSound(control) {
      await books.untilQuiet();
      await expectNoneDead(database);
      expect(isBalanced(await trialBalance(database)), 'the ledger sums to zero').to.equal(true);
      await eventually('the books of all parties agree', () => expectSameBooks(books, control));
    },
    close: () => database.close(),
  };
  return books;
}

async function expectNothingInHand({ reader }: Database): Promise<void> {
  // One statement: a row that is claimed between two of them would be seen by neither.
  const inHand = await reader.countBy(OutboxRowSchema, [
    { state: 'ready', claimedBy: Not(IsNull()) },
    { state: 'ready', dueAtMs: LessThanOrEqual(Date.now()) },
  ]);
  expect(inHand, 'work in hand and work that is due').to.equal(0);
}

async function expectNoneDead({ reader }: Database): Promise<void> {
  const dead = await reader.findBy(OutboxRowSchema, { state: 'dead' });
  expect(
    dead.map(({ topic, lastError }) => `${topic}: ${lastError}`),
    'work that was given up',
  ).to.deep.equal([]);
}

/** What the operator moved is our float, but for its charges and what was there before; what each biller booked is what we owe it and what it paid us for that. */
async function expectSameBooks(books: Books, control: SimulatorControl): Promise<void> {
  const postings = await control.biller.postings();
  const { float, charges, openingBalances } = ledgerAccount;
  const moved = [float('mpesa'), charges('mpesa'), openingBalances].map(books.balanceOf);
  const ours: Record<string, bigint> = { float: (await Promise.all(moved)).reduce((sum, one) => sum + one, 0n) };
  const theirs: Record<string, bigint> = { float: await control.operator.totalMinor() };
  for (const id of ['jua-power', 'maji-water']) {
    ours[id] = -(await books.balanceOf(ledgerAccount.payable(id))) - (await books.balanceOf(ledgerAccount.income(id)));
    theirs[id] = postings.filter(({ biller }) => biller === id).reduce((sum, { amount }) => sum + minorOf(amount), 0n);
  }
  expect(ours, 'our ledger against their books').to.deep.equal(theirs);
}
