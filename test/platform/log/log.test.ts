import { expect } from 'chai';
import { type LogLevel, makeLog, maskText, serializeError } from '../../../src/platform/log/index.ts';

function logged(write: (log: ReturnType<typeof makeLog>) => void, level: LogLevel = 'info'): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  write(makeLog(level, { write: (line) => void lines.push(JSON.parse(line)) }));
  return lines;
}

describe('makeLog', () => {
  it('writes one line of JSON with level, time and message', () => {
    const [line] = logged((log) => log.info({ outcome: 'end', ms: 3 }, 'hop'));
    expect(line).to.include({ level: 'info', outcome: 'end', ms: 3, msg: 'hop' });
    expect(line?.time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line).not.to.have.any.keys('pid', 'hostname');
  });

  it('keeps below its level', () => {
    expect(logged((log) => log.info('quiet'), 'warn')).to.deep.equal([]);
  });

  it('masks phone numbers at any depth', () => {
    const number = '+254711000001';
    const fields = { msisdn: number, payer: number, inner: { dialler: number, list: [{ phoneNumber: number }] } };
    const [line] = logged((log) => log.info(fields));
    expect(line).to.deep.include({
      msisdn: '+254******001',
      payer: '+254******001',
      inner: { dialler: '+254******001', list: [{ phoneNumber: '+254******001' }] },
    });
  });

  it('masks the ends of a message, not those of a transition', () => {
    const [line] = logged((log) =>
      log.info({ from: 'requested', to: 'held', sms: { from: 'MALIPO', to: '254711000001' } }),
    );
    expect(line).to.deep.include({ from: 'requested', to: 'held', sms: { from: 'MALIPO', to: '2547*****001' } });
  });

  it('hides secrets at any depth', () => {
    const secret = 's3cr3t';
    const fields = {
      pin: secret,
      token: secret,
      request: { headers: { authorization: secret }, key: secret, password: [secret] },
    };
    expect(JSON.stringify(logged((log) => log.info(fields)))).not.to.contain(secret);
  });

  it('hides them in the fields of a child too', () => {
    expect(
      JSON.stringify(logged((log) => log.child({ token: 's3cr3t', msisdn: '+254711000001' }).info('x'))),
    ).not.to.match(/s3cr3t|711000001/);
  });

  it('stands amounts, dates, rings and depth', () => {
    const ring: Record<string, unknown> = {};
    ring.ring = ring;
    const [line] = logged((log) => log.info({ amountMinor: 5n, at: new Date(0), money: { amountMinor: 7n }, ring }));
    expect(line).to.deep.include({ amountMinor: '5', at: '1970-01-01T00:00:00.000Z', money: { amountMinor: '7' } });
  });

  it('writes of an error only its name, message, code, stack and cause', () => {
    const error = Object.assign(
      new Error('Request failed for 254711000001', { cause: new Error('bearer abcdefghijk') }),
      {
        code: 'ECONNRESET',
        config: { headers: { Authorization: 'Bearer abcdefghijk' }, data: 'phone=254711000001' },
        request: {},
        response: { data: 'x' },
      },
    );
    for (const [line] of [logged((log) => log.error({ err: error })), logged((log) => log.error(error))]) {
      expect(line?.err).to.have.all.keys('type', 'message', 'code', 'stack', 'cause');
      expect(JSON.stringify(line)).not.to.match(/711000001|abcdefghijk|"(config|request|response)"/);
      expect(line?.err).to.include({ type: 'Error', message: 'Request failed for 2547*****001', code: 'ECONNRESET' });
    }
  });
});

describe('maskText', () => {
  for (const [text, masked] of [
    ['POST /ussd/africastalking/3f9a6c1d/ended', 'POST /ussd/africastalking/[hidden]/ended'],
    ['/callbacks/daraja/demo/stk/0123abcd', '/callbacks/daraja/[hidden]/stk/0123abcd'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [hidden]'],
    ['password=hunter2hunter2', 'password=[hidden]'],
    ['call +254711000001 or 0711000001', 'call +254******001 or 0711***001'],
    ['payment 0190a1b2-0711000001-x', 'payment 0190a1b2-0711000001-x'],
    ['connect ECONNREFUSED 127.0.0.1:8080', 'connect ECONNREFUSED 127.0.0.1:8080'],
  ] as const) {
    it(`turns "${text}" into "${masked}"`, () => {
      expect(maskText(text)).to.equal(masked);
    });
  }

  it('is bounded', () => {
    expect(maskText('x'.repeat(10_000))).to.have.length(4_000);
  });
});

describe('serializeError', () => {
  it('stands what is no error, and endless causes', () => {
    expect(serializeError('call 254711000001')).to.deep.equal({ type: 'string', message: 'call 2547*****001' });
    expect(serializeError(undefined)).to.deep.equal({ type: 'undefined', message: 'undefined' });
    const error = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).match(/"type"/g)).to.have.length(5);
  });
});
