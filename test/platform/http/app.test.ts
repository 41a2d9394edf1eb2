import { expect } from 'chai';
import { money, Refusal } from '../../../src/kernel/index.ts';
import { HttpError } from '../../../src/platform/http/index.ts';
import { request, sendRaw } from '../../support/raw-http.ts';
import { type AppServer, appServer } from './app-server.ts';

describe('makeApp', () => {
  let server: AppServer;
  const counted: number[] = [];

  before(async () => {
    server = await appServer(
      (router) => {
        router.get('/fine', (ctx) => {
          ctx.body = 'fine';
        });
        router.get('/refused', () => {
          throw new Refusal('payment.limit-exceeded', { left: money(5050n, 'KES'), tries: 3, big: 7n, row: { a: 1 } });
        });
        router.get('/status/:status', (ctx) => {
          throw new HttpError(Number(ctx.params.status), 'the reason');
        });
        router.get('/bug/:token', (ctx) => {
          ctx.set('X-Half-Done', '1');
          throw Object.assign(new Error('cannot read secret-0711000001 of +254711000001'), { config: { key: 'k' } });
        });
        router.get('/not-an-error', () => {
          throw undefined as unknown as Error;
        });
        router.get('/half', (ctx) => {
          ctx.res.writeHead(200, { 'content-length': 100 });
          ctx.res.write('half');
          throw new Error('after the headers');
        });
      },
      { metrics: { httpError: (status) => counted.push(status) } },
    );
  });
  after(() => server.stop());
  beforeEach(() => {
    server.lines.length = 0;
    counted.length = 0;
  });

  it('answers a refusal with 422 and a problem document that names the code and its values', async () => {
    const answer = await request(server.port, 'GET', '/refused');
    expect(answer.status).to.equal(422);
    expect(answer.headers['content-type']).to.equal('application/problem+json');
    expect(JSON.parse(answer.body)).to.deep.equal({
      type: 'urn:malipo:refusal:payment.limit-exceeded',
      title: 'Refused',
      status: 422,
      code: 'payment.limit-exceeded',
      details: { left: { amount: '50.50', currency: 'KES' }, tries: 3, big: '7' },
    });
    expect(server.lines).to.have.length(0);
  });

  it('tells what was wrong with a request', async () => {
    const answer = await request(server.port, 'GET', '/status/400');
    expect(answer.status).to.equal(400);
    expect(JSON.parse(answer.body)).to.deep.equal({ title: 'Bad Request', status: 400, detail: 'the reason' });
    expect(counted).to.deep.equal([400]);
  });

  it('answers 404 exactly as an address that never existed', async () => {
    const [known, unknown] = [
      await request(server.port, 'GET', '/status/404'),
      await request(server.port, 'GET', '/x'),
    ];
    const { date: _one, ...knownHeaders } = known.headers;
    const { date: _other, ...unknownHeaders } = unknown.headers;
    expect({ ...known, headers: knownHeaders }).to.deep.equal({ ...unknown, headers: unknownHeaders });
    expect(known.body).to.equal('Not Found');
  });

  it('answers 403 without the reason', async () => {
    expect((await request(server.port, 'GET', '/status/403')).body).to.equal('Forbidden');
  });

  it('answers a bug with a bare 500, logged once under the pattern of its route', async () => {
    const answer = await request(server.port, 'GET', '/bug/s3cr3t-token');
    expect([answer.status, answer.body, answer.headers['x-half-done']]).to.deep.equal([
      500,
      'Internal Server Error',
      undefined,
    ]);
    expect(server.lines).to.have.length(1);
    expect(server.lines[0]).to.include({ level: 'error', method: 'GET', route: '/bug/:token' });
    const line = JSON.stringify(server.lines);
    expect(line).to.contain('+254******001');
    for (const secret of ['s3cr3t-token', '711000001', '"config"']) expect(line).not.to.contain(secret);
  });

  it('stands something thrown that is no error', async () => {
    expect((await request(server.port, 'GET', '/not-an-error')).status).to.equal(500);
    expect(server.lines).to.have.length(1);
    expect((await request(server.port, 'GET', '/fine')).body).to.equal('fine');
  });

  it('cuts the connection when an answer fails half-way, and logs it', async () => {
    const text = await sendRaw(server.port, 'GET /half HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(text).to.match(/half$/);
    expect(server.lines.map(({ level }) => level)).to.deep.equal(['error']);
  });

  for (const [what, bytes] of [
    ['what is not HTTP', 'nonsense\r\n\r\n'],
    ['a target that is no path', 'GET http://[::bad/ HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['an absolute target with a bad port', 'GET http://a:b/ HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['two lengths', 'POST /fine HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'length and chunks',
      'POST /fine HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with NUL', 'GET /fine HTTP/1.1\r\nhost: x\r\na: b\0c\r\n\r\n'],
    ['no host', 'GET /fine HTTP/1.1\r\n\r\n'],
  ] as const) {
    it(`answers 400 to ${what}`, async () => {
      expect(await sendRaw(server.port, bytes)).to.match(/^HTTP\/1.1 400 /);
      expect(server.lines).to.have.length(0);
    });
  }

  it('answers 431 to headers past 16 KiB', async () => {
    const text = await sendRaw(server.port, `GET /fine HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(17_000)}\r\n\r\n`);
    expect(text).to.match(/^HTTP\/1.1 431 /);
  });

  it('answers odd paths below 500', async () => {
    for (const path of [
      '//evil:99999/',
      '/%',
      '/%00',
      '/%ff/%zz',
      '/fine?%',
      '/fine?a=%ff&__proto__[x]=1',
      '/..%2f..',
      '/\\',
      '/#x',
    ]) {
      expect((await request(server.port, 'GET', path)).status, path).to.be.within(200, 499);
    }
    for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'OPTIONS']) {
      expect((await request(server.port, method, '/refused')).status, method).to.be.within(200, 499);
    }
    expect(server.lines).to.have.length(0);
  });
});
