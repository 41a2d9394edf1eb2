import { expect } from 'chai';
import { Like } from 'typeorm';
import { schema } from '../../../ormconfig.ts';
import { makeRuntime, systemChance, systemClock } from '../../../src/kernel/index.ts';
import { LedgerPostingSchema } from '../../../src/money/ledger/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { type OutboxRow, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { describeOnEmptyStores, describeOnStores } from '../../support/stores.ts';

interface NativeDatabase {
  exec(sql: string): void;
}

const runtime = makeRuntime(systemClock, systemChance);

function row(workKey: string): OutboxRow {
  const now = runtime.clock.now();
  return {
    id: runtime.ids.next(),
    topic: 'test',
    workKey,
    payload: '{}',
    state: 'ready',
    dueAtMs: now,
    attempts: 0,
    claimedBy: null,
    lastError: null,
    createdAtMs: now,
    finishedAtMs: null,
  };
}

describeOnEmptyStores('database', (stores) => {
  let database: Database;

  before(async () => {
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
  });
  after(() => database.close());

  it('has no drift between the migrated schema and the entities', async () => {
    const log = await database.reader.connection.driver.createSchemaBuilder().log();
    expect(log.upQueries.map(({ query }) => query)).to.deep.equal([]);
  });

  it('migrates twice without harm', () => database.migrate());

  it('rolls back everything when the work throws', async () => {
    const failing = database.transaction(async (tx) => {
      await tx.insert(OutboxRowSchema, row('rolled-back'));
      throw new Error('stop');
    });
    await failing.then(
      () => expect.fail('it must throw'),
      (error: Error) => expect(error.message).to.equal('stop'),
    );
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: 'rolled-back' })).to.equal(0);
  });

  it('keeps transactions apart: one rolls back, the other and its rows stay', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const loser = database.transaction(async (tx) => {
      await tx.insert(OutboxRowSchema, row('loser'));
      await gate;
      throw new Error('loser');
    });
    const winner = database.transaction((tx) => tx.insert(OutboxRowSchema, row('winner')));
    setTimeout(release, 20);
    const [lost] = await Promise.allSettled([loser, winner]);
    expect(lost?.status).to.equal('rejected');
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: 'winner' })).to.equal(1);
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: 'loser' })).to.equal(0);
  });

  it('says when a unique key was taken, and goes on in the same transaction', async () => {
    await database.transaction(async (tx) => {
      expect(await tx.insertOnce(OutboxRowSchema, row('once'))).to.equal(true);
      expect(await tx.insertOnce(OutboxRowSchema, row('once'))).to.equal(false);
      expect(await tx.insertOnce(OutboxRowSchema, row('ONCE'))).to.equal(true);
    });
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: 'once' })).to.equal(1);
  });

  it('counts concurrent changes of a locked row one by one', async () => {
    const counter = row('counter');
    await database.transaction((tx) => tx.insert(OutboxRowSchema, counter));
    const add = () =>
      database.transaction(async (tx) => {
        const locked = await tx.lockOne(OutboxRowSchema, { id: counter.id });
        await tx.update(OutboxRowSchema, { id: counter.id }, { attempts: (locked?.attempts ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 40 }, add));
    const after = await database.reader.findOneByOrFail(OutboxRowSchema, { id: counter.id });
    expect(after.attempts).to.equal(40);
  });

  it('keeps amounts exactly, and refuses one that it could not', async () => {
    const posting = (amountMinor: bigint) => ({
      id: runtime.ids.next(),
      entryId: 'entry',
      account: 'a',
      amountMinor,
      currency: 'KES',
    });
    const exact = posting(-9_007_199_254_740_991n);
    await database.transaction((tx) => tx.insert(LedgerPostingSchema, exact));
    const read = await database.reader.findOneByOrFail(LedgerPostingSchema, { id: exact.id });
    expect(read.amountMinor).to.equal(-9_007_199_254_740_991n);
    const tooLarge = database.transaction((tx) => tx.insert(LedgerPostingSchema, posting(9_007_199_254_740_993n)));
    expect((await Promise.allSettled([tooLarge]))[0]?.status).to.equal('rejected');
  });

  it('cannot write through the reader of the embedded store', async function () {
    if (database.kind !== 'sqlite') this.skip();
    const writing = database.reader.insert(OutboxRowSchema, row('reader'));
    expect((await Promise.allSettled([writing]))[0]?.status).to.equal('rejected');
  });

  it('is not ready while the embedded store is full, and keeps everything again once it is not', async function () {
    if (database.kind !== 'sqlite') this.skip();
    const limitPages = (pages: number) =>
      database.transaction((tx) => tx.manager.query(`PRAGMA max_page_count = ${pages}`));
    const wide = (key: string) => ({ ...row(key), payload: 'x'.repeat(60_000) });
    await limitPages(1);
    const filling = Array.from({ length: 8 }, (_, number) =>
      database.transaction((tx) => tx.insert(OutboxRowSchema, wide(`full-${number}`))),
    );
    const outcomes = await Promise.allSettled(filling);
    expect(outcomes.some(({ status }) => status === 'rejected')).to.equal(true);
    await limitPages(1_000_000);
    await database.transaction((tx) => tx.insert(OutboxRowSchema, wide('after-full')));
    await database.ping();
    // The reader is another connection: it sees only what was really committed.
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: 'after-full' })).to.equal(1);
    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: Like('full-%') })).to.equal(kept);
  });

  it('runs nothing outside a transaction that the embedded store has rolled back by itself', async function () {
    if (database.kind !== 'sqlite') this.skip();
    const lost = database.transaction(async (tx) => {
      await tx.insert(OutboxRowSchema, row('lost-before'));
      // What SQLite does when a write meets a full disk.
      (tx.manager.connection.driver as unknown as { databaseConnection: NativeDatabase }).databaseConnection.exec(
        'ROLLBACK',
      );
      await tx.insert(OutboxRowSchema, row('lost-after'));
    });
    expect((await Promise.allSettled([lost]))[0]?.status).to.equal('rejected');
    await database.transaction((tx) => tx.insert(OutboxRowSchema, row('after-lost')));
    await database.transaction((tx) => tx.insert(OutboxRowSchema, row('after-lost-too')));
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: Like('lost-%') })).to.equal(0);
    expect(await database.reader.countBy(OutboxRowSchema, { workKey: Like('after-lost%') })).to.equal(2);
  });
});

describeOnStores('the stores that other tests are given', (stores) => {
  it('are as the migrations make them, all of them done', async () => {
    const database = await openDatabase(runtime, stores(), schema);
    try {
      const { connection } = database.reader;
      expect(await connection.showMigrations()).to.equal(false);
      const { upQueries } = await connection.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).to.deep.equal([]);
    } finally {
      await database.close();
    }
  });
});
