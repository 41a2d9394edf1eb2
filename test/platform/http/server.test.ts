import http from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { sleep, systemClock } from '../../../src/kernel/index.ts';
import { makeApp, startServer } from '../../../src/platform/http/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { request, sendRaw } from '../../support/raw-http.ts';

describe('startServer', () => {
  function slowApp(answerAfterMs: number) {
    const app = makeApp({ log: silentLog });
    app.use(async (ctx) => {
      await sleep(systemClock, answerAfterMs);
      ctx.body = 'done';
    });
    return app;
  }
  const options = { port: 0, host: '127.0.0.1', clock: systemClock };

  it('finishes what is in hand and takes nothing new', async () => {
    const server = await startServer(slowApp(200), options);
    const agent = new http.Agent({ keepAlive: true });
    const underWay = new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      http
        .get({ port: server.port, host: '127.0.0.1', agent }, (res) => {
          res.resume();
          res.on('end', () => resolve({ status: res.statusCode, connection: res.headers.connection }));
        })
        .on('error', reject);
    });
    await sleep(systemClock, 50);
    const stoppedAt = Date.now();
    const [, answer] = await Promise.all([server.stop(), underWay, server.stop()]);
    agent.destroy();
    expect(answer.status).to.equal(200);
    // The kept connection is closed at once, not after its 65 seconds.
    expect(Date.now() - stoppedAt).to.be.below(5_000);
    expect(await sendRaw(server.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')).to.equal('');
  });

  it('closes idle connections at once', async () => {
    const server = await startServer(slowApp(0), options);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const startedAt = Date.now();
    await server.stop();
    await closed;
    expect(Date.now() - startedAt).to.be.below(5_000);
  });

  it('cuts off who takes longer than the bound', async () => {
    const server = await startServer(slowApp(5_000), { ...options, stopWithinMs: 100 });
    const cut = request(server.port, 'GET', '/');
    await sleep(systemClock, 50);
    const startedAt = Date.now();
    await server.stop();
    expect(Date.now() - startedAt).to.be.within(50, 3_000);
    expect((await cut).status).to.equal(0);
  });

  it('rejects when the address is taken', async () => {
    const server = await startServer(slowApp(0), options);
    const error = await startServer(slowApp(0), { ...options, port: server.port }).catch((failure: unknown) => failure);
    await server.stop();
    expect(error).to.include({ code: 'EADDRINUSE' });
  });
});
