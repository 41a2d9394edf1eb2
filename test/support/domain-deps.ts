import { expect } from 'chai';
import type { FindOptionsWhere } from 'typeorm';
import { schema } from '../../ormconfig.ts';
import type { BillLaterDeps, LookupRules } from '../../src/domain/accounts/index.ts';
import { loadApprovalBands } from '../../src/domain/approvals/index.ts';
import { type BillerCatalogue, loadBillers } from '../../src/domain/billers/index.ts';
import { argon2Pins, type PinDeps } from '../../src/domain/customers/index.ts';
import { loadPayoutRules } from '../../src/domain/funding/index.ts';
import { type Message, MessageSchema } from '../../src/domain/messages/index.ts';
import { findPayoutAccount } from '../../src/domain/organisations/index.ts';
import { makePayLinks } from '../../src/domain/pay-links/index.ts';
import {
  type Payment,
  type PaymentDeps,
  type PaymentRequest,
  PaymentSchema,
  type PaymentSettings,
} from '../../src/domain/payments/index.ts';
import { batchTaker, type PayoutBatchDeps } from '../../src/domain/payout-batches/index.ts';
import { loadListWords } from '../../src/domain/payout-lists/index.ts';
import { type Break, BreakSchema } from '../../src/domain/reconciliation/index.ts';
import type { RefundActDeps } from '../../src/domain/refunds/index.ts';
import type { ReminderDeps, ReminderSettings } from '../../src/domain/reminders/index.ts';
import { type SettlementDeps, signedFileWriter } from '../../src/domain/settlement/index.ts';
import { STAFF_ROLES } from '../../src/domain/staff/index.ts';
import { type Msisdn, makeRuntime, systemChance, systemRuntime } from '../../src/kernel/index.ts';
import { isBalanced, trialBalance } from '../../src/money/ledger/index.ts';
import { type Transfer, TransferSchema, type TransferSettings } from '../../src/money/transfers/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { InboxEventSchema, makeInbox } from '../../src/platform/inbox/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { type Handler, makeOutbox, type OutboxRow, OutboxRowSchema } from '../../src/platform/outbox/index.ts';
import { memoryPace } from '../../src/platform/pace/index.ts';
import { makeSealing, makeSigner } from '../../src/platform/sealing/index.ts';
import { makeFileSigner } from '../../src/platform/signing/index.ts';
import { memoryTallies } from '../../src/platform/tallies/index.ts';
import { loadTexts, type Texts } from '../../src/platform/texts/index.ts';
import { allHandlers } from '../../src/wiring/worker.ts';
import {
  type FakeBiller,
  type FakeOperator,
  type FakePayouts,
  type FakeSms,
  fakeBiller,
  fakeOperator,
  fakePayouts,
  fakeSms,
  kes,
} from './fake-providers.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import type { StorePair } from './stores.ts';

export type DomainDeps = PayoutBatchDeps &
  PaymentDeps &
  PinDeps &
  BillLaterDeps &
  ReminderDeps &
  SettlementDeps &
  RefundActDeps;

const TIME_ZONE = 'Africa/Nairobi';
/** 20 November 2026, noon in Nairobi. */
const START_MS = Date.UTC(2026, 10, 20, 9);

let texts: Texts | undefined;

export const transferSettings: TransferSettings = {
  promptDelayMs: 3_000,
  promptMaxAgeMs: 300_000,
  inquiryDelaysMs: [75_000, 180_000, 600_000, 1_800_000, 7_200_000],
  payoutPace: { perSecond: 10, burst: 10 },
};

export const lookupRules: LookupRules = {
  notFoundPerDay: 20,
  notFoundPerAddressPerDay: 100,
  notFoundPerBillerPerHour: 500,
  notFoundWhenTight: 3,
};

export const paymentSettings: PaymentSettings = {
  operator: 'mpesa',
  country: 'KE',
  timeZone: TIME_ZONE,
  serviceCode: '*384*123#',
  supportPhone: undefined,
  operatorMin: kes(1),
  operatorMax: kes(250_000),
  operatorDaily: kes(500_000),
  customerDaily: kes(150_000),
  accountsPerDay: 10,
  accountsAction: 'hold',
  paymentsPer10Minutes: 10,
  paymentsAction: 'hold',
  thirdPartyPromptsPerDay: 3,
  repeatWindowMs: 120_000,
  holdMs: 1_800_000,
  noticeDelayMs: 45_000,
  delays: { payerMs: 600_000, staffMs: 7_200_000, refundMs: 172_800_000 },
};

export const reminderSettings: ReminderSettings = {
  stages: [-3, 0, 3],
  hours: { fromMinute: 540, toMinute: 1_140 },
  perSecond: 5,
  stopNumber: '20384',
  hasLinks: true,
  segmentPrice: kes(0.8),
  country: 'KE',
  timeZone: TIME_ZONE,
};

export const billers: BillerCatalogue = loadBillers('menus/billers.yaml');

export const WATER_ACCOUNT = '100200300';
export const METER = '04123456789';
export const KEY_CHANGE = '11112222333344445555';
export const TOKEN = '98765432109876543210';

/** What work failed, and why; a test may look. */
export interface WorkFailure {
  topic: string;
  error: unknown;
}

type MessageKind =
  | 'stk'
  | 'c2b'
  | 'status'
  | 'status-timeout'
  | 'reversal'
  | 'reversal-timeout'
  | 'b2c'
  | 'b2c-timeout'
  | 'balance'
  | 'balance-timeout';

/** The whole domain on real stores, with providers in memory and time that stands still until it is moved. */
export interface Domain {
  deps: DomainDeps;
  clock: ManualClock;
  operator: FakeOperator;
  payouts: FakePayouts;
  water: FakeBiller;
  power: FakeBiller;
  sms: FakeSms;
  handlers: Map<string, Handler>;
  /** Failures since the last reset. */
  failures: WorkFailure[];
  /** Claims and performs what is due, until nothing is. */
  runOutbox(): Promise<void>;
  /** Moves time on, performing work at the moments at which it falls due. */
  runFor(ms: number): Promise<void>;
  /** A message of the operator arrives: kept as the route keeps it. */
  arrive(kind: MessageKind, body: string, token?: string): Promise<boolean>;
  payment(where: FindOptionsWhere<Payment>): Promise<Payment>;
  transfer(where: FindOptionsWhere<Transfer>): Promise<Transfer>;
  transfers(): Promise<Transfer[]>;
  breaks(): Promise<Break[]>;
  messages(): Promise<(Message & { text: string })[]>;
  /** Balance of an account of the ledger in minor units. */
  balanceOf(account: string): Promise<bigint>;
  rows(topic: string): Promise<OutboxRow[]>;
  /** Empties the stores and scripts, and sets the clock on to a new day. */
  reset(): Promise<void>;
  /** What must hold after every story. */
  expectSound(options?: { dead?: number }): Promise<void>;
  close(): Promise<void>;
}

let nextNumber = 0;
/** A number that no test has used before: of a range in which none is written out in a test (held in test/structure/). */
export const newMsisdn = (): Msisdn => {
  nextNumber += 1;
  return `+2547190${String(nextNumber).padStart(5, '0')}` as Msisdn;
};

let nextReceipt = 0;
export const newReceipt = (): string => {
  nextReceipt += 1;
  return `SG${String(nextReceipt).padStart(8, '0')}`;
};

export async function openDomain(stores: StorePair): Promise<Domain> {
  const clock = manualClock(START_MS);
  const runtime = makeRuntime(clock, systemChance);
  // The database waits in real time when a deadlock makes it try again.
  const database = await openDatabase(systemRuntime, stores, schema);
  await database.migrate();
  texts ??= loadTexts('menus/texts', { defaultLanguage: 'en', timeZone: TIME_ZONE });
  const outbox = makeOutbox(runtime, database);
  const operator = fakeOperator(clock);
  const payouts = fakePayouts(clock);
  const sms = fakeSms(clock);
  let sold = 0;
  const power = fakeBiller(() => {
    sold += 1;
    return {
      billerReference: `JP${sold}`,
      tokens: [
        { kind: 'KEY_CHANGE', digits: KEY_CHANGE },
        { kind: 'STANDARD', digits: TOKEN },
      ],
      units: '23.4 kWh',
      debtTaken: kes(50),
    };
  });
  const water = fakeBiller(({ reference }) => ({ billerReference: `MW-${reference}`, tokens: [], balance: kes(750) }));
  const fileSigner = makeFileSigner(Buffer.alloc(32, 8));
  const sealing = makeSealing(Buffer.alloc(32, 7), systemChance);
  const deps: DomainDeps = {
    runtime,
    database,
    outbox,
    inbox: makeInbox(runtime, database, outbox),
    log: silentLog,
    billers,
    operators: new Map([[operator.name, operator]]),
    payoutOperators: new Map([[payouts.name, payouts]]),
    pace: memoryPace(runtime),
    connectors: new Map([
      ['jua-power', power],
      ['maji-water', water],
    ]),
    sms,
    sealing,
    findPayoutAccount: (id) => findPayoutAccount({ database, sealing }, id),
    paidTaker: batchTaker({ runtime }),
    texts,
    tallies: memoryTallies(runtime),
    lookupRules: { ...lookupRules },
    pins: argon2Pins,
    approvalBands: loadApprovalBands('menus/approvals.yaml', { roles: STAFF_ROLES, currency: 'KES' }),
    listWords: loadListWords('menus/payout-lists.yaml', texts.languages),
    payoutRules: loadPayoutRules('menus/payouts.yaml', { currency: 'KES', country: 'KE' }),
    payoutSettings: { timeZone: TIME_ZONE, window: 10, chunk: 5 },
    auditSigner: makeSigner(Buffer.alloc(32, 9), 'audit log'),
    senderNames: { receipts: 'MALIPO', reminders: 'MALIPO_INFO' },
    defaultLanguage: 'en',
    serviceCode: '*384*123#',
    payLinks: makePayLinks({
      clock: runtime.clock,
      billers,
      signer: makeSigner(Buffer.alloc(32, 9), 'pay links'),
      publicUrl: 'https://pay.example.org',
    }),
    transferSettings: { ...transferSettings },
    paymentSettings: { ...paymentSettings },
    settlementSettings: {
      timeZone: TIME_ZONE,
      directory: `${stores.dataDir}/settlements`,
      ourName: 'Malipo',
      signer: fileSigner,
    },
    writeFiles: signedFileWriter(runtime.chance, fileSigner),
    reminderSettings: { ...reminderSettings },
  };
  const service = {
    deps,
    config: {
      web: { publicUrl: 'https://pay.example.org' },
      business: { timeZone: TIME_ZONE },
      worker: { smsRepliesPerDay: 20 },
    },
  };
  const handlers = allHandlers(service as unknown as Parameters<typeof allHandlers>[0]);
  const failures: WorkFailure[] = [];

  async function perform(row: OutboxRow): Promise<void> {
    const handler = handlers.get(row.topic);
    if (!handler) throw new Error(`no handler for ${row.topic}`);
    try {
      const outcome = await handler.handle(JSON.parse(row.payload), row);
      if (!outcome?.again) return await outbox.finish(row);
      const { inMs, payload } = outcome.again;
      await outbox.postpone({ ...row, payload: payload ? JSON.stringify(payload) : row.payload }, clock.now() + inMs);
    } catch (error) {
      failures.push({ topic: row.topic, error });
      const reason = error instanceof Error ? error.message : 'unknown error';
      if (row.attempts + 1 >= handler.maxAttempts) return await outbox.bury(row, reason);
      const delayMs = Math.min(handler.firstDelayMs * 2 ** row.attempts, handler.longestDelayMs);
      await outbox.postpone(row, clock.now() + delayMs, reason);
    }
  }

  async function runOutbox(): Promise<void> {
    for (let rounds = 0; rounds < 500; rounds += 1) {
      const claimed = await outbox.claim(runtime.ids.next(), 20, 60_000);
      if (claimed.length === 0) return;
      for (const row of claimed) await perform(row);
    }
    throw new Error('the outbox does not come to rest');
  }

  const { reader } = database;
  const domain: Domain = {
    deps,
    clock,
    operator,
    payouts,
    water,
    power,
    sms,
    handlers,
    failures,
    runOutbox,
    async runFor(ms) {
      const endMs = clock.now() + ms;
      await runOutbox();
      for (;;) {
        const next = await outbox.nextDueAtMs();
        if (next === undefined || next > endMs) break;
        await clock.advance(Math.max(next - clock.now(), 0));
        await runOutbox();
      }
      await clock.advance(endMs - clock.now());
    },
    arrive: (kind, body, token) =>
      deps.inbox.keep({ provider: 'mpesa', kind, body, ...(token === undefined ? {} : { token }) }),
    payment: (where) => reader.findOneByOrFail(PaymentSchema, where),
    transfer: (where) => reader.findOneByOrFail(TransferSchema, where),
    transfers: () => reader.find(TransferSchema, { order: { id: 'ASC' } }),
    breaks: () => reader.find(BreakSchema, { order: { id: 'ASC' } }),
    async messages() {
      const rows = await reader.find(MessageSchema, { order: { id: 'ASC' } });
      return rows.map((row) => ({ ...row, text: deps.sealing.open(row.sealedText) }));
    },
    async balanceOf(account) {
      const { accounts } = await trialBalance(database);
      return accounts.find((one) => one.account === account)?.balanceMinor ?? 0n;
    },
    rows: (topic) => reader.find(OutboxRowSchema, { where: { topic }, order: { id: 'ASC' } }),
    async reset() {
      await database.transaction(async (tx) => {
        for (const entity of schema.entities) await tx.manager.createQueryBuilder().delete().from(entity).execute();
      });
      Object.assign(deps.paymentSettings, paymentSettings);
      Object.assign(deps.reminderSettings, reminderSettings);
      Object.assign(deps.transferSettings, transferSettings);
      Object.assign(deps.lookupRules, lookupRules);
      for (const provider of [operator, payouts, water, power, sms]) emptyLists(provider);
      for (const biller of [water, power]) {
        biller.accounts.clear();
        biller.booked.clear();
        biller.vends = 0;
      }
      water.accounts.set(WATER_ACCOUNT, { holderName: 'Jane Wanjiku', due: kes(1_250) });
      power.accounts.set(METER, { holderName: 'Otieno Odhiambo', due: kes(0) });
      failures.length = 0;
      await clock.advance(26 * 3_600_000);
    },
    async expectSound({ dead = 0 } = {}) {
      const balance = await trialBalance(database);
      expect(isBalanced(balance), 'the ledger is balanced').to.equal(true);
      const buried = await reader.findBy(OutboxRowSchema, { state: 'dead' });
      const named = buried.map(({ topic, lastError }) => `${topic}: ${lastError}`);
      expect(named, 'no work was given up').to.have.length(dead);
    },
    close: () => database.close(),
  };
  await domain.reset();
  return domain;
}

function emptyLists(provider: object): void {
  for (const value of Object.values(provider)) if (Array.isArray(value)) value.length = 0;
}

/** After every test that passed: what must hold after every story. (A failing hook would end the whole suite.) */
export function staysSound(domain: () => Domain): void {
  afterEach(async function () {
    if (this.currentTest?.state === 'passed') await domain().expectSound();
  });
}

let nextTurn = 0;
/** A confirmed payment of the demo's water account; what a test cares about is given. */
export function requestOf(request: Partial<PaymentRequest> & { dialler: Msisdn }): PaymentRequest {
  nextTurn += 1;
  return {
    channel: 'ussd',
    turnKey: `turn-${nextTurn}`,
    sessionKey: `session-${nextTurn}`,
    billerId: 'maji-water',
    account: WATER_ACCOUNT,
    holder: 'J*** W******',
    amount: kes(500),
    payer: request.dialler,
    language: 'en',
    ...request,
  };
}

/** The same from the web page, where nobody knows who asks. */
export function webRequestOf(request: Partial<PaymentRequest> & { payer: Msisdn }): PaymentRequest {
  return { ...requestOf({ dialler: request.payer }), channel: 'web', sessionKey: null, dialler: null, ...request };
}

/** Messages of the inbox with what became of them. */
export const inboxStates = async ({ deps }: Domain): Promise<string[]> =>
  (await deps.database.reader.find(InboxEventSchema, { order: { id: 'ASC' } })).map(({ state }) => state);
