import { expect } from 'chai';
import { Redis } from 'ioredis';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { memoryTallies, redisTallies, type Tallies } from '../../../src/platform/tallies/index.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { type FreshStore, freshRedis } from '../../support/stores.ts';

function itCounts(tallies: () => Tallies): void {
  it('counts by key, from nothing, to the end of the first one that was counted', async () => {
    const [key, other] = [`one-${process.hrtime.bigint()}`, `other-${process.hrtime.bigint()}`];
    expect(await tallies().read(key)).to.equal(undefined);
    const first = await tallies().add(key, 60_000);
    expect(first.count).to.equal(1);
    const second = await tallies().add(key, 600_000);
    expect(second.count).to.equal(2);
    // Two clocks in Redis: ours and its own.
    expect(second.endsAtMs).to.be.closeTo(first.endsAtMs, 1_000);
    expect((await tallies().read(key))?.count).to.equal(2);
    expect(await tallies().read(other)).to.equal(undefined);
  });

  it('forgets a key, and no other', async () => {
    const [key, other] = [`gone-${process.hrtime.bigint()}`, `stays-${process.hrtime.bigint()}`];
    for (const each of [key, other]) await tallies().add(each, 60_000);
    await tallies().forget(key);
    expect(await tallies().read(key)).to.equal(undefined);
    expect((await tallies().add(key, 60_000)).count).to.equal(1);
    expect((await tallies().read(other))?.count).to.equal(1);
  });

  it('loses none of those that are counted at once', async () => {
    const key = `many-${process.hrtime.bigint()}`;
    const counts = await Promise.all(Array.from({ length: 50 }, () => tallies().add(key, 60_000)));
    expect(new Set(counts.map(({ count }) => count)).size).to.equal(50);
  });
}

describe('tallies in memory', () => {
  const clock = manualClock(1_000_000);
  const tallies = memoryTallies({ clock });
  itCounts(() => tallies);

  it('begin anew when their window is over', async () => {
    await tallies.add('window', 1_000);
    await clock.advance(999);
    expect((await tallies.add('window', 1_000)).count).to.equal(2);
    await clock.advance(1);
    expect(await tallies.read('window')).to.equal(undefined);
    expect((await tallies.add('window', 1_000)).count).to.equal(1);
  });

  it('keep a bounded number of keys', async () => {
    for (let number = 0; number <= 100_000; number += 1) await tallies.add(`key-${number}`, 1_000_000);
    expect(await tallies.read('key-0')).to.equal(undefined);
    expect((await tallies.read('key-100000'))?.count).to.equal(1);
  });
});

describe('tallies in Redis', () => {
  let store: FreshStore | undefined;
  let client: Redis;
  before(async function () {
    this.timeout(60_000);
    store = await freshRedis();
    if (!store) return this.skip();
    client = new Redis(store.url);
  });
  after(async () => {
    client?.disconnect();
    await store?.drop();
  });
  itCounts(() => redisTallies(systemRuntime, client));

  it('end by themselves', async () => {
    await redisTallies(systemRuntime, client).add('short', 60_000);
    expect(await client.pttl('tally:short')).to.be.within(1, 60_000);
  });
});
