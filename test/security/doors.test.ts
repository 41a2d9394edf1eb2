import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { expect } from 'chai';
import { callbackGuard, HttpError, makeNetworks } from '../../src/platform/http/index.ts';
import { request } from '../support/raw-http.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

const HOP = new URLSearchParams({
  ...{ sessionId: 'ATUid_door', phoneNumber: '+254711000001', networkCode: '63902' },
  ...{ serviceCode: '*384*123#', text: '' },
}).toString();

describe('a callback key', () => {
  const { timingSafeEqual } = crypto;
  afterEach(() => {
    crypto.timingSafeEqual = timingSafeEqual;
    syncBuiltinESMExports();
  });

  it('is compared in constant time: the same comparisons of the same length, whatever was guessed', () => {
    const any = makeNetworks([]);
    const keys = ['3f9a6c1d5e2b48703f9a6c1d5e2b4870', 'the-key-before'];
    const compared: number[][] = [];
    crypto.timingSafeEqual = (one, other) => {
      compared.at(-1)?.push(one.byteLength, other.byteLength);
      return timingSafeEqual(one, other);
    };
    syncBuiltinESMExports();
    const guard = callbackGuard({ keys, networks: any, trustedProxies: any });
    const socket = { remoteAddress: '203.0.113.9' };
    const open = (key: string | undefined): boolean => {
      compared.push([]);
      try {
        guard({ req: { socket, headers: {} } } as unknown as Parameters<typeof guard>[0], key);
        return true;
      } catch (error) {
        expect(error).to.be.instanceOf(HttpError).and.include({ status: 404 });
        return false;
      }
    };
    const right = keys[0] ?? '';
    const guesses = [undefined, '', '3', 'x', right.slice(0, -1), `${right.slice(0, -1)}1`, `0${right.slice(1)}`];
    const wrong = [...guesses, `${right}0`, `${right}\0`, right.toUpperCase(), 'x'.repeat(100_000), '٣'.repeat(200)];
    for (const key of wrong) expect(open(key), String(key).slice(0, 50)).to.equal(false);
    for (const key of keys) expect(open(key)).to.equal(true);
    const [first] = compared;
    expect(first, 'every key, each against as many bytes').to.have.length(2 * keys.length);
    expect(new Set(first).size).to.equal(1);
    for (const one of compared) expect(one).to.deep.equal(first);
  });
});

describe('an address pretended through proxies', () => {
  let stores: StorePair;
  let town: TestService;
  const ALLOWED = '203.0.113.9';
  const FORBIDDEN = '198.51.100.7';

  const statusFor = async (headers: Record<string, string>): Promise<number> => {
    const port = Number(new URL(town.gateway).port);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/ussd/africastalking/${KEY}`;
    return (await request(port, 'POST', path, { headers: { ...form, ...headers }, body: HOP })).status;
  };
  const open = async (env: Record<string, string>) => {
    stores = await embeddedStores();
    town = await startService(stores, { CALLBACK_NETWORKS: '203.0.113.0/24', ...env });
  };
  afterEach(async () => {
    await town?.stop();
    await stores?.drop();
  });

  it('is not believed from anybody when no proxy is trusted', async function () {
    this.timeout(30_000);
    await open({});
    for (const name of [
      'x-forwarded-for',
      'x-real-ip',
      'forwarded',
      'cf-connecting-ip',
      'true-client-ip',
      'client-ip',
    ]) {
      expect(await statusFor({ [name]: name === 'forwarded' ? `for=${ALLOWED}` : ALLOWED }), name).to.equal(403);
    }
  });

  it('is believed from a trusted proxy alone, and of its chain only what no proxy of ours was told by others', async function () {
    this.timeout(30_000);
    await open({ TRUSTED_PROXIES: '127.0.0.1/32,10.0.0.0/8' });
    for (const [forwarded, status] of [
      [ALLOWED, 200],
      [`${ALLOWED}, 10.1.2.3`, 200],
      // The attacker wrote the first, the proxy appended who he is.
      [`${ALLOWED}, ${FORBIDDEN}`, 403],
      [`10.1.2.3, ${ALLOWED}, ${FORBIDDEN}, 10.1.2.3`, 403],
      [`${ALLOWED}, unknown`, 403],
      [`${ALLOWED};${FORBIDDEN}`, 403],
      ['127.0.0.1', 403],
      ['203.0.113', 403],
      ['203.0.113.9.evil.example', 403],
      ['', 403],
    ] as const) {
      expect(await statusFor({ 'x-forwarded-for': forwarded }), forwarded).to.equal(status);
    }
    for (const name of ['x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'x-forwarded-host']) {
      expect(await statusFor({ [name]: ALLOWED, 'x-forwarded-for': FORBIDDEN }), name).to.equal(403);
    }
    // A second header of the same name is one list with the first.
    const twice = await statusFor({ 'x-forwarded-for': ALLOWED, 'X-Forwarded-For': FORBIDDEN });
    expect(twice).to.equal(403);
  });
});
