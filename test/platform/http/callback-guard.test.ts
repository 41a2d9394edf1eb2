import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import {
  callbackGuard,
  type HttpError,
  isCidr,
  makeNetworks,
  sourceAddress,
} from '../../../src/platform/http/index.ts';
import { request } from '../../support/raw-http.ts';
import { appServer } from './app-server.ts';

const any = makeNetworks([]);

function from(remoteAddress: string | undefined, forwarded?: string): { req: IncomingMessage } {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { req: { socket: { remoteAddress }, headers } as unknown as IncomingMessage };
}

function statusOf(act: () => void): number {
  try {
    act();
    return 200;
  } catch (error) {
    return (error as HttpError).status;
  }
}

describe('callbackGuard', () => {
  const keys = ['3f9a6c1d5e2b4870', 'previous-0123456789'];

  it('takes the current and the previous key, and nothing near them', () => {
    const guard = callbackGuard({ keys, networks: any, trustedProxies: any });
    for (const key of keys) expect(statusOf(() => guard(from('10.0.0.1'), key))).to.equal(200);
    for (const key of ['', undefined, '3f9a6c1d5e2b487', '3f9a6c1d5e2b48700', '3F9A6C1D5E2B4870', `${keys[0]}\0`]) {
      expect(
        statusOf(() => guard(from('10.0.0.1'), key)),
        String(key),
      ).to.equal(404);
    }
  });

  it('refuses to be made without a key', () => {
    expect(() => callbackGuard({ keys: [], networks: any, trustedProxies: any })).to.throw('needs a key');
    expect(() => callbackGuard({ keys: ['a', ''], networks: any, trustedProxies: any })).to.throw('needs a key');
  });

  it('answers 403 to a source outside the networks, whatever the key', () => {
    const networks = makeNetworks(['196.201.212.0/22', '2001:db8::/32', '10.9.8.7']);
    const guard = callbackGuard({ keys, networks, trustedProxies: any });
    for (const source of ['196.201.215.255', '::ffff:196.201.213.1', '2001:db8::1', '10.9.8.7']) {
      expect(
        statusOf(() => guard(from(source), keys[0])),
        source,
      ).to.equal(200);
      expect(
        statusOf(() => guard(from(source), 'wrong')),
        source,
      ).to.equal(404);
    }
    for (const source of ['196.201.216.0', '10.9.8.8', '2001:db9::1', 'nonsense', undefined]) {
      expect(
        statusOf(() => guard(from(source), keys[0])),
        source,
      ).to.equal(403);
      expect(
        statusOf(() => guard(from(source), 'wrong')),
        source,
      ).to.equal(403);
    }
  });

  it('works behind the router, and leaves no trace of the key in the log', async () => {
    const guard = callbackGuard({ keys, networks: any, trustedProxies: any });
    const server = await appServer((router, log) => {
      router.post('/callbacks/daraja/:key/stk', (ctx) => {
        guard(ctx, ctx.params.key);
        log.info({ url: 'taken' });
        ctx.body = 'ok';
      });
    });
    const [right, wrong] = [
      await request(server.port, 'POST', `/callbacks/daraja/${keys[0]}/stk`),
      await request(server.port, 'POST', '/callbacks/daraja/demo/stk'),
    ];
    await server.stop();
    expect([right.status, wrong.status, wrong.body]).to.deep.equal([200, 404, 'Not Found']);
    expect(JSON.stringify(server.lines)).not.to.contain(keys[0]);
  });
});

describe('sourceAddress', () => {
  const proxies = makeNetworks(['10.0.0.0/8', '::1']);

  for (const [what, peer, forwarded, source] of [
    ['the peer when nobody is trusted to say otherwise', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['what a trusted proxy says', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the last address that is not a proxy of ours', '10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['an address with a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6 in brackets', '::ffff:10.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['the farthest proxy when all are ours', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['the peer without a header', '10.0.0.1', undefined, '10.0.0.1'],
    ['nothing when the header is nonsense', '10.0.0.1', '203.0.113.9, unknown', undefined],
    ['nothing when the header is empty', '10.0.0.1', '', undefined],
  ] as const) {
    it(`is ${what}`, () => {
      expect(sourceAddress(from(peer, forwarded).req, proxies)).to.equal(source);
    });
  }

  it('believes nobody when no proxy is known', () => {
    expect(sourceAddress(from('127.0.0.1', '1.2.3.4').req, any)).to.equal('127.0.0.1');
  });
});

describe('isCidr', () => {
  it('tells networks from other texts', () => {
    for (const cidr of ['10.0.0.0/8', '0.0.0.0/0', '::/0', '2001:db8::1', '1.2.3.4/32'])
      expect(isCidr(cidr), cidr).to.equal(true);
    for (const text of [
      '',
      '10.0.0.0/33',
      '10.0.0/8',
      '::/129',
      '1.2.3.4/',
      '1.2.3.4/8/8',
      'localhost',
      '10.0.0.0/-1',
    ]) {
      expect(isCidr(text), text).to.equal(false);
    }
    expect(() => makeNetworks(['nonsense'])).to.throw('not a network');
  });
});
