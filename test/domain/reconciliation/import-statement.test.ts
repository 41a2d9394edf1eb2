import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import {
  billerDaySource,
  boundsOfDay,
  type ImportResult,
  importStatement,
  pullSource,
  type Statement,
  StatementFaultSchema,
  StatementRowSchema,
  StatementSchema,
  type StatementSource,
} from '../../../src/domain/reconciliation/index.ts';
import { makeRuntime, systemChance, systemClock } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import type { PaybillMovement } from '../../../src/providers/operators/index.ts';
import { type ReadLine, StatementRefused } from '../../../src/providers/statements/index.ts';
import { describeOnStores } from '../../support/stores.ts';

const NOON_MS = Date.UTC(2026, 10, 20, 9);
const TIME_ZONE = 'Africa/Nairobi';

/** Time that runs, and can be set on. */
let aheadMs = 0;
const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const runtime = makeRuntime(clock, systemChance);

const kes = (amountMinor: bigint) => ({ amountMinor, currency: 'KES' });

function line(lineNo: number, change: Partial<ReadLine> = {}): ReadLine {
  const receipt = `SG${String(lineNo).padStart(8, '0')}`;
  const said = { receipt, reference: `R${lineNo}`, account: '100200300', amountMinor: 50_000n, currency: 'KES' };
  return { lineNo, kind: 'payment', atMs: NOON_MS + lineNo * 1_000, detail: '', ...said, ...change };
}

interface Story {
  party?: string;
  hash?: string;
  batches: ReadLine[][];
  /** Called before the batch of this number, from 0, is given. */
  before?: (batch: number) => Promise<void> | void;
}

function source({ party = 'mpesa', hash, batches, before }: Story): StatementSource {
  return {
    side: 'operator',
    party,
    source: 'file',
    currency: 'KES',
    timeZone: TIME_ZONE,
    fileName: 'statement.csv',
    ...(hash ? { contentHash: hash.padEnd(64, '0') } : {}),
    async *read() {
      for (const [index, lines] of batches.entries()) {
        await before?.(index);
        yield { lines, faults: [] };
      }
      await before?.(batches.length);
      return { proof: 'balance-chain' };
    },
  };
}

describeOnStores('importing a statement', (stores) => {
  let database: Database;
  const deps = () => ({ runtime, database, log: silentLog });
  const read = (story: Story) => importStatement(deps(), source(story));
  const lines = async (where: object = {}) =>
    database.reader.find(StatementRowSchema, { where, order: { statementId: 'ASC', lineNo: 'ASC' } });
  const statements = async () => database.reader.find(StatementSchema, { order: { id: 'ASC' } });

  before(async function () {
    this.timeout(60_000);
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());
  beforeEach(async () => {
    await database.transaction(async (tx) => {
      for (const table of ['statement', 'statement_line', 'statement_fault'])
        await tx.manager.query(`DELETE FROM ${table}`);
    });
  });

  it('keeps every line of a pull, with its day in the calendar of the business', async () => {
    const movement = (receipt: string, completedAtMs: number): PaybillMovement => ({
      ...{ receipt, completedAtMs, amount: kes(70_000n), account: ' 100200300\u0007', shortCode: '174379' },
      maskedPayer: '2547 ***** 126',
    });
    const lateMs = Date.UTC(2026, 10, 20, 21, 30);
    const movements = [movement('SGA', NOON_MS), movement('SGB', lateMs)];
    const operator = {
      name: 'mpesa',
      currency: 'KES',
      pullMovements: async () => ({ kind: 'movements' as const, movements }),
    };
    const period = { fromMs: NOON_MS - 1, toMs: lateMs + 1, timeZone: TIME_ZONE };
    const result = await importStatement(deps(), pullSource(operator, period));
    expect(statementOf(result)).to.include({
      proof: 'none',
      lines: 2,
      inMinor: 140_000n,
      outMinor: 0n,
      state: 'complete',
    });
    expect((await lines()).map(({ day, receipt }) => [receipt, day])).to.deep.equal([
      ['SGA', '2026-11-20'],
      ['SGB', '2026-11-21'],
    ]);
    const [first] = await lines();
    expect(first).to.include({
      account: '100200300',
      reference: '100200300',
      maskedPayer: '2547 ***** 126',
      payer: null,
    });
  });

  it('takes no list of the operator for an empty one', async () => {
    const operator = {
      name: 'mpesa',
      currency: 'KES',
      pullMovements: async () => ({ kind: 'unknown' as const, code: '500', description: 'down' }),
    };
    const result = await importStatement(deps(), pullSource(operator, { fromMs: 0, toMs: 1, timeZone: TIME_ZONE }));
    expect(result).to.include({ kind: 'refused', problem: 'The operator gave no usable list: 500 down' });
    expect(await statements()).to.have.length(1);
  });

  it("takes a biller's day whole, or nothing of it", async () => {
    const booked = (index: number) => ({
      ...{
        reference: `R${index}`,
        billerReference: `B-${index}`,
        account: '1',
        amount: kes(100n),
        bookedAtMs: NOON_MS,
      },
    });
    let broken = true;
    const connector = {
      async *statement() {
        for (let index = 0; index < 1_500; index += 1) yield booked(index);
        if (broken) throw new Error('page 4: no answer');
      },
    };
    const water = { id: 'maji-water', currency: 'KES' };
    const day = { day: '2026-11-20', timeZone: TIME_ZONE };
    const failed = await importStatement(deps(), billerDaySource(water, connector, day));
    expect(failed).to.include({ kind: 'refused', problem: 'page 4: no answer' });
    expect(await lines()).to.deep.equal([]);
    broken = false;
    const result = statementOf(await importStatement(deps(), billerDaySource(water, connector, day)));
    const midnightMs = Date.UTC(2026, 10, 19, 21);
    expect(result).to.include({ proof: 'whole-day', lines: 1_500, fromMs: midnightMs, toMs: midnightMs + 86_400_000 });
  });

  it('counts an empty day as a whole one', async () => {
    const connector = { async *statement() {} };
    const day = { day: '2026-11-20', timeZone: TIME_ZONE };
    const empty = await importStatement(deps(), billerDaySource({ id: 'maji-water', currency: 'KES' }, connector, day));
    expect(statementOf(empty)).to.include({ proof: 'whole-day', lines: 0, state: 'complete' });
  });

  it('counts a line that two statements tell once', async () => {
    await read({ hash: 'a', batches: [[line(1), line(2)]] });
    const second = await read({ hash: 'b', batches: [[line(9, { receipt: 'SG00000002' }), line(10)]] });
    expect(second).to.include({ kind: 'complete', repeated: 1 });
    expect((await lines({ lineState: 'accepted' })).map(({ receipt }) => receipt)).to.deep.equal([
      ...['SG00000001', 'SG00000002'],
      'SG00000010',
    ]);
  });

  it('keeps equal lines of one statement apart, and knows both again', async () => {
    const twice = [line(1), line(2, { receipt: 'SG00000001', atMs: NOON_MS + 1_000 })];
    await read({ hash: 'a', batches: [twice] });
    expect(await lines({ lineState: 'accepted' })).to.have.length(2);
    expect(await read({ hash: 'b', batches: [[...twice, line(3)]] })).to.include({ repeated: 2 });
    expect(await lines({ lineState: 'accepted' })).to.have.length(3);
  });

  it('tells the charge of a payment from the payment', async () => {
    const charge = line(2, { receipt: 'SG00000001', kind: 'charge', amountMinor: -1_000n });
    const result = statementOf(await read({ batches: [[line(1), charge]] }));
    expect(result).to.include({ inMinor: 50_000n, outMinor: 1_000n });
    expect(new Set((await lines()).map(({ lineKey }) => lineKey)).size).to.equal(2);
  });

  it('refuses the same bytes a second time, but not what was refused the first time', async () => {
    const story: Story = { hash: 'a', batches: [[line(1)]] };
    const fail = () => {
      throw new StatementRefused('line 2: not a statement');
    };
    expect(await read({ ...story, before: (batch) => (batch === 1 ? fail() : undefined) })).to.include({
      kind: 'refused',
    });
    expect(await lines()).to.deep.equal([]);
    expect(await read(story)).to.include({ kind: 'complete', repeated: 0 });
    const again = await read(story);
    expect(again.kind).to.equal('refused');
    expect(again)
      .to.have.property('problem')
      .that.matches(/^This file was read before, as statement\.csv at 20/);
    expect((await statements()).map(({ state }) => state)).to.deep.equal(['refused', 'complete']);
    expect(await read({ ...story, party: 'airtel' })).to.include({ kind: 'complete' });
  });

  it('keeps what could not be read, and refuses when that is most of it', async () => {
    const faults = (count: number): StatementSource => ({
      ...source({ batches: [] }),
      async *read() {
        const rows = Array.from({ length: count }, (_, index) => index + 1);
        yield { lines: [], faults: rows.map((lineNo) => ({ lineNo, column: 'Date', reason: '31 February' })) };
        return { proof: 'none' };
      },
    });
    const some = await importStatement(deps(), faults(2));
    expect(statementOf(some)).to.include({ faults: 2, lines: 0 });
    const kept = await database.reader.findBy(StatementFaultSchema, { statementId: statementOf(some).id });
    expect(kept.map(({ lineNo, columnName, reason }) => [lineNo, columnName, reason])).to.have.deep.members([
      [1, 'Date', '31 February'],
      [2, 'Date', '31 February'],
    ]);
    expect(await importStatement(deps(), faults(1_001))).to.include({ kind: 'refused' });
  });

  describe('with two readers', () => {
    it('refuses the second of the same file while the first is at work', async () => {
      let second: ImportResult | undefined;
      const first = await read({
        hash: 'a',
        batches: [[line(1)], [line(2)], [line(3)]],
        async before(batch) {
          if (batch === 1) void read({ hash: 'a', batches: [[line(1)]] }).then((result) => (second = result));
          // Until the other has looked twice, and has seen the lease move.
          if (batch >= 1) await new Promise((resolve) => setTimeout(resolve, 400));
        },
      });
      expect(first.kind).to.equal('complete');
      const deadline = Date.now() + 5_000;
      while (!second && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(second?.kind).to.be.oneOf(['busy', 'refused']);
      expect(await lines()).to.have.length(3);
    });

    it('lets another file of the party wait for its turn', async () => {
      const [first, second] = await Promise.all([
        read({ hash: 'a', batches: [[line(1), line(2)]] }),
        read({ hash: 'b', batches: [[line(2), line(3)]] }),
      ]);
      expect([first.kind, second.kind]).to.deep.equal(['complete', 'complete']);
      expect(await lines({ lineState: 'accepted' })).to.have.length(3);
      expect(await lines({ lineState: 'repeated' })).to.have.length(1);
    });

    it('knows one for alive whose store takes long over a question', async () => {
      let renewed = 0;
      const { reader } = database;
      const slowReader = Object.assign(Object.create(reader), {
        async query(sql: string, bind: unknown[]) {
          if (!sql.includes('HAVING')) return reader.query(sql, bind);
          const [before] = await statements();
          const deadline = Date.now() + 5_000;
          while (renewed === 0 && Date.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            const [now] = await statements();
            renewed = (now?.leaseUntilMs ?? 0) - (before?.leaseUntilMs ?? 0);
          }
          return reader.query(sql, bind);
        },
      });
      const quick: typeof clock = { ...clock, setTimer: (ms, task) => systemClock.setTimer(ms / 50, task) };
      const slow = { ...deps(), runtime: { ...runtime, clock: quick }, database: { ...database, reader: slowReader } };
      const result = await importStatement(slow, source({ hash: 'a', batches: [[line(1)]] }));
      expect(result.kind).to.equal('complete');
      expect(renewed).to.be.greaterThan(0);
    });

    it('begins again where one died, and stops one that only seemed dead', async () => {
      let wakeUp = () => {};
      const asleep = new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        void read({
          hash: 'a',
          batches: [[line(1)], [line(2)]],
          before: (batch) => {
            if (batch !== 1) return;
            resolve();
            return asleep;
          },
        }).then((result) => (slow = result));
      });
      let slow: ImportResult | undefined;
      await reached;
      expect((await statements()).map(({ state }) => state)).to.deep.equal(['reading']);
      aheadMs += 11_000;
      expect(await read({ hash: 'a', batches: [[line(1)], [line(2)]] })).to.include({ kind: 'complete', repeated: 0 });
      wakeUp();
      const deadline = Date.now() + 5_000;
      while (!slow && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(slow?.kind).to.equal('busy');
      expect((await statements()).map(({ state }) => state)).to.deep.equal(['refused', 'complete']);
      expect(await lines()).to.have.length(2);
    });
  });

  it('leaves nothing when it is stopped half-way', async () => {
    const stopping = new AbortController();
    const stopped = importStatement(
      deps(),
      source({ batches: [[line(1)], [line(2)]], before: (batch) => (batch === 1 ? stopping.abort() : undefined) }),
      { signal: stopping.signal },
    );
    await stopped.then(
      () => expect.fail('it must throw'),
      (error: Error) => expect(error.name).to.equal('AbortError'),
    );
    expect(await lines()).to.deep.equal([]);
    expect((await statements()).map(({ state }) => state)).to.deep.equal(['refused']);
  });
});

describe('the bounds of a day', () => {
  it('are 23 and 25 hours apart where clocks change', () => {
    const hours = (day: string, timeZone: string) => {
      const { fromMs, toMs } = boundsOfDay(day, timeZone);
      return (toMs - fromMs) / 3_600_000;
    };
    expect(hours('2026-03-29', 'Europe/Paris')).to.equal(23);
    expect(hours('2026-10-25', 'Europe/Paris')).to.equal(25);
    expect(hours('2028-02-29', TIME_ZONE)).to.equal(24);
    expect(boundsOfDay('2026-11-20', 'Pacific/Kiritimati').fromMs).to.equal(Date.UTC(2026, 10, 19, 10));
    expect(boundsOfDay('2026-11-20', 'Pacific/Pago_Pago').fromMs).to.equal(Date.UTC(2026, 10, 20, 11));
  });
});

function statementOf(result: ImportResult): Statement {
  if (result.kind !== 'complete') throw new Error(`complete was expected, and not ${JSON.stringify(result)}`);
  return result.statement;
}
