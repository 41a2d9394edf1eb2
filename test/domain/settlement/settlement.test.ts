import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  countSettlements,
  drawUpSettlements,
  eachSettlement,
  findSettlement,
  pageSettlements,
  recordPayout,
  type Settlement,
  type SettlementCursor,
  type SettlementFilters,
  SettlementLineSchema,
  settlementHistory,
  settlementTopic,
  signSettlement,
  verifySettlementFiles,
} from '../../../src/domain/settlement/index.ts';
import { HOUSE, StaffMemberSchema } from '../../../src/domain/staff/index.ts';
import { businessDay, Refusal } from '../../../src/kernel/index.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import { bookPayments, takeBack } from '../../support/booked-payments.ts';
import { type Domain, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

const HOUR_MS = 3_600_000;
const WATER = 'maji-water';

describeOnStores('settlement', (stores) => {
  let domain: Domain;
  let today: string;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    today = businessDay(domain.clock.now(), 'Africa/Nairobi');
  });
  staysSound(() => domain);

  const now = () => domain.clock.now();
  const nextDay = async () => {
    await domain.clock.advance(24 * HOUR_MS);
    return businessDay(now(), 'Africa/Nairobi');
  };
  const drawUp = (day: string) => drawUpSettlements(domain.deps, { day });
  const water = (day: string) => findSettlement(domain.deps, { billerId: WATER, day });
  const sign = async (day: string, staff = 'Amina Yusuf') => {
    const { version } = await water(day);
    return signSettlement(domain.deps, { billerId: WATER, day, version, staff, reason: 'agrees with the bank' });
  };
  const refused = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
    throw new Error('it was not refused');
  };

  it('owes what was collected less the fee of each payment, booked once', async () => {
    await bookPayments(domain.deps, [
      { amountMinor: 50_000n, completedAtMs: now() },
      { amountMinor: 1_500n, completedAtMs: now() },
      { amountMinor: 100_000n, completedAtMs: now(), billerId: 'jua-power' },
    ]);
    const day = today;
    await nextDay();
    const drawn = await drawUp(day);
    expect(drawn.map(({ billerId, version, state }) => ({ billerId, version, state }))).to.have.deep.members([
      { billerId: 'jua-power', version: 1, state: 'drawn-up' },
      { billerId: WATER, version: 1, state: 'drawn-up' },
    ]);
    const settlement = await water(day);
    // 20.00 of the first; of 15.00 the fee is all there is.
    expect(settlement).to.include({ collectedMinor: 51_500n, feesMinor: 3_500n, netMinor: 48_000n, payments: 2 });
    const power = await findSettlement(domain.deps, { billerId: 'jua-power', day });
    expect(power).to.include({ collectedMinor: 100_000n, feesMinor: 1_500n, netMinor: 98_500n });
    expect(await domain.balanceOf(ledgerAccount.payable(WATER)), 'what we owe').to.equal(-48_000n);
    expect(await domain.balanceOf(ledgerAccount.income(WATER))).to.equal(-3_500n);
    expect(await domain.rows(settlementTopic.ready), 'the biller is told what is signed').to.deep.equal([]);
  });

  it('is the same however often it is drawn up, and a new version when more becomes known', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const [day, paidAtMs] = [today, now()];
    await nextDay();
    await drawUp(day);
    const first = await water(day);
    expect(await drawUp(day), 'nothing new').to.deep.equal([]);
    expect(await water(day)).to.deep.equal(first);
    await bookPayments(domain.deps, [{ amountMinor: 20_000n, completedAtMs: paidAtMs }]);
    await drawUp(day);
    const second = await water(day);
    expect(second).to.include({ version: 2, collectedMinor: 70_000n, feesMinor: 4_000n, payments: 2 });
    expect((await settlementHistory(domain.deps, second.id)).map(({ toState }) => toState)).to.deep.equal([
      ...['drawing', 'drawn-up', 'drawing', 'drawn-up'],
    ]);
  });

  it('leaves today alone, and has a page for a day without payments', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    expect(await drawUp(today), 'the day is not over').to.deep.equal([]);
    const yesterday = businessDay(now() - 24 * HOUR_MS, 'Africa/Nairobi');
    await drawUp(yesterday);
    expect(await water(yesterday)).to.include({ payments: 0, netMinor: 0n, version: 1, state: 'drawn-up' });
    expect(await refused(water(today))).to.equal('settlement.unknown');
    const day = today;
    await nextDay();
    await drawUp(day);
    expect(await water(day), 'what waited is taken in').to.include({ collectedMinor: 50_000n });
  });

  it('never changes once it is signed: what comes later adjusts the open day', async () => {
    const [paid] = await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const [day, paidAtMs] = [today, now()];
    const second = await nextDay();
    await drawUp(day);
    const signed = await sign(day);
    await bookPayments(domain.deps, [
      { amountMinor: 30_000n, completedAtMs: paidAtMs },
      { amountMinor: 80_000n, completedAtMs: now() },
    ]);
    if (paid) await takeBack(domain.deps, paid);
    await nextDay();
    await drawUp(second);
    expect(await water(day)).to.deep.equal(signed);
    expect(await water(second)).to.include({
      collectedMinor: 80_000n,
      adjustedMinor: -20_000n,
      // 20.00 of either new payment, and that of the one taken back is given back.
      feesMinor: 2_000n,
      netMinor: 58_000n,
      payments: 2,
    });
    const owed = -(await domain.balanceOf(ledgerAccount.payable(WATER)));
    expect(owed, 'the ledger owes what the settlements say').to.equal(signed.netMinor + 58_000n);
  });

  it('shows money that was taken back as a line below zero of the day itself while it is open', async () => {
    const [paid] = await bookPayments(domain.deps, [
      { amountMinor: 50_000n, completedAtMs: now() },
      { amountMinor: 10_000n, completedAtMs: now() },
    ]);
    const day = today;
    await nextDay();
    if (paid) await takeBack(domain.deps, paid);
    await drawUp(day);
    expect(await water(day)).to.include({
      collectedMinor: 60_000n,
      reversedMinor: -50_000n,
      feesMinor: 2_000n,
      netMinor: 8_000n,
      lines: 3,
    });
  });

  it('carries what the biller owes us into the next open day', async () => {
    const [paid] = await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const first = today;
    const second = await nextDay();
    await drawUp(first);
    await sign(first);
    if (paid) await takeBack(domain.deps, paid);
    const third = await nextDay();
    await drawUp(second);
    expect(await water(second)).to.include({ netMinor: -48_000n, adjustedMinor: -50_000n });
    await sign(second);
    await bookPayments(domain.deps, [{ amountMinor: 100_000n, completedAtMs: now() }]);
    await nextDay();
    await drawUp(third);
    expect(await water(second)).to.include({ state: 'carried', netMinor: -48_000n });
    expect(await water(third)).to.include({ carriedMinor: -48_000n, netMinor: 100_000n - 2_000n - 48_000n });
    expect(await refused(pay(second, 'Otieno', 'FT1'))).to.equal('settlement.not-signed');
  });

  const pay = (day: string, staff: string, bankReference: string) =>
    recordPayout(domain.deps, { billerId: WATER, day, staff, bankReference });

  it('is signed as it was seen, and paid by another person, once', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const day = today;
    await nextDay();
    await drawUp(day);
    expect(await refused(pay(day, 'Otieno', 'FT26325XYZ'))).to.equal('settlement.not-signed');
    const other = { billerId: WATER, day, version: 2, staff: 'Amina', reason: 'x' };
    expect(await refused(signSettlement(domain.deps, other))).to.equal('settlement.other-version');
    expect(await refused(signSettlement(domain.deps, { ...other, version: 1, staff: ' ' }))).to.equal(
      'settlement.name',
    );
    await sign(day, 'Amina Yusuf');
    expect(await refused(sign(day)), 'signed already').to.equal('settlement.not-drawn-up');
    const [ready, ...more] = (await domain.rows(settlementTopic.ready)).map(({ payload }) => JSON.parse(payload));
    expect(more).to.deep.equal([]);
    expect(ready).to.include({
      billerId: WATER,
      day,
      collected: '500.00',
      fees: '20.00',
      payable: '480.00',
      payments: 1,
    });
    expect(await refused(pay(day, 'amina  YUSUF', 'FT26325XYZ'))).to.equal('settlement.same-person');
    await pay(day, 'Otieno', 'FT26325XYZ');
    await pay(day, 'Otieno', 'FT26325XYZ');
    expect(await refused(pay(day, 'Otieno', 'FT26325ABC'))).to.equal('settlement.paid-otherwise');
    expect(await water(day)).to.include({ state: 'paid-out', paidBy: 'Otieno', bankReference: 'FT26325XYZ' });
    expect(await domain.balanceOf(ledgerAccount.payable(WATER)), 'nothing owed').to.equal(0n);
    expect(await domain.balanceOf(ledgerAccount.bank)).to.equal(-48_000n);
  });

  it('knows a person by his login, and by every name and email that somebody types for him', async () => {
    await addLogin('Amina Yusuf', 'amina@example.org', 'person-1');
    await addLogin('A. Yusuf', 'second@example.org', 'person-1');
    await addLogin('Otieno', 'one@example.org', 'person-2');
    await addLogin('Otieno', 'two@example.org', 'person-3');
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const day = today;
    await nextDay();
    await drawUp(day);
    const signed = await sign(day, 'a. yusuf');
    expect(signed).to.include({ signedBy: 'a. yusuf', signedPersonId: 'person-1' });
    for (const word of ['Amina Yusuf', 'SECOND@example.org', 'amina  yusuf']) {
      expect(await refused(pay(day, word, 'FT26325XYZ')), word).to.equal('settlement.same-person');
    }
    const login = { billerId: WATER, day, bankReference: 'FT26325XYZ', staff: 'Whoever', personId: 'person-1' };
    expect(await refused(recordPayout(domain.deps, login)), 'another login of his').to.equal('settlement.same-person');
    // Two have this name: nobody's login, and still another name.
    expect(await pay(day, 'Otieno', 'FT26325XYZ')).to.include({ paidBy: 'Otieno', paidPersonId: null });
  });

  it('takes a typed name for whoever has it when the other is signed in', async () => {
    await addLogin('Otieno', 'one@example.org', 'person-2');
    await addLogin('Otieno', 'two@example.org', 'person-3');
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const day = today;
    await nextDay();
    await drawUp(day);
    await sign(day, 'otieno');
    const paying = { billerId: WATER, day, bankReference: 'FT26325XYZ', staff: 'Otieno' };
    expect(await refused(recordPayout(domain.deps, { ...paying, personId: 'person-3' }))).to.equal(
      'settlement.same-person',
    );
    expect(await recordPayout(domain.deps, { ...paying, staff: 'Amina', personId: 'person-1' })).to.include({
      paidPersonId: 'person-1',
    });
  });

  const addLogin = (name: string, email: string, personId: string) =>
    domain.deps.database.transaction((tx) =>
      tx.insert(StaffMemberSchema, {
        ...{ id: domain.deps.runtime.ids.next(), personId, scope: HOUSE, email, name, phone: newMsisdn() },
        ...{ language: 'en', state: 'active', roles: 'finance', passwordHash: null, sealedSecret: null },
        ...{ lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs: now() },
      }),
    );

  it('is listed newest first, a page at a time, by biller, day and state', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const first = today;
    await nextDay();
    await drawUp(first);
    const second = await nextDay().then(() => businessDay(now() - 24 * HOUR_MS, 'Africa/Nairobi'));
    await drawUp(second);
    await sign(second);
    const listed = async (filters: SettlementFilters) => {
      const found: string[] = [];
      let after: SettlementCursor | undefined;
      do {
        const page = await pageSettlements(domain.deps, filters, { after, limit: 1 });
        found.push(...page.settlements.map(({ billerId, day }) => `${day} ${billerId}`));
        after = page.next;
      } while (after);
      expect(await countSettlements(domain.deps, filters)).to.equal(found.length);
      const read: string[] = [];
      for await (const some of eachSettlement(domain.deps, filters))
        read.push(...some.map((one) => `${one.day} ${one.billerId}`));
      expect(read).to.deep.equal(found);
      return found;
    };
    const all = await listed({});
    expect(new Set(all)).to.deep.equal(
      new Set([first, second].flatMap((day) => [`${day} ${WATER}`, `${day} jua-power`])),
    );
    expect(all.map((one) => one.slice(0, 10))).to.deep.equal([second, second, first, first]);
    expect(await listed({ billerId: WATER })).to.deep.equal([`${second} ${WATER}`, `${first} ${WATER}`]);
    expect(await listed({ fromDay: second, billerId: WATER })).to.deep.equal([`${second} ${WATER}`]);
    expect(await listed({ toDay: first, billerId: WATER })).to.deep.equal([`${first} ${WATER}`]);
    expect(await listed({ state: 'signed' })).to.deep.equal([`${second} ${WATER}`]);
    // Nothing is owed by the one that is signed: it goes on by itself.
    expect(await listed({ state: 'waiting', billerId: WATER })).to.deep.equal([`${first} ${WATER}`]);
  });

  it('pays once when two people say so at once', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const day = today;
    await nextDay();
    await drawUp(day);
    await sign(day);
    const told = await Promise.allSettled([pay(day, 'Otieno', 'FT-one'), pay(day, 'Wanjiru', 'FT-two')]);
    expect(told.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await domain.balanceOf(ledgerAccount.bank)).to.equal(-48_000n);
  });

  it('writes files that are proven, and that a changed byte spoils', async () => {
    await bookPayments(domain.deps, [
      { amountMinor: 50_000n, completedAtMs: now() },
      { amountMinor: 12_345n, completedAtMs: now() },
    ]);
    const day = today;
    await nextDay();
    await drawUp(day);
    await domain.runOutbox();
    const settlement = await water(day);
    const { names, problems, agreesWithBooks } = await verifySettlementFiles(domain.deps, settlement);
    expect({ problems, agreesWithBooks }).to.deep.equal({ problems: [], agreesWithBooks: true });
    const path = join(names.directory, names.csv);
    const csv = await readFile(path, 'utf8');
    const rows = csv.trimEnd().split('\r\n');
    expect(rows).to.have.length(5);
    expect(rows[0]).to.equal(
      `H,malipo-settlement,1,Malipo,${WATER},Maji Water,${day},Africa/Nairobi,KES,1,${settlement.id}`,
    );
    expect(rows[4]).to.equal('T,2,,,,,,,623.45,40.00,583.45');
    await writeFile(path, csv.replace('123.45', '923.45'));
    expect((await verifySettlementFiles(domain.deps, settlement)).problems).to.deep.equal([
      { kind: 'changed', name: names.csv },
    ]);
    await writeFile(path, csv);
    const sums = join(names.directory, names.sums);
    const good = await readFile(sums, 'utf8');
    await writeFile(
      sums,
      good.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect((await verifySettlementFiles(domain.deps, settlement)).problems).to.deep.equal([{ kind: 'signature' }]);
  });

  it('writes the same bytes again', async () => {
    await bookPayments(domain.deps, [{ amountMinor: 50_000n, completedAtMs: now() }]);
    const day = today;
    await nextDay();
    await drawUp(day);
    await domain.runOutbox();
    const settlement = await water(day);
    const { names } = await verifySettlementFiles(domain.deps, settlement);
    const sums = await readFile(join(names.directory, names.sums), 'utf8');
    const again = domain.handlers.get(settlementTopic.files);
    await again?.handle({ settlementId: settlement.id, version: 1 }, {} as never);
    expect(await readFile(join(names.directory, names.sums), 'utf8')).to.equal(sums);
  });

  it('goes on where a process died between two pieces of it', async () => {
    await bookPayments(
      domain.deps,
      Array.from({ length: 1_200 }, (_, at) => ({ amountMinor: 10_000n + BigInt(at), completedAtMs: now() })),
    );
    const day = today;
    await nextDay();
    const stopping = new AbortController();
    let commits = 0;
    const { transaction } = domain.deps.database;
    const database = {
      ...domain.deps.database,
      transaction: async <T>(work: Parameters<typeof transaction<T>>[0]) => {
        const done = await transaction(work);
        commits += 1;
        if (commits === 2) stopping.abort(new Error('died'));
        return done;
      },
    };
    const died = await drawUpSettlements({ ...domain.deps, database }, { day, signal: stopping.signal }).catch(
      (error: Error) => error.message,
    );
    expect(died).to.equal('died');
    const half = await domain.deps.database.reader.count(SettlementLineSchema);
    expect(half).to.be.lessThan(1_200);
    await drawUp(day);
    expect(await water(day)).to.include({ payments: 1_200, version: 1, feesMinor: 1_200n * 2_000n });
  }).timeout(30_000);

  it('is drawn up once by two processes at once', async () => {
    await bookPayments(
      domain.deps,
      Array.from({ length: 300 }, () => ({ amountMinor: 10_000n, completedAtMs: now() })),
    );
    const day = today;
    await nextDay();
    await Promise.all([drawUp(day), drawUp(day)]);
    const settlement: Settlement = await water(day);
    expect(settlement).to.include({ payments: 300, collectedMinor: 3_000_000n, feesMinor: 600_000n });
    expect(await domain.balanceOf(ledgerAccount.income(WATER))).to.equal(-600_000n);
  }).timeout(30_000);
});
