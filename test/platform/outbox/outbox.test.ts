import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { makeRuntime, sleep, systemChance, systemClock } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import {
  type Handler,
  makeOutbox,
  makeWorker,
  type Outbox,
  type OutboxRow,
  OutboxRowSchema,
} from '../../../src/platform/outbox/index.ts';
import { describeOnStores } from '../../support/stores.ts';

const runtime = makeRuntime(systemClock, systemChance);
const QUICK = { concurrency: 8, leaseMs: 2_000, pollMs: 20 };
const silent = {
  ended() {},
  faulted(error: unknown) {
    throw error;
  },
};

describeOnStores('outbox', (stores) => {
  let database: Database;
  let outbox: Outbox;

  before(async () => {
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
    outbox = makeOutbox(runtime, database);
  });
  after(() => database.close());
  beforeEach(() => database.transaction((tx) => tx.manager.clear(OutboxRowSchema)));

  const emit = (key: string, dueAtMs?: number) =>
    database.transaction((tx) =>
      outbox.emit(tx, { topic: 'work', key, payload: { key }, ...(dueAtMs === undefined ? {} : { dueAtMs }) }),
    );
  const worker = (handler: Partial<Handler> & Pick<Handler, 'handle'>, options = QUICK) =>
    makeWorker(
      runtime,
      outbox,
      new Map([['work', { maxAttempts: 3, firstDelayMs: 5, longestDelayMs: 20, ...handler }]]),
      options,
      silent,
    );
  const settled = async (state: string, count: number) => {
    for (let tries = 0; tries < 300; tries += 1) {
      if ((await database.reader.countBy(OutboxRowSchema, { state: state as 'done' })) >= count) return;
      await sleep(systemClock, 20);
    }
    expect.fail(`never ${count} rows ${state}`);
  };

  it('takes the same work once', async () => {
    expect(await emit('a')).to.equal(true);
    expect(await emit('a')).to.equal(false);
  });

  it('begins work anew that is done, given up or under way, and lets whoever has it in hand change nothing of it', async () => {
    const begin = (told: string) =>
      database.transaction((tx) => outbox.beginAnew(tx, { topic: 'work', key: 'run', payload: { told } }));
    const claimOne = async () => (await outbox.claim(runtime.ids.next(), 5, 60_000))[0] as OutboxRow;
    await Promise.all([begin('first'), begin('first')]);
    const first = await claimOne();
    await begin('second');
    const second = await claimOne();
    expect(JSON.parse(second.payload)).to.deep.equal({ told: 'second' });
    // Both ended by one statement, as a process does that has them in hand together.
    await Promise.all([emit('other'), outbox.finish(first), outbox.postpone(first, 0)]);
    expect(await database.reader.findOneBy(OutboxRowSchema, { id: second.id })).to.include({
      ...{ state: 'ready', claimedBy: second.claimedBy },
    });
    await outbox.finish(second);
    await begin('third');
    await outbox.bury(await claimOne(), 'no use').catch(() => undefined);
    await begin('fourth');
    const rows = await database.reader.findBy(OutboxRowSchema, { workKey: 'work:run' });
    expect(rows.map(({ state, attempts, payload }) => [state, attempts, payload])).to.deep.equal([
      ['ready', 0, '{"told":"fourth"}'],
    ]);
  });

  it('does each of 200 pieces of work once with three workers', async () => {
    const seen = new Map<string, number>();
    const handle = async ({ key }: Record<string, unknown>) => {
      seen.set(String(key), (seen.get(String(key)) ?? 0) + 1);
    };
    for (let number = 0; number < 200; number += 1) await emit(`w${number}`);
    const workers = [1, 2, 3].map(() => worker({ handle }));
    for (const one of workers) one.start();
    await settled('done', 200);
    await Promise.all(workers.map((one) => one.stop()));
    expect(seen.size).to.equal(200);
    expect([...seen.values()].filter((times) => times !== 1)).to.deep.equal([]);
  });

  it('tries again after a failure, and gives it to staff in the end', async () => {
    let calls = 0;
    const one = worker({
      handle: async () => {
        calls += 1;
        throw new Error('no');
      },
    });
    await emit('fails');
    one.start();
    await settled('dead', 1);
    await one.stop();
    expect(calls).to.equal(3);
    const row = await database.reader.findOneByOrFail(OutboxRowSchema, { workKey: 'work:fails' });
    expect(row.lastError).to.equal('Error: no');
  });

  it('plans a repeat with a new payload, without counting a failure', async () => {
    const payloads: unknown[] = [];
    const one = worker({
      handle: async (payload) => {
        payloads.push(payload.step ?? 0);
        return payload.step === 2
          ? undefined
          : { again: { inMs: 5, payload: { step: Number(payload.step ?? 0) + 1 } } };
      },
    });
    await emit('steps');
    one.start();
    await settled('done', 1);
    await one.stop();
    expect(payloads).to.deep.equal([0, 1, 2]);
  });

  it('waits until work is due, and can be told to hurry', async () => {
    const doneAt: number[] = [];
    const one = worker({ handle: async () => void doneAt.push(systemClock.now()) });
    await emit('later', systemClock.now() + 60_000);
    one.start();
    await sleep(systemClock, 100);
    expect(doneAt).to.have.length(0);
    await database.transaction((tx) => outbox.expedite(tx, 'work', 'later'));
    await settled('done', 1);
    await one.stop();
    expect(doneAt).to.have.length(1);
  });

  it('leaves the work of a worker that died to another once its lease is over', async () => {
    await emit('orphan');
    const [claimed] = await outbox.claim('the-dead', 1, 150);
    expect(claimed?.workKey).to.equal('work:orphan');
    expect(await outbox.claim('another', 1, 150)).to.have.length(0);
    await sleep(systemClock, 200);
    const [again] = await outbox.claim('another', 1, 2_000);
    expect(again?.id).to.equal(claimed?.id);
    // The dead one comes back to life and may not finish what is not its own any more.
    if (claimed) await outbox.finish(claimed);
    expect(await database.reader.countBy(OutboxRowSchema, { state: 'done' })).to.equal(0);
  });

  it('finishes what is in hand before it stops', async () => {
    let finished = false;
    const one = worker({
      handle: async () => {
        await sleep(systemClock, 150);
        finished = true;
      },
    });
    await emit('slow');
    one.start();
    await sleep(systemClock, 80);
    await one.stop();
    expect(finished).to.equal(true);
    expect(await database.reader.countBy(OutboxRowSchema, { state: 'done' })).to.equal(1);
  });
});
