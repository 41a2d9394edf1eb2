import { expect } from 'chai';
import { makeRuntime, type Runtime, systemChance } from '../../../src/kernel/index.ts';
import { connect, type Database, dataSourceOptions, openDatabase } from '../../../src/platform/database/index.ts';
import { type JobLeases, JobRunSchema, runExclusively, sqlLeases } from '../../../src/platform/scheduler/index.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { describeOnEmptyStores } from '../../support/stores.ts';

describeOnEmptyStores('sqlLeases', (stores) => {
  let clock: ManualClock;
  let runtime: Runtime;
  let databases: Database[];
  let one: JobLeases;
  let other: JobLeases;
  let slots = 0;
  let slot: { name: string; slotMs: number };

  before(async () => {
    clock = manualClock();
    runtime = makeRuntime(clock, systemChance);
    const parts = { entities: [JobRunSchema], migrations: [] };
    const schema = await connect(dataSourceOptions(stores(), parts));
    await schema.synchronize();
    await schema.destroy();
    databases = [await openDatabase(runtime, stores(), parts)];
    // Two processes never share an embedded store, so there both are one.
    if (stores().databaseUrl) databases.push(await openDatabase(runtime, stores(), parts));
    const [first, second = first] = databases;
    if (!first || !second) throw new Error('no database');
    one = sqlLeases(runtime, first);
    other = sqlLeases(runtime, second);
  });
  after(async () => {
    for (const database of databases) await database.close();
  });
  beforeEach(() => {
    slots += 1;
    slot = { name: `pull-${slots}`, slotMs: 1_000 };
  });

  it('gives a slot to one of many', async () => {
    const claims = Array.from({ length: 20 }, (_, at) => (at % 2 ? one : other).claim(slot, `owner ${at}`, 60_000));
    expect((await Promise.all(claims)).filter(Boolean)).to.have.length(1);
  });

  it('gives it to another only when the lease has run out', async () => {
    expect(await one.claim(slot, 'a', 60_000)).to.equal(true);
    await clock.advance(59_999);
    expect(await other.claim(slot, 'b', 60_000)).to.equal(false);
    expect(await one.renew(slot, 'a', 60_000)).to.equal(true);
    await clock.advance(59_999);
    expect(await other.claim(slot, 'b', 60_000)).to.equal(false);
    await clock.advance(1);
    expect(await other.claim(slot, 'b', 60_000)).to.equal(true);
    expect(await one.renew(slot, 'a', 60_000)).to.equal(false);
  });

  it('never gives a finished slot again, and takes the end only from its owner', async () => {
    await one.claim(slot, 'a', 1_000);
    await other.finish(slot, 'b');
    await clock.advance(1_000);
    expect(await other.claim(slot, 'b', 1_000)).to.equal(true);
    await other.finish(slot, 'b');
    await clock.advance(100_000);
    expect(await one.claim(slot, 'a', 1_000)).to.equal(false);
    expect(await one.renew(slot, 'b', 1_000)).to.equal(false);
  });

  it('plans a failed slot again until it has failed five times', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(await one.claim(slot, 'a', 60_000), String(attempt)).to.equal(true);
      expect(await one.fail(slot, 'a', clock.now() + 10_000)).to.equal(attempt < 5);
      expect(await one.claim(slot, 'b', 60_000)).to.equal(false);
      await clock.advance(10_000);
    }
    expect(await one.claim(slot, 'b', 60_000)).to.equal(false);
    expect(await one.abandoned([slot.name], 10)).to.deep.equal([]);
  });

  it('lists what was begun and abandoned, of the jobs asked about, oldest first', async () => {
    await one.claim({ name: 'night', slotMs: 2 }, 'a', 1_000);
    await one.claim({ name: 'night', slotMs: 1 }, 'a', 1_000);
    await one.claim({ name: 'night', slotMs: 3 }, 'a', 60_000);
    await one.claim({ name: 'another', slotMs: 1 }, 'a', 1_000);
    await one.claim({ name: 'night', slotMs: 4 }, 'a', 1_000);
    await one.finish({ name: 'night', slotMs: 4 }, 'a');
    await clock.advance(1_000);
    expect(await other.abandoned(['night'], 10)).to.deep.equal([
      { name: 'night', slotMs: 1 },
      { name: 'night', slotMs: 2 },
    ]);
    expect(await other.abandoned(['night'], 1)).to.have.length(1);
    expect(await other.abandoned([], 10)).to.deep.equal([]);
  });

  it('forgets what was finished long ago, nothing else', async () => {
    await one.claim({ name: 'old', slotMs: 1 }, 'a', 1_000);
    await one.finish({ name: 'old', slotMs: 1 }, 'a');
    await one.claim({ name: 'old', slotMs: 2 }, 'a', 1_000);
    await clock.advance(10_000);
    await one.purge(clock.now());
    expect(await one.claim({ name: 'old', slotMs: 1 }, 'a', 1_000)).to.equal(true);
    expect(await one.abandoned(['old'], 10)).to.deep.equal([{ name: 'old', slotMs: 2 }]);
  });

  it('remembers the newest slot of a job, however long ago it was finished', async () => {
    expect(await one.latest('seldom')).to.equal(undefined);
    for (const slotMs of [101, 102]) {
      await one.claim({ name: 'seldom', slotMs }, 'a', 1_000);
      await one.finish({ name: 'seldom', slotMs }, 'a');
    }
    await clock.advance(10_000);
    await one.purge(clock.now());
    expect(await other.latest('seldom')).to.equal(102);
  });

  it('holds work that one process may do, and frees it at its end', async () => {
    const runtime = makeRuntime(clock, systemChance);
    const { signal } = new AbortController();
    const exclusively = (leases: JobLeases, work: () => Promise<unknown>) =>
      runExclusively({ runtime, leases }, 'night', signal, work);
    const inside = await exclusively(one, () => exclusively(other, async () => 'both'));
    expect(inside).to.deep.equal({ result: undefined });
    expect(await exclusively(other, async () => 'alone')).to.deep.equal({ result: 'alone' });
  });
});
