import { expect } from 'chai';
import fc from 'fast-check';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { connectRedis, type RedisClient } from '../../../src/platform/redis/index.ts';
import { memorySessions, redisSessions, type SessionStore } from '../../../src/platform/sessions/index.ts';
import type { PrivateServer } from '../../support/private-mariadb.ts';
import { startRedis } from '../../support/private-redis.ts';
import { type FreshStore, freshRedis } from '../../support/stores.ts';

const MSISDN = '+254711000001';
const times = { sessionTtlMs: 60_000, dialTtlMs: 60_000 };
const turn = (expectedVersion: number, turnKey: string) => ({
  expectedVersion,
  turnKey,
  state: `state ${turnKey}`,
  answer: `answer ${turnKey}`,
  dial: `dial ${turnKey}`,
});

interface Opened {
  store: SessionStore;
  /** A second process's view of the same sessions. */
  other: SessionStore;
  withTimes(shorter: typeof times): SessionStore;
  close(): Promise<void>;
}

async function openRedis(fresh: FreshStore | undefined): Promise<Opened | undefined> {
  if (!fresh) return undefined;
  const clients = [await connectRedis(fresh.url, silentLog), await connectRedis(fresh.url, silentLog)] as const;
  return {
    store: redisSessions(clients[0], times),
    other: redisSessions(clients[1], times),
    withTimes: (shorter) => redisSessions(clients[0], shorter),
    async close() {
      for (const client of clients) client.disconnect();
      await fresh.drop();
    },
  };
}

async function openMemory(): Promise<Opened> {
  const store = memorySessions(systemRuntime, times);
  const withTimes = (shorter: typeof times) => memorySessions(systemRuntime, shorter);
  return { store, other: store, withTimes, close: () => store.close() };
}

/** One node that owns every slot: it refuses keys of different slots in one command, as a real cluster does. */
async function openCluster(): Promise<Opened | undefined> {
  const server: PrivateServer | undefined = await startRedis({ cluster: true });
  if (!server) return undefined;
  const client: RedisClient = await connectRedis(`${server.url},${server.url}`, silentLog);
  return {
    store: redisSessions(client, times),
    other: redisSessions(client, times),
    withTimes: (shorter) => redisSessions(client, shorter),
    async close() {
      client.disconnect();
      await server.stop();
    },
  };
}

for (const [name, open] of [
  ['memory', openMemory],
  ['Redis', async () => openRedis(await freshRedis())],
  ['a Redis cluster', openCluster],
] as const) {
  describe(`session store in ${name}`, () => {
    let opened: Opened | undefined;
    let store: SessionStore;
    let other: SessionStore;
    let sessions = 0;
    let key: string;

    before(async function () {
      this.timeout(30_000);
      opened = await open();
      if (!opened) return this.skip();
      ({ store, other } = opened);
    });
    after(() => opened?.close());
    beforeEach(() => {
      sessions += 1;
      key = `africastalking:ATUid_${sessions}`;
    });

    it('knows nothing of a session that never was', async () => {
      expect(await store.read('+254722000000', key, '1')).to.deep.equal({ session: undefined, answered: undefined });
      expect(await store.readFirst('+254722000000', key, '1')).to.deep.equal({
        session: undefined,
        answered: undefined,
        dial: undefined,
      });
      expect(await store.readDial('+254722000000')).to.equal(undefined);
    });

    it('gives every process what the last turn stored, and a repeat its answer', async () => {
      expect(await store.storeTurn(MSISDN, key, turn(0, 'a'))).to.deep.equal({ stored: true });
      expect(await other.storeTurn(MSISDN, key, turn(1, 'b'))).to.deep.equal({ stored: true });
      expect(await other.read(MSISDN, key, 'b')).to.deep.equal({
        session: { version: 2, state: 'state b' },
        answered: 'answer b',
      });
      expect(await store.read(MSISDN, key, 'a')).to.deep.include({ answered: 'answer a' });
      expect(await store.read(MSISDN, key, 'c')).to.deep.include({ answered: undefined });
      expect(await store.readFirst(MSISDN, key, 'a')).to.deep.equal({
        session: { version: 2, state: 'state b' },
        answered: 'answer a',
        dial: 'dial b',
      });
      expect(await other.readDial(MSISDN)).to.equal('dial b');
    });

    it('keeps texts as they are', async () => {
      const odd = 'CON Ñandú 你好 \u0000 {"a":"b\\n"}\r\n*1*2#';
      await store.storeTurn(MSISDN, key, { expectedVersion: 0, turnKey: odd, state: odd, answer: odd, dial: odd });
      expect(await store.readFirst(MSISDN, key, odd)).to.deep.equal({
        session: { version: 1, state: odd },
        answered: odd,
        dial: odd,
      });
    });

    it('tells an answer "1" from having stored, and takes an empty state', async () => {
      const write = { expectedVersion: 0, turnKey: 'a', state: '', answer: '1', dial: '' };
      expect(await store.storeTurn(MSISDN, key, write)).to.deep.equal({ stored: true });
      expect(await store.storeTurn(MSISDN, key, write)).to.deep.equal({ stored: false, answered: '1' });
      expect(await store.read(MSISDN, key, 'a')).to.deep.equal({ session: { version: 1, state: '' }, answered: '1' });
    });

    it('refuses a version that is not the stored one, whichever side it is off', async () => {
      await store.storeTurn(MSISDN, key, turn(0, 'a'));
      for (const wrong of [0, 2, 10]) {
        expect(await store.storeTurn(MSISDN, key, turn(wrong, 'x'))).to.deep.equal({
          stored: false,
          answered: undefined,
        });
      }
      expect(await store.storeTurn(MSISDN, `${key}-gone`, turn(3, 'x'))).to.deep.equal({
        stored: false,
        answered: undefined,
      });
      expect(await store.read(MSISDN, key, 'x')).to.deep.equal({
        session: { version: 1, state: 'state a' },
        answered: undefined,
      });
      expect(await store.readDial(MSISDN)).to.equal('dial a');
    });

    it('stores one of many at once; the repeats of that turn get its answer', async () => {
      const writes = Array.from({ length: 20 }, (_, at) => ({
        ...turn(0, at % 2 ? 'a' : 'b'),
        answer: `answer ${at}`,
      }));
      const outcomes = await Promise.all(
        writes.map((write, at) => (at % 3 ? store : other).storeTurn(MSISDN, key, write)),
      );
      const winners = writes.filter((_, at) => outcomes[at]?.stored);
      expect(winners).to.have.length(1);
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.stored) continue;
        const same = writes[at]?.turnKey === winners[0]?.turnKey;
        expect(outcome.answered).to.equal(same ? winners[0]?.answer : undefined);
      }
    });

    it('keeps numbers and sessions apart', async () => {
      await store.storeTurn(MSISDN, key, turn(0, 'a'));
      expect((await store.read('+254711000002', key, 'a')).session).to.equal(undefined);
      expect((await store.read(MSISDN, `${key}1`, 'a')).session).to.equal(undefined);
      expect((await store.readFirst(MSISDN, `${key}1`, 'a')).dial).to.equal('dial a');
    });

    it('replaces a dial record only when it is the expected one', async () => {
      await store.storeTurn(MSISDN, key, turn(0, 'a'));
      expect(await store.replaceDial(MSISDN, 'another', 'x')).to.equal(false);
      expect(await store.replaceDial(MSISDN, 'dial a', 'ended')).to.equal(true);
      expect(await other.readDial(MSISDN)).to.equal('ended');
      expect(await store.replaceDial('+254700000099', 'dial a', 'x')).to.equal(false);
    });

    it('lets session and dial expire on their own, a replaced dial at its old time', async () => {
      const short = opened?.withTimes({ sessionTtlMs: 200, dialTtlMs: 1_200 });
      if (!short) return;
      await short.storeTurn(MSISDN, key, turn(0, 'a'));
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect((await short.read(MSISDN, key, 'a')).session).to.equal(undefined);
      expect(await short.replaceDial(MSISDN, 'dial a', 'replaced')).to.equal(true);
      expect(await short.readDial(MSISDN)).to.equal('replaced');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(await short.readDial(MSISDN)).to.equal(undefined);
      expect(await short.storeTurn(MSISDN, key, turn(0, 'b'))).to.deep.equal({ stored: true });
    });

    it('is bounded in the answers that a session keeps', async () => {
      for (let version = 0; version < 600; version += 1)
        await store.storeTurn(MSISDN, key, turn(version, `k${version}`));
      expect((await store.read(MSISDN, key, 'k599')).answered).to.equal('answer k599');
      expect((await store.read(MSISDN, key, 'k0')).answered).to.equal(undefined);
      expect((await store.read(MSISDN, key, 'k600')).session).to.deep.equal({ version: 600, state: 'state k599' });
    });

    it('answers ping', () => store.ping());

    it('behaves as a list of turns does', async function () {
      this.timeout(20_000);
      const step = fc.record({ offset: fc.constantFrom(0, 0, 0, -1, 1), turnKey: fc.constantFrom('a', 'b', 'c', 'd') });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          sessions += 1;
          const session = `model-${sessions}`;
          const answers = new Map<string, string>();
          let version = 0;
          for (const [at, { offset, turnKey }] of steps.entries()) {
            const outcome = await store.storeTurn(MSISDN, session, {
              ...turn(Math.max(0, version + offset), turnKey),
              answer: `answer ${at}`,
            });
            const fits = Math.max(0, version + offset) === version;
            expect(outcome).to.deep.equal(fits ? { stored: true } : { stored: false, answered: answers.get(turnKey) });
            if (fits) {
              version += 1;
              answers.set(turnKey, `answer ${at}`);
            }
          }
          for (const turnKey of ['a', 'b', 'c', 'd']) {
            const read = await store.read(MSISDN, session, turnKey);
            expect(read.answered).to.equal(answers.get(turnKey));
            expect(read.session?.version ?? 0).to.equal(version);
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}
