import { expect } from 'chai';
import { newAccount } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

const HOP = {
  sessionId: 'ATUid_door',
  phoneNumber: '+254711000001',
  networkCode: '63902',
  serviceCode: '*384*123#',
  text: '',
};

describeOnStores('the doors of the gateway', (stores) => {
  let town: TestService;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), { CALLBACK_KEY: KEY, CALLBACK_KEY_PREVIOUS: 'the-key-before' });
  });
  after(() => town?.stop());

  const hop = (key: string) => town.post(`/ussd/africastalking/${key}`, new URLSearchParams(HOP));

  it('say that it lives, is ready, and what it counts', async () => {
    expect(await town.get('/health/live')).to.include({ status: 200, text: '{"status":"live"}' });
    expect(await town.get('/health/ready')).to.include({ status: 200, text: '{"status":"ready"}' });
    const jane = await town.phone();
    const account = newAccount();
    await jane.gets('paid KES', await jane.pays({ biller: 2, account, amount: 500 }));
    const { status, text } = await town.get('/metrics');
    expect(status).to.equal(200);
    for (const name of [
      'malipo_hop_seconds',
      'malipo_provider_call_seconds',
      'malipo_outbox_ready',
      'malipo_outbox_dead 0',
    ]) {
      expect(text).to.include(name);
    }
    expect(text, 'no number, no account, no key').not.to.match(
      new RegExp(`${jane.msisdn.slice(1)}|${account}|/${KEY}`),
    );
    await town.expectSound();
  });

  it('take the current key and the one before it, and hide from any other', async () => {
    expect((await hop(KEY)).status).to.equal(200);
    expect((await hop('the-key-before')).status).to.equal(200);
    const hidden = await hop('another');
    const nowhere = await town.get('/no/such/place');
    expect(hidden.status).to.equal(404);
    expect(hidden.text, 'as if nothing were there').to.equal(nowhere.text);
  });

  it('are shut to networks that may not call, whatever they know', async function () {
    this.timeout(60_000);
    const guarded = await startService(stores(), {
      CALLBACK_NETWORKS: '10.0.0.0/8,196.201.212.0/22',
      TRUSTED_PROXIES: '192.0.2.0/24',
      DATA_DIR: `${stores().dataDir}/guarded`,
    });
    try {
      for (const key of [KEY, 'wrong']) {
        const answer = await guarded.post(`/ussd/africastalking/${key}`, new URLSearchParams(HOP));
        expect(answer).to.deep.equal({ status: 403, text: 'Forbidden' });
      }
      const forged = await fetch(`${guarded.gateway}/ussd/africastalking/${KEY}`, {
        method: 'POST',
        body: new URLSearchParams(HOP),
        headers: { 'x-forwarded-for': '10.1.2.3' },
      });
      expect(forged.status, 'nobody vouches for that address').to.equal(403);
      expect((await guarded.get('/health/live')).status).to.equal(200);
    } finally {
      await guarded.stop();
    }
  });

  it('refuse a body of another type, a compressed one, and one over 64 KiB', async () => {
    const address = `${town.gateway}/ussd/africastalking/${KEY}`;
    const send = async (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
      (await fetch(address, { method: 'POST', headers, body })).status;
    const form = 'application/x-www-form-urlencoded';
    expect(await send({ 'content-type': 'application/json' }, JSON.stringify(HOP))).to.equal(415);
    expect(await send({ 'content-type': form, 'content-encoding': 'gzip' }, Uint8Array.of(0x1f, 0x8b, 0))).to.equal(
      415,
    );
    expect(await send({ 'content-type': form }, `text=${'1'.repeat(66_000)}`)).to.equal(413);
    expect(await send({ 'content-type': form }, 'text=%ff')).to.equal(400);
    expect((await fetch(address, { method: 'PUT' })).status).to.be.within(404, 405);
  });
});
