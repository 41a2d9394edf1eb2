import { expect } from 'chai';
import { makeLog, silentLog } from '../../../src/platform/log/index.ts';
import { connectRedis, defineScript, type RedisClient } from '../../../src/platform/redis/index.ts';
import { freePort } from '../../support/private-program.ts';
import { startRedis } from '../../support/private-redis.ts';
import { freshRedis } from '../../support/stores.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function failureOf(work: Promise<unknown>): Promise<{ afterMs: number; message: string }> {
  const startedAt = Date.now();
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure as Error,
  );
  if (!error) throw new Error('it succeeded');
  return { afterMs: Date.now() - startedAt, message: error.message };
}

describe('connectRedis', function () {
  this.timeout(20_000);
  const clients: RedisClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  it('rejects when nothing answers, naming the address without its password', async () => {
    const port = await freePort();
    const { message } = await failureOf(connectRedis(`redis://user:secret@127.0.0.1:${port}`, silentLog));
    expect(message).to.equal(`Redis does not answer at 127.0.0.1:${port}`);
  });

  it('fails fast while the server is away, and comes back by itself', async function () {
    const first = await startRedis();
    if (!first) return this.skip();
    const lines: string[] = [];
    const log = makeLog('info', { write: (line) => void lines.push(line) });
    const client = await connectRedis(first.url, log);
    clients.push(client);
    await client.set('a', '1');
    await first.stop();
    await pause(50);
    expect((await failureOf(client.get('a'))).afterMs).to.be.below(600);
    const second = await startRedis({ port: Number(new URL(first.url).port) });
    await pause(1_500);
    expect(await client.get('a')).to.equal(null);
    await second?.stop();
    const told = lines.join('');
    expect(told.match(/out of reach/g), told).to.have.length.within(1, 2);
    expect(told).to.contain('Redis is back');
  });

  it('gives up within about a second on a server that hangs, then recovers', async function () {
    const server = await startRedis();
    if (!server) return this.skip();
    const client = await connectRedis(server.url, silentLog);
    clients.push(client);
    await client.call('CLIENT', 'PAUSE', '1500');
    expect((await failureOf(client.get('a'))).afterMs).to.be.within(800, 4_000);
    expect((await failureOf(client.get('a'))).afterMs).to.be.below(4_000);
    await pause(2_500);
    expect(await client.get('a')).to.equal(null);
    await server.stop();
  });
});

describe('defineScript', () => {
  it('sends the text again to a server that has forgotten it', async function () {
    const fresh = await freshRedis();
    if (!fresh) return this.skip();
    const client = await connectRedis(fresh.url, silentLog);
    const script = defineScript(client, 1, "return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(await script('n', '2')).to.equal(2);
    await client.script('FLUSH');
    expect(await script('n', '3')).to.equal(5);
    expect(await client.get('n')).to.equal('5');
    const failing = defineScript(client, 0, "return redis.error_reply('ERR no')");
    expect((await failureOf(failing())).message).to.contain('no');
    client.disconnect();
    await fresh.drop();
  });
});
