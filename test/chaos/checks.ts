import { In, Not } from 'typeorm';
import { MessageSchema } from '../../src/domain/messages/index.ts';
import { type Payment, PaymentSchema } from '../../src/domain/payments/index.ts';
import { isBalanced, ledgerAccount, trialBalance } from '../../src/money/ledger/index.ts';
import { TransferSchema } from '../../src/money/transfers/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { OutboxRowSchema } from '../../src/platform/outbox/index.ts';
import { minorOf, type SimulatorControl, type Transaction } from '../support/service-control.ts';

/** One promise, and what breaks it. */
export interface CheckResult {
  name: string;
  broken: string[];
}

export interface Evidence {
  database: Database;
  control: SimulatorControl;
  /** References that customers were shown as made. */
  confirmed: ReadonlySet<string>;
}

/** Payments whose outcome nobody may ever tell: counted and shown, not hidden. */
export async function countUndecided({ reader }: Database): Promise<number> {
  return reader.countBy(TransferSchema, { state: In(['unknown', 'submitted']) });
}

/** Everything that must hold once the faults have ended and all is quiet, to the minor unit. */
export async function checkPromises({ database, control, confirmed }: Evidence): Promise<CheckResult[]> {
  const { reader } = database;
  const [payments, moved, postings] = await Promise.all([
    reader.find(PaymentSchema),
    control.operator.transactions(),
    control.biller.postings(),
  ]);
  const known = new Set(payments.map(({ reference }) => reference));
  return [
    { name: 'no confirmed payment is lost', broken: [...confirmed].filter((reference) => !known.has(reference)) },
    { name: 'nobody was charged twice for one confirmation', broken: repeated(moved.map(({ account }) => account)) },
    { name: 'no payment was posted twice', broken: repeated(postings.map(({ reference }) => reference)) },
    { name: "the operator's money is our ledger's float", broken: await compareFloat(database, moved) },
    { name: "the billers' bookings are what we owe them", broken: await comparePayables(database, postings) },
    { name: 'the ledger is balanced', broken: isBalanced(await trialBalance(database)) ? [] : ['see ledger:check'] },
    { name: 'what moved is decided', broken: await undecidedThoughMoved(database, moved) },
    { name: 'every success has its receipt', broken: await missingReceipts(database, control, payments) },
    { name: 'every failure was told', broken: await untoldFailures(database, payments) },
    { name: 'no work is stuck or dead', broken: await stuckWork(database) },
  ];
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

async function balances(database: Database): Promise<Map<string, bigint>> {
  const { accounts } = await trialBalance(database);
  return new Map(accounts.map(({ account, balanceMinor }) => [account, balanceMinor]));
}

const sum = (amounts: readonly { amount: string }[]) =>
  amounts.reduce((total, { amount }) => total + minorOf(amount), 0n);

async function compareFloat(database: Database, moved: readonly Transaction[]): Promise<string[]> {
  const ours = (await balances(database)).get(ledgerAccount.float('mpesa')) ?? 0n;
  const theirs = sum(moved);
  return ours === theirs ? [] : [`ours ${ours}, theirs ${theirs}`];
}

async function comparePayables(
  database: Database,
  postings: readonly { biller: string; amount: string }[],
): Promise<string[]> {
  const accounts = await balances(database);
  return ['jua-power', 'maji-water'].flatMap((id) => {
    const ours = -(accounts.get(ledgerAccount.payable(id)) ?? 0n);
    const theirs = sum(postings.filter(({ biller }) => biller === id));
    return ours === theirs ? [] : [`${id}: ours ${ours}, theirs ${theirs}`];
  });
}

/** A transfer may stay unknown only when no evidence exists: the operator moved nothing under its reference. */
async function undecidedThoughMoved({ reader }: Database, moved: readonly Transaction[]): Promise<string[]> {
  const references = new Set(moved.map(({ account }) => account));
  const undecided = await reader.findBy(TransferSchema, { state: Not(In(['succeeded'])) });
  return undecided.map(({ reference }) => reference).filter((reference) => references.has(reference));
}

async function missingReceipts(
  { reader }: Database,
  control: SimulatorControl,
  payments: readonly Payment[],
): Promise<string[]> {
  const posted = payments.filter(({ state }) => state === 'posted');
  const receipts = await reader.findBy(MessageSchema, {
    kind: In(['receipt', 'receipt-balance', 'receipt-credit', 'receipt-tokens']),
  });
  const bySubject = new Map<string, number>();
  for (const { subjectId } of receipts) bySubject.set(subjectId ?? '', (bySubject.get(subjectId ?? '') ?? 0) + 1);
  const wrong = posted
    .filter(({ id }) => bySubject.get(id) !== 1)
    .map(({ reference }) => `${reference}: not one receipt`);
  const inboxes = new Map<string, string>();
  for (const { payer, reference } of posted) {
    const to = payer ?? '';
    if (!inboxes.has(to)) inboxes.set(to, (await control.messages(to)).map(({ text }) => text).join('\n'));
    if (!inboxes.get(to)?.includes(reference)) wrong.push(`${reference}: no receipt arrived`);
  }
  return wrong;
}

async function untoldFailures({ reader }: Database, payments: readonly Payment[]): Promise<string[]> {
  const told = new Set(
    (await reader.findBy(MessageSchema, { kind: In(['failed', 'refund-due']) })).map((one) => one.subjectId),
  );
  return payments
    .filter(({ state, id }) => (state === 'failed' || state === 'refund-due') && !told.has(id))
    .map(({ reference }) => reference);
}

async function stuckWork({ reader }: Database): Promise<string[]> {
  const dead = await reader.findBy(OutboxRowSchema, { state: 'dead' });
  const collected = await reader.countBy(PaymentSchema, { state: 'collected' });
  return [
    ...dead.map(({ topic, lastError }) => `dead: ${topic} ${lastError}`),
    ...(collected > 0 ? [`${collected} payments are collected and not posted`] : []),
  ];
}
