import { expect } from 'chai';
import { Redis } from 'ioredis';
import { memoryPace, type Pace, redisPace, type Turn } from '../../../src/platform/pace/index.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { type FreshStore, freshRedis } from '../../support/stores.ts';

const LIMIT = { perSecond: 10, burst: 5 };

/** Both stores keep the same rules; `processes` are two that share one store. */
function itPaces(processes: () => readonly [Pace, Pace], clock: ReturnType<typeof manualClock>): void {
  let lane = '';
  beforeEach(() => {
    lane = `lane-${process.hrtime.bigint()}`;
  });

  const take = (turn: Turn = 'later', by: 0 | 1 = 0) => processes()[by].take(lane, LIMIT, turn);
  async function takeAll(turn: Turn = 'later'): Promise<number> {
    for (let taken = 0; ; taken += 1) if ((await take(turn, (taken % 2) as 0 | 1)) > 0) return taken;
  }

  it('lets a burst go, then as many as come in a second, whoever asks', async () => {
    expect(await takeAll()).to.equal(5);
    for (let second = 0; second < 3; second += 1) {
      let taken = 0;
      for (let tenth = 0; tenth < 10; tenth += 1) {
        await clock.advance(100);
        taken += await takeAll();
      }
      expect(taken).to.be.within(9, 11);
    }
    await clock.advance(3_600_000);
    expect(await takeAll(), 'an hour gives no more than a burst').to.equal(5);
  });

  it('says how long to wait, and that is enough', async () => {
    await takeAll();
    const waitMs = await take();
    expect(waitMs).to.be.within(1, 100);
    await clock.advance(waitMs);
    expect(await take('later', 1)).to.equal(0);
    expect(await take('later', 0)).to.be.greaterThan(0);
  });

  it('loses and doubles none of those who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 40 }, (_, i) => take('later', (i % 2) as 0 | 1)));
    expect(asked.filter((waitMs) => waitMs === 0)).to.have.length(5);
  });

  it('keeps a place for who comes first while he waits, and for nobody else', async () => {
    await takeAll();
    const waitMs = await take('first');
    await clock.advance(waitMs);
    expect(await take('later', 1), 'the one place is kept').to.be.greaterThan(0);
    expect(await take('first', 1)).to.equal(0);
    await clock.advance(100);
    expect(await take('later'), 'nobody waits any more').to.equal(0);
  });

  it('does not wait for ever for one who does not come back', async () => {
    await takeAll();
    await take('first');
    await clock.advance(100);
    expect(await take('later')).to.be.greaterThan(0);
    await clock.advance(100);
    expect(await take('later'), 'there is a place beside the kept one').to.equal(0);
    expect(await take('later')).to.be.greaterThan(0);
    await clock.advance(5_000);
    expect(await takeAll()).to.equal(5);
  });

  it('pauses, halves its speed and comes back to it, when the provider asks for less', async () => {
    const slow = (by: 0 | 1) => processes()[by].slowDown(lane, LIMIT);
    // Three answers of one burst.
    for (const by of [0, 1, 0] as const) await slow(by);
    expect(await takeAll()).to.equal(0);
    await clock.advance(999);
    expect(await takeAll()).to.equal(0);
    await clock.advance(1);
    await clock.advance(1_000);
    expect(await takeAll(), 'half of ten').to.be.within(4, 5);
    for (let times = 0; times < 10; times += 1) {
      await slow(0);
      await clock.advance(1_000);
    }
    await clock.advance(1_000);
    expect(await takeAll(), 'never less than a sixteenth').to.be.within(0, 1);
    await clock.advance(200_000);
    await takeAll();
    await clock.advance(400);
    expect(await takeAll(), 'full speed again').to.be.within(3, 5);
  });

  it('tries a provider that is out of reach every half minute, by whomever, until it answers', async () => {
    const [one, other] = processes();
    const since = () => other.outOfReachSince(lane, LIMIT);
    await one.missed(lane, LIMIT);
    await other.missed(lane, LIMIT);
    await one.reached(lane, LIMIT);
    for (const by of [one, other]) await by.missed(lane, LIMIT);
    expect(await since(), 'it answered between').to.equal(undefined);
    expect(await take()).to.equal(0);
    await one.missed(lane, LIMIT);
    expect(await since()).to.equal(clock.now());
    for (const turn of ['later', 'first'] as const) expect(await take(turn)).to.equal(30_000);
    for (let tries = 0; tries < 3; tries += 1) {
      await clock.advance(29_000);
      expect(await take('later', 1)).to.equal(1_000);
      await clock.advance(1_000);
      expect(await takeAll(), 'one, to see').to.equal(1);
      await other.missed(lane, LIMIT);
    }
    expect(await since(), 'since the beginning').to.equal(clock.now() - 90_000);
    await other.reached(lane, LIMIT);
    expect(await since()).to.equal(undefined);
    expect(await takeAll()).to.be.above(1);
  });

  it('knows one lane from another', async () => {
    await takeAll();
    expect(await processes()[0].take(`${lane}-other`, LIMIT, 'later')).to.equal(0);
  });
}

describe('pace in memory', () => {
  const clock = manualClock();
  const pace = memoryPace({ clock });
  itPaces(() => [pace, pace], clock);
});

describe('pace in Redis, of two processes', () => {
  const clock = manualClock();
  const connections: Redis[] = [];
  let redis: FreshStore | undefined;
  let paces: [Pace, Pace];
  before(async function () {
    this.timeout(60_000);
    redis = await freshRedis();
    if (!redis) return this.skip();
    for (let i = 0; i < 2; i += 1) connections.push(new Redis(redis.url));
    paces = connections.map((client) => redisPace({ clock }, client)) as [Pace, Pace];
  });
  after(async () => {
    for (const client of connections) client.disconnect();
    await redis?.drop();
  });
  itPaces(() => paces, clock);
});
