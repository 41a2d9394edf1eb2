import { expect } from 'chai';
import { addUssdRoutes } from '../../../src/channels/ussd/index.ts';
import { systemClock } from '../../../src/kernel/index.ts';
import { callbackGuard, makeNetworks } from '../../../src/platform/http/index.ts';
import { memorySessions } from '../../../src/platform/sessions/index.ts';
import { makeAfricasTalkingUssd } from '../../../src/providers/ussd/africastalking/index.ts';
import { type AppServer, appServer } from '../../platform/http/app-server.ts';
import { type PretendDomain, pretendDomain } from './pretend-domain.ts';
import { BILLERS, demoMenus, SEALING } from './ussd-world.ts';

describe('the addresses of the USSD gateway', () => {
  let server: AppServer;
  let domain: PretendDomain;

  before(async () => {
    domain = pretendDomain();
    const menus = await demoMenus();
    const store = memorySessions({ clock: systemClock }, { sessionTtlMs: 60_000, dialTtlMs: 60_000 });
    const guard = callbackGuard({ keys: ['demo'], networks: makeNetworks([]), trustedProxies: makeNetworks([]) });
    server = await appServer((router, log) => {
      const deps = {
        ...{ clock: systemClock, store, menus, domain, log, key: 'a key for tests only', defaultLanguage: 'en' },
        ...{ billers: { all: () => BILLERS }, hopTimeoutMs: 5000, lookupTimeoutMs: 3000, sealing: SEALING },
      };
      addUssdRoutes(router, deps, makeAfricasTalkingUssd({ shortCodes: ['*384*123#'] }), guard);
    });
  });
  after(() => server.stop());

  const post = (path: string, form: Record<string, string> | string, type = 'application/x-www-form-urlencoded') =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    });
  const hop = { sessionId: 'ATUid_1', phoneNumber: '+254711000001', networkCode: '63902', serviceCode: '*384*123#' };

  it('answer a hop in plain text', async () => {
    const response = await post('/ussd/africastalking/demo', { ...hop, text: '' });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
    expect(await response.text()).to.match(/^CON Malipo/);
  });

  it('take the notification of an end, secrets in it or not, and keep none', async () => {
    const end = {
      ...hop,
      status: 'Incomplete',
      input: '4*8642',
      lastAppResponse: 'CON a\nb',
      date: '2026-11-20 09:00:00',
    };
    expect((await post('/ussd/africastalking/demo/ended', end)).status).to.equal(200);
    // By itself: a time may end in these digits by chance.
    expect(JSON.stringify(server.lines)).not.to.match(/(?<!\w)8642(?!\w)/);
  });

  it('know nobody without the key', async () => {
    for (const path of ['/ussd/africastalking/wrong', '/ussd/africastalking/wrong/ended', '/ussd/africastalking/']) {
      expect((await post(path, { ...hop, text: '' })).status).to.equal(404);
    }
  });

  it('refuse what is not of the wire with a 4xx, and change nothing', async () => {
    const path = '/ussd/africastalking/demo';
    const calls = domain.calls.length;
    for (const [body, type, status] of [
      ['sessionId=x', undefined, 400],
      [`${new URLSearchParams({ ...hop, text: '1' })}&text=2`, undefined, 400],
      [JSON.stringify({ ...hop, text: '' }), 'application/json', 415],
      [new URLSearchParams({ ...hop, phoneNumber: 'abc', text: '' }).toString(), undefined, 400],
      [new URLSearchParams({ ...hop, text: 'x'.repeat(70_000) }).toString(), undefined, 413],
      ['%', undefined, 400],
    ] as const) {
      expect((await post(path, body, type)).status, body.slice(0, 40)).to.equal(status);
    }
    expect(domain.calls.length).to.equal(calls);
  });
});
