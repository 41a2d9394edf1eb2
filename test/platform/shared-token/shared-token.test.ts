import { expect } from 'chai';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { connectRedis, type RedisClient } from '../../../src/platform/redis/index.ts';
import { memoryTokens, redisTokens, type SharedTokens } from '../../../src/platform/shared-token/index.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { type FreshStore, freshRedis } from '../../support/stores.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const hour = { expiresInMs: 3_599_000 };

/** An operator that gives a new token each time, slowly, and counts how many were asked for at once. */
function operator(afterMs = 50) {
  const seen = { given: 0, atOnce: 0, mostAtOnce: 0 };
  const refresh = async () => {
    seen.atOnce += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
    await pause(afterMs);
    seen.atOnce -= 1;
    seen.given += 1;
    return { token: `token ${seen.given}`, ...hour };
  };
  return { seen, refresh };
}

function behavesAsSharedTokens(open: () => { one: SharedTokens; other: SharedTokens }): void {
  let name: string;
  let count = 0;
  beforeEach(() => {
    count += 1;
    name = `daraja-${count}`;
  });

  it('asks once, however many want it at once, in both processes', async () => {
    const { one, other } = open();
    const { seen, refresh } = operator();
    const wanted = Array.from({ length: 20 }, (_, at) => (at % 2 ? one : other).get(name, refresh));
    expect(new Set(await Promise.all(wanted))).to.deep.equal(new Set(['token 1']));
    expect(seen).to.deep.equal({ given: 1, atOnce: 0, mostAtOnce: 1 });
    expect(await other.get(name, refresh)).to.equal('token 1');
  });

  it('renews what was forgotten, and forgets only the token that was refused', async () => {
    const { one, other } = open();
    const { refresh } = operator(5);
    const first = await one.get(name, refresh);
    await other.forget(name, first);
    expect(await one.get(name, refresh)).to.equal('token 2');
    await other.forget(name, first);
    expect(await one.get(name, refresh)).to.equal('token 2');
  });

  it('keeps tokens of different names apart', async () => {
    const { one } = open();
    const [a, b] = await Promise.all([
      one.get(name, operator().refresh),
      one.get(`${name}-b`, async () => ({ token: 'b', ...hour })),
    ]);
    expect([a, b]).to.deep.equal(['token 1', 'b']);
  });

  it('passes a failure on, and lets the next one try', async () => {
    const { one, other } = open();
    const failing = () => Promise.reject(new Error('spike arrest'));
    const outcomes = await Promise.allSettled([one.get(name, failing), one.get(name, failing)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await other.get(name, operator(5).refresh)).to.equal('token 1');
  });

  it('drops a token a little before it expires', async () => {
    const { one } = open();
    const { refresh } = operator(1);
    await one.get(name, async () => ({ token: 'short', expiresInMs: 1_000 }));
    expect(await one.get(name, refresh)).to.equal('short');
    await pause(920);
    expect(await one.get(name, refresh)).to.equal('token 1');
  });
}

describe('memoryTokens', () => {
  behavesAsSharedTokens(() => {
    const tokens = memoryTokens(systemRuntime);
    return { one: tokens, other: tokens };
  });

  it('gives up an operator that does not answer', async () => {
    const clock = manualClock();
    const tokens = memoryTokens({ clock });
    const asked = tokens.get('daraja', () => new Promise(() => {})).catch((error: Error) => error.message);
    await clock.advance(15_000);
    expect(await asked).to.equal('no answer within 15000 ms');
  });

  it('drops a token a minute before an hour is over', async () => {
    const clock = manualClock();
    const tokens = memoryTokens({ clock });
    let given = 0;
    const refresh = async () => ({ token: `token ${++given}`, expiresInMs: 3_600_000 });
    await tokens.get('daraja', refresh);
    await clock.advance(3_539_999);
    expect(await tokens.get('daraja', refresh)).to.equal('token 1');
    await clock.advance(1);
    expect(await tokens.get('daraja', refresh)).to.equal('token 2');
  });
});

describe('redisTokens', () => {
  let fresh: FreshStore | undefined;
  let clients: RedisClient[] = [];
  before(async function () {
    fresh = await freshRedis();
    if (!fresh) return this.skip();
    clients = [await connectRedis(fresh.url, silentLog), await connectRedis(fresh.url, silentLog)];
  });
  after(async () => {
    for (const client of clients) client.disconnect();
    await fresh?.drop();
  });
  const open = () => {
    const [one, other] = clients.map((client) => redisTokens(systemRuntime, client));
    if (!one || !other) throw new Error('not connected');
    return { one, other };
  };

  behavesAsSharedTokens(open);

  it('is freed by time when the process that was refreshing died', async () => {
    const { one, other } = open();
    const client = clients[0];
    void one.get('dies', () => new Promise(() => {})).catch(() => {});
    await pause(30);
    // The lock of the dead one, near its end.
    expect(await client?.pttl('token:{dies}:lock')).to.be.within(15_000, 20_000);
    await client?.pexpire('token:{dies}:lock', 100);
    const startedAt = Date.now();
    expect(await other.get('dies', operator(5).refresh)).to.equal('token 1');
    expect(Date.now() - startedAt).to.be.within(50, 5_000);
  });

  it('does not store a token over a newer one when its lock was lost', async () => {
    const { one, other } = open();
    const slow = one.get('lost', async () => {
      await clients[0]?.del('token:{lost}:lock');
      await other.get('lost', async () => ({ token: 'newer', ...hour }));
      return { token: 'older', ...hour };
    });
    expect(await slow).to.equal('newer');
    expect(await clients[0]?.get('token:{lost}')).to.equal('newer');
  });

  it('leaves no lock behind', async () => {
    const { one } = open();
    await one.get('clean', operator(1).refresh);
    await one.get('unclean', () => Promise.reject(new Error('no'))).catch(() => {});
    expect(await clients[0]?.keys('token:{*clean}:lock')).to.deep.equal([]);
  });
});
