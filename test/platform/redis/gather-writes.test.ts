import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { silentLog } from '../../../src/platform/log/index.ts';
import { connectRedis } from '../../../src/platform/redis/index.ts';
import { freshRedis } from '../../support/stores.ts';

describe('writes to Redis', () => {
  let client: Redis;
  before(async function () {
    const store = await freshRedis();
    if (!store) return this.skip();
    client = (await connectRedis(store.url, silentLog)) as Redis;
  });
  after(() => client?.disconnect());

  const askThrice = () => Promise.all(['one', 'two', 'three'].map((text) => client.echo(text)));

  it('of one turn of the event loop are held back until its end, then go out together', async () => {
    const { stream } = client;
    const answers = askThrice();
    expect(stream.writableCorked).to.equal(1);
    expect(stream.writableLength).to.be.greaterThan(0);
    expect(await answers).to.deep.equal(['one', 'two', 'three']);
    expect(stream.writableCorked).to.equal(0);
  });

  it('go on after each turn, whatever was asked in the one before', async () => {
    for (let turn = 0; turn < 50; turn += 1) expect(await client.echo(`turn ${turn}`)).to.equal(`turn ${turn}`);
  });

  it('are gathered on a new connection too', async () => {
    const before = client.stream;
    const ready = new Promise((resolve) => client.once('ready', resolve));
    before.destroy();
    await ready;
    expect(client.stream).not.to.equal(before);
    const answers = askThrice();
    expect(client.stream.writableCorked).to.equal(1);
    expect(await answers).to.deep.equal(['one', 'two', 'three']);
  });
});
