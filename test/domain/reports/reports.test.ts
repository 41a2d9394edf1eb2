import { expect } from 'chai';
import { type DialogPart, DialogPartSchema } from '../../../src/domain/dialogs/index.ts';
import { type Message, MessageSchema } from '../../../src/domain/messages/index.ts';
import {
  type Payment,
  PaymentEventSchema,
  PaymentSchema,
  type PaymentState,
} from '../../../src/domain/payments/index.ts';
import {
  eachFigure,
  floatFigures,
  funnel,
  gatherHours,
  HourPaymentsSchema,
  HourScreensSchema,
  messageCosts,
  paymentsByHour,
  paymentsByParty,
  type ReportDeps,
  ReportProgressSchema,
  readCost,
  rebuildHours,
  receiptWaits,
  refreshHours,
  successRate,
} from '../../../src/domain/reports/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { ledgerAccount, postEntry } from '../../../src/money/ledger/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { plantedPayment, plantPayments } from '../../support/planted-payments.ts';
import { describeOnStores } from '../../support/stores.ts';
import { payByCallback, prompt } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describeOnStores('the reports', (stores) => {
  let domain: Domain;
  let deps: ReportDeps;
  /** The hour that runs. */
  let hourMs: number;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    deps = { ...domain.deps, timeZone: 'Africa/Nairobi' };
    const now = domain.clock.now();
    hourMs = now - (now % HOUR_MS);
  });

  const all = (patch: object = {}) => ({
    ...{ fromMs: hourMs - 3 * DAY_MS, toMs: hourMs + DAY_MS, currency: 'KES' },
    ...patch,
  });
  const plant = (patches: readonly Partial<Payment>[], operator?: string | null) => {
    const payments = patches.map(plantedPayment);
    return plantPayments(domain.deps.database, payments, operator).then(() => payments);
  };
  const told = async (payment: Payment, waitMs: number | null, patch: Partial<Message> = {}) => {
    const row: Message = {
      ...{ id: domain.deps.runtime.ids.next(), factKey: `receipt:${payment.id}`, recipient: '+254711000001' as Msisdn },
      ...{ kind: 'receipt-postpaid', subjectId: payment.id, sealedText: '', sender: 'receipts', state: 'sent' },
      ...{ segments: 2, attempts: 1, lostAnswers: 0, providerMessageId: null, cost: 'KES 1.6000', failure: null },
      ...{ createdAtMs: payment.createdAtMs, expiresAtMs: null, finishedAtMs: null },
      sentAtMs: waitMs === null ? null : payment.createdAtMs + waitMs,
      ...patch,
    };
    await domain.deps.database.transaction((tx) => tx.insert(MessageSchema, row));
  };
  let sessions = 0;
  const dialled = async (screens: string, endedAs: DialogPart['endedAs'], fromMs = hourMs, key?: string) => {
    sessions += 1;
    const path =
      screens === ''
        ? ''
        : screens
            .split(' ')
            .map((screen, index) => `${screen}@${index * 1_000}`)
            .join(' ');
    const hops = path === '' ? 0 : path.split(' ').length;
    const row: DialogPart = {
      ...{ id: domain.deps.runtime.ids.next(), sessionKey: key ?? `at:${sessions}`, msisdn: '+254711000001' as Msisdn },
      ...{ network: 'Safaricom', fromMs, toMs: fromMs + hops * 1_000, hops, lastScreen: null, endedAs, path },
    };
    await domain.deps.database.transaction((tx) => tx.insert(DialogPartSchema, row));
  };

  it('say nothing of a time in which nothing happened', async () => {
    await gatherHours(deps);
    expect(await paymentsByHour(deps, all())).to.deep.equal([]);
    expect(await paymentsByParty(deps, all())).to.deep.equal([]);
    expect(successRate([])).to.equal(undefined);
    expect(await receiptWaits(deps, all())).to.deep.equal({
      receipts: 0,
      medianS: undefined,
      p95S: undefined,
      steps: [],
    });
    expect(await messageCosts(deps, all())).to.deep.equal([]);
    expect(await funnel(deps, all())).to.deep.equal({ all: { sessions: 0, dropped: 0, ended: 0 }, screens: [] });
    expect(await floatFigures(deps, ['mpesa'])).to.deep.equal([]);
  });

  it('count payments and value by hour, biller, operator and state', async () => {
    const [first, second] = [hourMs - 2 * HOUR_MS, hourMs - HOUR_MS];
    await plant([
      { createdAtMs: first, amountMinor: 10_000n, billerId: 'maji-water' },
      { createdAtMs: first + HOUR_MS - 1, amountMinor: 5_000n, billerId: 'maji-water' },
      { createdAtMs: second, amountMinor: 2_000n, billerId: 'jua-power', state: 'failed' },
      { createdAtMs: second, amountMinor: 700n, billerId: 'jua-power' },
      { createdAtMs: second, amountMinor: 9_900n, billerId: 'jua-power', state: 'prompting' },
      { createdAtMs: second, amountMinor: 1n, billerId: 'jua-power', currency: 'TZS' },
    ]);
    await plant([{ createdAtMs: hourMs, amountMinor: 300n, billerId: null, state: 'suspense' }], null);
    await gatherHours(deps);
    expect(await paymentsByHour(deps, all())).to.deep.equal([
      { hourMs: first, state: 'posted', payments: 2, amountMinor: 15_000n },
      { hourMs: second, state: 'failed', payments: 1, amountMinor: 2_000n },
      { hourMs: second, state: 'posted', payments: 1, amountMinor: 700n },
      { hourMs: second, state: 'prompting', payments: 1, amountMinor: 9_900n },
      { hourMs, state: 'suspense', payments: 1, amountMinor: 300n },
    ]);
    const shares = await paymentsByParty(deps, all());
    expect(shares)
      .to.have.length(5)
      .and.to.deep.include({
        ...{ billerId: '', operator: '', state: 'suspense', payments: 1, amountMinor: 300n },
      });
    expect(successRate(shares), 'three of five that are decided').to.deep.equal({ share: 0.6, decided: 5, posted: 3 });
    const narrowed = all({ billerId: 'jua-power', operator: 'mpesa', state: 'posted' });
    expect(await paymentsByHour(deps, narrowed)).to.deep.equal([
      { hourMs: second, state: 'posted', payments: 1, amountMinor: 700n },
    ]);
    expect(await paymentsByHour(deps, all({ operator: 'another' }))).to.deep.equal([]);
    expect(await paymentsByHour(deps, { ...all(), fromMs: second, toMs: hourMs })).to.have.length(3);
    const rows = [];
    for await (const some of eachFigure(deps, all())) rows.push(...some);
    expect(rows).to.have.length(5);
  });

  it('tell how long receipts take: the middle one and the slowest but for one in twenty', async () => {
    const waits = [4, 5, 6, 7, 8, 9, 10, 11, 12, 90];
    const payments = await plant(waits.map(() => ({ createdAtMs: hourMs - HOUR_MS, billerId: 'maji-water' })));
    for (const [index, payment] of payments.entries()) await told(payment, (waits[index] ?? 0) * 1_000 + 400);
    const [paybill, waiting] = await plant([
      { createdAtMs: hourMs - HOUR_MS, channel: 'paybill' },
      { createdAtMs: hourMs - HOUR_MS },
    ]);
    await told(paybill as Payment, 600_000);
    await told(waiting as Payment, null);
    await gatherHours(deps);
    const found = await receiptWaits(deps, all());
    expect(found).to.include({ receipts: 10, medianS: 8, p95S: 90 });
    expect(found.steps[0]).to.deep.equal({ fromS: 4, receipts: 1 });
    expect(await receiptWaits(deps, all({ billerId: 'jua-power' }))).to.include({ receipts: 0 });
  });

  it('add up what messages cost, by kind, and what of it was for a biller', async () => {
    const [water, power] = await plant([
      { createdAtMs: hourMs - HOUR_MS, billerId: 'maji-water' },
      { createdAtMs: hourMs - HOUR_MS, billerId: 'jua-power' },
    ]);
    await told(water as Payment, 5_000);
    await told(power as Payment, 5_000, { kind: 'receipt-tokens', cost: 'KES 0.8000', segments: 1 });
    await told(power as Payment, 9_000, {
      factKey: 'again:1',
      kind: 'receipt-tokens',
      cost: 'KES 0.8000',
      segments: 1,
    });
    await told(water as Payment, 6_000, { factKey: 'x', kind: 'reminder', subjectId: null, cost: null });
    await gatherHours(deps);
    expect(await messageCosts(deps, all())).to.deep.equal(
      [
        { kind: 'receipt-postpaid', currency: 'KES', messages: 1, segments: 2, costE4: 16_000n },
        { kind: 'receipt-tokens', currency: 'KES', messages: 2, segments: 2, costE4: 16_000n },
        { kind: 'reminder', currency: '', messages: 1, segments: 2, costE4: 0n },
      ].sort((one, other) => Number(other.costE4 - one.costE4) || other.messages - one.messages),
    );
    expect(await messageCosts(deps, all({ billerId: 'jua-power' }))).to.have.length(1);
    for (const [text, costE4] of [
      ['KES 0.8000', 8_000n],
      ['KES 12', 120_000n],
      ['free', 0n],
      ['', 0n],
    ] as const) {
      expect(readCost(text).costE4, text).to.equal(costE4);
    }
  });

  it('show where sessions drop, screen by screen, from every part of a session', async () => {
    const longAgo = hourMs - HOUR_MS;
    await dialled('home pay-biller pay-account', 'open', longAgo);
    await dialled('home pay-biller pay-biller pay-account pay-confirm', 'ended', longAgo);
    await dialled('home', 'incomplete', longAgo);
    await dialled('home pay-biller', 'open', longAgo, 'at:parted');
    await dialled('pay-account', 'open', longAgo + 7_000, 'at:parted');
    await dialled('', 'success', longAgo + 9_000, 'at:parted');
    await dialled('home', 'open', domain.clock.now() - MINUTE_MS);
    await gatherHours(deps);
    expect(await funnel(deps, all())).to.deep.equal({
      all: { sessions: 5, dropped: 2, ended: 2 },
      screens: [
        { screen: 'home', sessions: 5, dropped: 1, ended: 0 },
        { screen: 'pay-biller', sessions: 3, dropped: 0, ended: 0 },
        { screen: 'pay-account', sessions: 3, dropped: 1, ended: 1 },
        { screen: 'pay-confirm', sessions: 1, dropped: 0, ended: 1 },
      ],
    });
    await domain.clock.advance(10 * MINUTE_MS);
    await gatherHours(deps);
    expect((await funnel(deps, all())).all, 'who says nothing for minutes has gone').to.include({ dropped: 3 });
  });

  it('put a session into the hour in which it began', async () => {
    await dialled('home', 'open', hourMs - 2_000, 'at:over');
    await dialled('pay-biller', 'ended', hourMs + 1_000, 'at:over');
    await domain.clock.advance(hourMs + 20 * MINUTE_MS - domain.clock.now());
    await gatherHours(deps);
    const { all: before } = await funnel(deps, { fromMs: hourMs - HOUR_MS, toMs: hourMs });
    expect(before).to.deep.equal({ sessions: 1, dropped: 0, ended: 1 });
    expect((await funnel(deps, { fromMs: hourMs, toMs: hourMs + HOUR_MS })).all.sessions).to.equal(0);
  });

  it('compare the float with what is promised, to the cent', async () => {
    const story = await prompt(domain, { amount: kes(500) });
    await payByCallback(domain, story, { amount: kes(500) });
    await domain.runOutbox();
    await domain.deps.database.transaction((tx) =>
      postEntry(domain.deps, tx, {
        ...{ kind: 'to-suspense', subjectId: 'x' },
        movements: [
          { debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.suspense, amount: kes(70) },
          { debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.organisation('o'), amount: kes(90) },
          { debit: ledgerAccount.organisation('o'), credit: ledgerAccount.reserved('mpesa'), amount: kes(40) },
          { debit: ledgerAccount.organisation('o'), credit: ledgerAccount.payoutFees('o'), amount: kes(20) },
          { debit: ledgerAccount.payoutFees('o'), credit: ledgerAccount.tax, amount: kes(3) },
          { debit: ledgerAccount.bank, credit: ledgerAccount.incoming('o'), amount: kes(10) },
        ],
      }),
    );
    await gatherHours(deps);
    const [figures] = await floatFigures(deps, ['mpesa']);
    expect(figures).to.deep.include({ currency: 'KES', bankMinor: 1_000n, promisedMinor: 67_000n, leftMinor: 0n });
    expect(figures?.floats).to.deep.equal([{ operator: 'mpesa', ledgerMinor: 66_000n, tieOut: undefined }]);
    const promised = Object.fromEntries(figures?.promised.map(({ kind, amountMinor }) => [kind, amountMinor]) ?? []);
    expect(promised).to.deep.equal({
      ...{ billers: 50_000n, collected: 0n, suspense: 7_000n, customers: 0n, organisations: 9_700n, tax: 300n },
    });
  });

  describe('stay true', () => {
    const statesNow = async () =>
      Object.fromEntries((await paymentsByParty(deps, all())).map(({ state, payments }) => [state, payments]));
    const move = async (payment: Payment, to: PaymentState) => {
      const { ids, clock } = domain.deps.runtime;
      await domain.deps.database.transaction(async (tx) => {
        await tx.update(PaymentSchema, { id: payment.id }, { state: to });
        const event = { id: ids.next(), paymentId: payment.id, fromState: payment.state, toState: to };
        await tx.insert(PaymentEventSchema, { ...event, actor: 'service', reason: 'x', atMs: clock.now() });
      });
    };

    it('when a payment of another day changes', async () => {
      const [payment] = await plant([{ createdAtMs: hourMs - 2 * DAY_MS }, { createdAtMs: hourMs - 2 * DAY_MS }]);
      await gatherHours(deps);
      await domain.clock.advance(3 * HOUR_MS);
      await move(payment as Payment, 'refund-due');
      await domain.clock.advance(3 * HOUR_MS);
      await gatherHours(deps);
      expect(await statesNow()).to.deep.equal({ posted: 1, 'refund-due': 1 });
    });

    it('when the change is committed later than its time says', async () => {
      const [payment] = await plant([{ createdAtMs: hourMs - DAY_MS }]);
      const began = domain.clock.now();
      await domain.clock.advance(MINUTE_MS);
      await gatherHours(deps);
      await domain.deps.database.transaction(async (tx) => {
        await tx.update(PaymentSchema, { id: (payment as Payment).id }, { state: 'refunded' });
        const event = { id: domain.deps.runtime.ids.next(), paymentId: (payment as Payment).id, fromState: 'posted' };
        await tx.insert(PaymentEventSchema, { ...event, toState: 'refunded', actor: 's', reason: 'x', atMs: began });
      });
      await domain.clock.advance(MINUTE_MS);
      await gatherHours(deps);
      expect(await statesNow()).to.deep.equal({ refunded: 1 });
    });

    it('when the gathering dies between two hours, and when two gather at once', async () => {
      await plant(Array.from({ length: 30 }, (_, index) => ({ createdAtMs: hourMs - index * HOUR_MS })));
      const dying = new AbortController();
      const { database } = deps;
      let commits = 0;
      const deadly = {
        ...deps,
        database: {
          ...database,
          transaction: async <T>(work: Parameters<typeof database.transaction<T>>[0]) => {
            commits += 1;
            if (commits === 9) dying.abort();
            return database.transaction(work);
          },
        },
      };
      const death = await gatherHours(deadly, { signal: dying.signal }).catch((error: Error) => error);
      expect(death).to.be.instanceOf(Error);
      expect((await statesNow()).posted).to.be.within(1, 29);
      await Promise.all([gatherHours(deps), gatherHours(deps), gatherHours(deps)]);
      expect(await statesNow()).to.deep.equal({ posted: 30 });
    });

    it('when they are made again, from a day on; what was forgotten meanwhile stays', async () => {
      await plant([{ createdAtMs: hourMs - DAY_MS }, { createdAtMs: hourMs - 2 * DAY_MS }]);
      await dialled('home', 'ended', hourMs - DAY_MS);
      await gatherHours(deps);
      await database().transaction(async (tx) => {
        await tx.manager.update(HourPaymentsSchema, { state: 'posted' }, { payments: 77 });
        await tx.manager.createQueryBuilder().delete().from(DialogPartSchema).execute();
      });
      await rebuildHours(deps, hourMs - DAY_MS);
      await gatherHours(deps);
      const rows = await paymentsByHour(deps, all());
      expect(rows.map(({ payments }) => payments)).to.deep.equal([77, 1]);
      expect(await database().reader.countBy(HourScreensSchema, { screen: 'home' })).to.equal(1);
      await rebuildHours(deps, 0);
      await gatherHours(deps);
      expect(await statesNow()).to.deep.equal({ posted: 2 });
    }).timeout(240_000);

    it('for who opens a page: brought up to date when little is missing, left to the job when much is', async () => {
      await plant([{ createdAtMs: domain.clock.now() }]);
      expect(await refreshHours(deps)).to.include({ isComplete: true });
      expect(await statesNow()).to.deep.equal({ posted: 1 });
      await plant([{ createdAtMs: domain.clock.now() }]);
      await refreshHours(deps);
      expect(await statesNow(), 'younger than 5 seconds').to.deep.equal({ posted: 1 });
      await domain.clock.advance(MINUTE_MS);
      await refreshHours(deps);
      expect(await statesNow()).to.deep.equal({ posted: 2 });
      await domain.clock.advance(DAY_MS);
      expect(await refreshHours(deps)).to.include({ isComplete: false });
    });

    const database = () => domain.deps.database;
  });

  describe('keep the clock of the business', () => {
    const hoursOf = async (timeZone: string, instants: readonly number[]) => {
      await database().transaction((tx) =>
        tx.manager.createQueryBuilder().delete().from(ReportProgressSchema).execute(),
      );
      await plant(instants.map((createdAtMs) => ({ createdAtMs })));
      const zoned = { ...deps, timeZone };
      await gatherHours(zoned);
      const [first = 0] = instants;
      const period = { fromMs: first - DAY_MS, toMs: first + DAY_MS, currency: 'KES' };
      return (await paymentsByHour(zoned, period)).map((row) => [new Date(row.hourMs).toISOString(), row.payments]);
    };
    const database = () => domain.deps.database;
    const at = (text: string) => Date.parse(text);

    it('in a zone that is half an hour off', async () => {
      const found = await hoursOf('Asia/Kolkata', [at('2026-11-20T03:29:59Z'), at('2026-11-20T03:30:00Z')]);
      expect(found).to.deep.equal([
        ['2026-11-20T02:30:00.000Z', 1],
        ['2026-11-20T03:30:00.000Z', 1],
      ]);
    });

    it('on the day on which an hour comes twice', async () => {
      const instants = [at('2026-10-25T00:30:00Z'), at('2026-10-25T01:30:00Z'), at('2026-10-25T22:59:59Z')];
      const found = await hoursOf('Europe/Berlin', instants);
      expect(found).to.deep.equal([
        ['2026-10-25T00:00:00.000Z', 1],
        ['2026-10-25T01:00:00.000Z', 1],
        ['2026-10-25T22:00:00.000Z', 1],
      ]);
    }).timeout(120_000);
  });
});
