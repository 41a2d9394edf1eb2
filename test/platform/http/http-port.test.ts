import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { HttpFault, makeHttpPort } from '../../../src/platform/http/index.ts';

describe('makeHttpPort', () => {
  const port = makeHttpPort(systemRuntime, { socketsPerHost: 2 });
  const closers: (() => void)[] = [];
  after(() => port.close());
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function listen(server: net.Server): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const httpServer = (listener: http.RequestListener) => listen(http.createServer(listener));
  const tcpServer = (onConnection: (socket: Socket) => void) => listen(net.createServer(onConnection));

  async function fault(request: Parameters<typeof port.request>[0]): Promise<HttpFault> {
    try {
      await port.request(request);
    } catch (error) {
      expect(error).to.be.instanceOf(HttpFault);
      return error as HttpFault;
    }
    throw new Error('an answer came');
  }
  const get = (url: string, timeoutMs = 1_000) => ({ method: 'GET', url, timeoutMs }) as const;

  it('sends method, headers and body, and gives status, headers and body of any answer', async () => {
    const url = await httpServer((req, res) => {
      let body = '';
      req.on('data', (chunk) => (body += chunk));
      req.on('end', () => {
        res.writeHead(503, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Length': req.headers['content-length'] ?? 'none' });
        res.end(`${req.method} ${req.url} ${req.headers.authorization} ${body}`);
      });
    });
    const headers = { authorization: 'Bearer x' };
    const answer = await port.request({
      method: 'POST',
      url: `${url}/a?b=c`,
      headers,
      body: '{"name":"é"}',
      timeoutMs: 1_000,
    });
    expect(answer.status).to.equal(503);
    expect(answer.body).to.equal('POST /a?b=c Bearer x {"name":"é"}');
    expect(answer.headers).to.include({ 'set-cookie': 'a=1, b=2', 'x-length': '13' });
  });

  it('follows no redirect', async () => {
    const url = await httpServer((_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    expect((await port.request(get(url))).status).to.equal(302);
  });

  it('keeps connections, and opens a new one when told to', async () => {
    const seen: (number | undefined)[] = [];
    const url = await httpServer((req, res) => {
      seen.push(req.socket.remotePort);
      res.end('ok');
    });
    for (let round = 0; round < 3; round += 1) await port.request(get(url));
    expect(new Set(seen).size).to.equal(1);
    await port.request({ ...get(url), connection: 'new' });
    expect(new Set(seen).size).to.equal(2);
  });

  it('keeps one for what is sent right after, and takes none that has rested, when told to', async () => {
    const seen: (number | undefined)[] = [];
    const url = await httpServer((req, res) => {
      seen.push(req.socket.remotePort);
      res.end('ok');
    });
    const recent = { ...get(url), connection: 'recent' as const };
    for (let round = 0; round < 3; round += 1) await port.request(recent);
    expect(new Set(seen).size).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await port.request(recent);
    expect(new Set(seen).size).to.equal(2);
  });

  describe('nothing was sent', () => {
    it('when the connection is refused', async () => {
      const free = await tcpServer(() => {});
      closers.splice(0).forEach((close) => void close());
      expect(await fault(get(free))).to.include({ sent: 'no' });
    });

    it('when the host is unknown', async () => {
      expect(await fault(get('http://no-such-host.invalid/', 3_000))).to.include({ sent: 'no' });
    });

    it('when the address, a header or the protocol is none', async () => {
      expect(await fault(get('nonsense'))).to.include({ sent: 'no' });
      expect(await fault(get('ftp://127.0.0.1/'))).to.include({ sent: 'no' });
      expect(await fault({ ...get('http://127.0.0.1:1/'), headers: { a: 'b\r\nc' } })).to.include({ sent: 'no' });
    });

    it('when the TLS handshake fails', async () => {
      const url = await httpServer((_req, res) => res.end());
      expect(await fault(get(url.replace('http:', 'https:')))).to.include({ sent: 'no' });
    });

    it('when the time ran out before the TLS handshake ended', async () => {
      const url = await tcpServer(() => {});
      expect(await fault(get(url.replace('http:', 'https:'), 100))).to.include({ sent: 'no' });
    });

    it('when the time ran out while all connections to the host were busy', async () => {
      const url = await tcpServer(() => {});
      const busy = [fault(get(url, 400)), fault(get(url, 400))];
      expect(await fault(get(url, 100))).to.include({ sent: 'no' });
      for (const other of await Promise.all(busy)) expect(other.sent).to.equal('maybe');
    });
  });

  describe('it may have been sent', () => {
    it('when no answer came in time', async () => {
      const url = await tcpServer(() => {});
      const error = await fault(get(`${url}/secret-path`, 100));
      expect(error).to.include({ sent: 'maybe' });
      expect(error.message)
        .to.match(/no answer within 100 ms/)
        .and.not.contain('secret-path');
    });

    it('when the answer drips past the time', async () => {
      const url = await httpServer((_req, res) => {
        res.writeHead(200);
        const drip = setInterval(() => res.write('x'), 20);
        res.on('close', () => clearInterval(drip));
      });
      const startedAt = Date.now();
      expect(await fault(get(url, 200))).to.include({ sent: 'maybe' });
      expect(Date.now() - startedAt).to.be.below(3_000);
    });

    it('when the connection is reset or closed after it was opened', async () => {
      for (const end of ['resetAndDestroy', 'end', 'destroy'] as const) {
        const url = await tcpServer((socket) => socket.once('data', () => socket[end]()));
        expect((await fault(get(url))).sent, end).to.equal('maybe');
      }
    });

    it('when a kept connection turns out to be closed', async () => {
      const sockets: Socket[] = [];
      const url = await tcpServer((socket) => {
        sockets.push(socket);
        let asked = 0;
        socket.on('data', () => {
          asked += 1;
          if (asked === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
          else socket.resetAndDestroy();
        });
      });
      await port.request(get(url));
      expect(await fault(get(url))).to.include({ sent: 'maybe' });
      expect(sockets).to.have.length(1);
    });

    it('when the answer is cut off, is no HTTP, or switches protocols', async () => {
      for (const text of [
        'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok',
        'hello\r\n\r\n',
        'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      ]) {
        const url = await tcpServer((socket) => socket.once('data', () => socket.end(text)));
        expect((await fault(get(url))).sent, text).to.equal('maybe');
      }
    });

    it('when the answer is larger than 1 MiB', async () => {
      const url = await httpServer((_req, res) => res.end(Buffer.alloc(1024 * 1024 + 1)));
      const error = await fault(get(url));
      expect(error.sent).to.equal('maybe');
      expect(error.message).to.contain('larger than 1048576 bytes');
    });
  });

  it('takes an answer of exactly 1 MiB', async () => {
    const url = await httpServer((_req, res) => res.end(Buffer.alloc(1024 * 1024, 'x')));
    expect((await port.request(get(url))).body).to.have.length(1024 * 1024);
  });
});
