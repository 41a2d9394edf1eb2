import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { sleep, systemClock } from '../../src/kernel/index.ts';
import { makeApp, type RunningServer, readForm, SERVER_LIMITS, startServer } from '../../src/platform/http/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';

/** The limits of the real server, a fiftieth as long. */
const FASTER = 50;
const limits = {
  headersTimeout: SERVER_LIMITS.headersTimeout / FASTER,
  requestTimeout: SERVER_LIMITS.requestTimeout / FASTER,
  connectionsCheckingInterval: SERVER_LIMITS.connectionsCheckingInterval / FASTER,
  keepAliveTimeout: SERVER_LIMITS.keepAliveTimeout / FASTER,
};
const FORM = 'content-type: application/x-www-form-urlencoded\r\n';

describe('senders that are slow, endless or many', () => {
  let server: RunningServer;
  const sockets: Socket[] = [];
  const start = async (more = {}) => {
    const app = makeApp({ log: silentLog });
    app.use(async (ctx) => {
      const { fields } = await readForm(ctx);
      ctx.body = `took ${Object.keys(fields).length}`;
    });
    const options = { port: 0, host: '127.0.0.1', clock: systemClock, stopWithinMs: 200 };
    server = await startServer(app, { ...options, limits: { ...limits, ...more } });
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.stop();
  });

  /** Writes `head`, then a byte of `drip` again and again, until the server closes; what it said, and how many bytes went out. */
  async function drip(head: string, byte: string, everyMs = 10): Promise<{ said: string; sent: number }> {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket);
    let [said, sent, open] = ['', 0, true];
    socket.on('data', (chunk) => (said += chunk));
    socket.on('error', () => {});
    socket.on('close', () => (open = false));
    socket.write(head);
    while (open) {
      await sleep(systemClock, everyMs);
      if (open && byte !== '') socket.write(byte);
      sent += byte.length;
    }
    return { said, sent };
  }

  const answersStill = async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`, {
      method: 'POST',
      body: new URLSearchParams('a=1'),
    });
    expect([answer.status, await answer.text()]).to.deep.equal([200, 'took 1']);
  };

  it('are closed when the head of a request does not end', async () => {
    await start();
    const { said } = await drip('POST / HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a');
    expect(said).to.match(/^HTTP\/1\.1 408 |^$/);
    await answersStill();
  });

  it('are closed when the body trickles, with its length declared and in chunks', async () => {
    await start();
    const declared = await drip(`POST / HTTP/1.1\r\nhost: x\r\n${FORM}content-length: 60000\r\n\r\na=`, 'b');
    expect(declared.said).to.match(/^HTTP\/1\.1 408 |^$/);
    const chunked = await drip(`POST / HTTP/1.1\r\nhost: x\r\n${FORM}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n');
    expect(chunked.said).to.match(/^HTTP\/1\.1 408 |^$/);
    await answersStill();
  });

  it('are closed when they say nothing at all, before a request and after one', async () => {
    await start();
    await drip('', '');
    const { said } = await drip(`POST / HTTP/1.1\r\nhost: x\r\n${FORM}content-length: 3\r\n\r\na=1`, '');
    expect(said).to.match(/^HTTP\/1\.1 200 .*took 1$/s);
  });

  it('do not keep others waiting, two hundred at once', async () => {
    await start();
    const slow = Array.from({ length: 200 }, () => drip('POST / HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a', 50));
    await answersStill();
    await Promise.all(slow);
    await answersStill();
  }).timeout(20_000);

  it('are not taken beyond a number of connections, and are again when some have gone', async () => {
    await start({ maxConnections: 10 });
    const held = Array.from({ length: 10 }, () => drip('', ''));
    await sleep(systemClock, 50);
    const { said } = await drip('POST / HTTP/1.1\r\nhost: x\r\n', '');
    expect(said, 'closed without an answer').to.equal('');
    await Promise.all(held);
    await answersStill();
  });

  it('find heads and bodies bounded', async () => {
    await start();
    const large = await drip(`POST / HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(20_000)}\r\n\r\n`, '');
    expect(large.said).to.match(/^HTTP\/1\.1 431 /);
    const endless = await drip(
      `POST / HTTP/1.1\r\nhost: x\r\n${FORM}transfer-encoding: chunked\r\n\r\n`,
      `10000\r\n${'x'.repeat(65_536)}\r\n`,
      1,
    );
    expect(endless.said).to.match(/^HTTP\/1\.1 413 |^$/);
    expect(endless.sent, 'bytes that were let in').to.be.below(64 * 1024 * 1024);
    await answersStill();
  });

  it('meet limits that a real sender never comes near', () => {
    expect(SERVER_LIMITS.headersTimeout).to.be.at.most(SERVER_LIMITS.requestTimeout);
    expect(SERVER_LIMITS.requestTimeout).to.be.at.most(15_000);
    expect(SERVER_LIMITS.maxHeaderSize).to.be.at.most(16_384);
    expect(SERVER_LIMITS.maxConnections).to.be.at.most(20_000);
  });
});
