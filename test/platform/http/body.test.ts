import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { BODY_LIMIT_BYTES, parseForm, parseJson, readForm, readJson } from '../../../src/platform/http/index.ts';
import { parseAnswer, request, sendRaw } from '../../support/raw-http.ts';
import { type AppServer, appServer } from './app-server.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('reading bodies', () => {
  let server: AppServer;

  before(async () => {
    server = await appServer((router) => {
      router.post('/form', async (ctx) => {
        const { fields, raw } = await readForm(ctx);
        ctx.body = { fields: { ...fields }, raw };
      });
      router.post('/text', async (ctx) => {
        const { fields } = await readForm(ctx, { lineBreaks: true });
        ctx.body = { fields: { ...fields } };
      });
      router.post('/json', async (ctx) => {
        ctx.body = await readJson(ctx);
      });
    });
  });
  after(() => server.stop());

  const post = (path: string, body: string | Buffer, headers: Record<string, string> = FORM) =>
    request(server.port, 'POST', path, { headers, body });
  const postJson = (body: string) => post('/json', body, JSON_TYPE);

  describe('readForm', () => {
    it("takes a gateway's form apart and keeps it as it came", async () => {
      const raw = 'sessionId=ATUid_1&phoneNumber=%2B254711000001&text=1*2&networkCode=&name=J+%C3%A9';
      const answer = JSON.parse((await post('/form', raw)).body);
      expect(answer.fields).to.deep.equal({
        sessionId: 'ATUid_1',
        phoneNumber: '+254711000001',
        text: '1*2',
        networkCode: '',
        name: 'J é',
      });
      expect(answer.raw).to.equal(raw);
    });

    it('takes an empty form, a charset and chunks', async () => {
      expect((await post('/form', '')).status).to.equal(200);
      const charset = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset="UTF-8"' };
      expect((await post('/form', 'a=1', charset)).status).to.equal(200);
      const chunked =
        'POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n';
      const answer = parseAnswer(await sendRaw(server.port, `${chunked}2\r\na=\r\n`, '1\r\n7\r\n0\r\n\r\n'));
      expect(answer.body).to.contain('"a":"7"');
    });

    for (const [what, body] of [
      ['a repeated field', 'text=1&text=2'],
      ['a field repeated in another spelling', 'text=1&%74ext=2'],
      ['a repeated __proto__', '__proto__=1&__proto__=2'],
      ['NUL', 'text=a%00b'],
      ['a raw control character', 'text=a\u0007b'],
      ['a line break', 'text=a%0Ab'],
      ['DEL', 'text=%7F'],
      ['a control character in a name', 'te%01xt=1'],
      ['a broken escape', 'text=%4'],
      ['an escape that is not hex', 'text=%GG'],
      ['bad UTF-8 in escapes', 'text=%C3%28'],
      ['half a surrogate pair in escapes', 'text=%ED%A0%80'],
      ['bad UTF-8 as bytes', Buffer.from([0x61, 0x3d, 0xc3, 0x28])],
      ['too many fields', Array.from({ length: 201 }, (_, at) => `f${at}=1`).join('&')],
    ] as const) {
      it(`refuses ${what}`, async () => {
        expect((await post('/form', body)).status).to.equal(400);
      });
    }

    it('lets line breaks through where people write, but no other control character', async () => {
      expect(JSON.parse((await post('/text', 'text=a%0D%0Ab%09c')).body).fields.text).to.equal('a\r\nb\tc');
      expect((await post('/text', 'text=a%00')).status).to.equal(400);
      expect((await post('/text', 'te%0Axt=a')).status).to.equal(400);
    });

    it('keeps fields named as what every object has', () => {
      const fields = parseForm('__proto__=1&constructor=2&toString=3');
      expect(Object.keys(fields)).to.deep.equal(['__proto__', 'constructor', 'toString']);
      expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    });

    for (const [what, headers] of [
      ['JSON', JSON_TYPE],
      ['no content type', {}],
      ['an empty content type', { 'content-type': ';;' }],
      ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }],
      ['a longer name', { 'content-type': 'application/x-www-form-urlencodedx' }],
      ['another charset', { 'content-type': 'application/x-www-form-urlencoded; charset=latin1' }],
      ['gzip', { ...FORM, 'content-encoding': 'gzip' }],
      ['an unknown encoding', { ...FORM, 'content-encoding': 'x' }],
    ] as [string, Record<string, string>][]) {
      it(`answers 415 to ${what}`, async () => {
        expect((await post('/form', 'a=1', headers)).status).to.equal(415);
      });
    }

    it('answers 415 to a corrupt gzip body', async () => {
      const body = gzipSync('a=1').subarray(0, 12);
      expect((await post('/form', body, { ...FORM, 'content-encoding': 'gzip' })).status).to.equal(415);
    });
  });

  describe('the limit of 64 KiB', () => {
    const form = (bytes: number) => `a=${'x'.repeat(bytes - 2)}`;

    it('takes exactly the limit', async () => {
      expect((await post('/form', form(BODY_LIMIT_BYTES))).status).to.equal(200);
    });

    it('answers 413 one byte past it, by the declared length and by what comes', async () => {
      expect((await post('/form', form(BODY_LIMIT_BYTES + 1))).status).to.equal(413);
      const head =
        'POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n';
      const chunk = form(BODY_LIMIT_BYTES + 1);
      const text = await sendRaw(server.port, head, `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`);
      expect(text).to.match(/^HTTP\/1.1 413 /);
    });

    it('answers before the body has come, and cuts off who goes on for megabytes', async () => {
      const head = `POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 99999999\r\n\r\n`;
      expect(await sendRaw(server.port, head)).to.match(/^HTTP\/1.1 413 /);
      const megabytes = Array.from({ length: 12 }, () => Buffer.alloc(1024 * 1024, 'x'));
      expect(await sendRaw(server.port, head, ...megabytes)).to.match(/^(HTTP\/1.1 413 |$)/);
      expect((await post('/form', 'a=1')).status).to.equal(200);
    });

    it('keeps the connection usable after a 413', async () => {
      const body = form(BODY_LIMIT_BYTES + 1);
      const first = `POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      const second =
        'POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n\r\na=7';
      const text = await sendRaw(server.port, first, second);
      expect(text.match(/HTTP\/1.1 \d+/g)).to.deep.equal(['HTTP/1.1 413', 'HTTP/1.1 200']);
    });
  });

  it('survives a request that breaks off, and logs no error', async () => {
    server.lines.length = 0;
    const head =
      'POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 50\r\n\r\na=1';
    await sendRaw(server.port, head);
    expect((await post('/form', 'a=1')).status).to.equal(200);
    expect(server.lines.filter(({ level }) => level === 'error')).to.have.length(0);
  });

  describe('readJson', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

    it('gives the value and the body as it came', async () => {
      const raw = '{ "Body": {"stkCallback": {"ResultCode": 0, "Amount": 1.00}} }';
      expect(JSON.parse((await postJson(raw)).body)).to.deep.equal({ value: JSON.parse(raw), raw });
    });

    it('takes nesting of 32 and 5,000 values', async () => {
      expect((await postJson(nested(32))).status).to.equal(200);
      expect((await postJson(JSON.stringify(Array.from({ length: 4_999 }, () => 1)))).status).to.equal(200);
    });

    for (const [what, body] of [
      ['nothing', ''],
      ['half an object', '{"a":'],
      ['two values', '{} {}'],
      ['NaN', '{"a":NaN}'],
      ['a byte order mark', '\ufeff{}'],
      ['nesting of 33', nested(33)],
      ['nesting of 30,000', nested(30_000)],
      ['nested objects', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
      ['5,001 values', JSON.stringify(Array.from({ length: 5_000 }, () => 1))],
      ['a number past a double', '{"Amount":1e999}'],
      ['an integer that a double rounds', '{"Amount":9007199254740993}'],
      ['a number of 50,000 digits', `{"Amount":${'9'.repeat(50_000)}}`],
      ['NUL in a text', '{"a":"x\\u0000y"}'],
      ['a control character in a name', '{"a\\u0001":1}'],
      ['half a surrogate pair', '{"a":"\\ud800"}'],
      ['bad UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ] as const) {
      it(`refuses ${what}`, async () => {
        expect((await post('/json', body, JSON_TYPE)).status).to.equal(400);
      });
    }

    it('answers 415 to a form', async () => {
      expect((await post('/json', '{}', FORM)).status).to.equal(415);
    });

    it('drops __proto__, so that no copy takes it for the prototype', () => {
      const value = parseJson('{"__proto__":{"admin":true},"a":{"__proto__":{"x":1}}}') as Record<string, object>;
      expect(Object.keys(value)).to.deep.equal(['a']);
      const copy = Object.assign({}, value, value.a) as Record<string, unknown>;
      expect([copy.admin, copy.x]).to.deep.equal([undefined, undefined]);
    });

    it('takes the line breaks that operators put into their words', () => {
      expect(parseJson('"a\\nb"')).to.equal('a\nb');
    });
  });

  it('never answers 500, whatever the bytes', async function () {
    this.timeout(20_000);
    const type = fc.constantFrom(FORM, JSON_TYPE, {});
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
      fc.webQueryParameters().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/form', '/text', '/json'), type, body, async (path, headers, bytes) => {
        const answer = await post(path, bytes, headers as Record<string, string>);
        return answer.status >= 200 && answer.status < 500;
      }),
      { numRuns: 500 },
    );
  });
});
