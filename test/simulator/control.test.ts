import { expect } from 'chai';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

describe('the control surface', () => {
  let simulator: SimulatorUnderTest;

  before(async () => {
    simulator = await runSimulator();
  });
  after(() => simulator.stop());
  beforeEach(() => simulator.call('POST', '/control/reset'));

  it('takes a number with its plus sign, without it, encoded, and as dialled at home', async () => {
    for (const spelling of ['+254711000009', '254711000009', '%2B254711000009', '%252B254711000009', '0711000009']) {
      const answer = await simulator.call('PUT', `/control/handsets/${spelling}`, { answer: 'cancel' });
      expect(answer.status, spelling).to.equal(200);
      expect(answer.json).to.deep.equal({ msisdn: '+254711000009', answer: 'cancel', delayMs: 500 });
    }
  });

  it('pays after 500 ms by default, and again when a setting is taken back', async () => {
    const usual = { kind: 'automatic', setting: { answer: 'pay', delayMs: 500 } };
    expect((await simulator.call('GET', '/control/handsets/254711000009')).json).to.deep.equal(usual);
    await simulator.call('PUT', '/control/handsets/254711000009', { answer: 'ignore', delayMs: 1 });
    expect((await simulator.call('DELETE', '/control/handsets/254711000009')).json).to.deep.equal(usual);
  });

  const malformed: [string, string, unknown][] = [
    ['PUT', '/control/handsets/254711000009', { answer: 'perhaps' }],
    ['PUT', '/control/handsets/254711000009', { answer: 'pay', delayMs: -1 }],
    ['PUT', '/control/handsets/254711000009', { answer: 'pay', delay: 1 }],
    ['PUT', '/control/handsets/254711000009', { answer: 'pay', code: '0' }],
    ['PUT', '/control/handsets/nobody', { answer: 'pay' }],
    ['PUT', '/control/faults', { daraja: { lostAnswer: 2 } }],
    ['PUT', '/control/faults', { daraja: { lostAnswers: 0.5 } }],
    ['PUT', '/control/faults', { sms: { delayMs: [10, 5] } }],
    ['PUT', '/control/faults', { bank: {} }],
    ['PUT', '/control/faults', []],
    ['PUT', '/control/wallets/254711000009', { balance: 'much' }],
    ['POST', '/control/c2b', {}],
  ];
  for (const [method, path, body] of malformed) {
    it(`answers 422 to ${method} ${path} ${JSON.stringify(body)}`, async () => {
      const answer = await simulator.call(method, path, body);
      expect(answer.status).to.equal(422);
      expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
    });
  }

  it('answers 400 to what is not JSON, 404 to what is not there, 405 to another method', async () => {
    expect((await simulator.call('PUT', '/control/faults', '{"seed":')).status).to.equal(400);
    expect((await simulator.call('GET', '/control/nothing')).status).to.equal(404);
    expect((await simulator.call('GET', '/control/operator/transactions/1')).status).to.equal(404);
    expect((await simulator.call('GET', '/control/%E0%A4%A')).status).to.equal(404);
    const wrong = await simulator.call('GET', '/control/reset');
    expect(wrong.status).to.equal(405);
    expect(wrong.headers.get('allow')).to.equal('POST');
    expect((await simulator.call('GET', '/control/messages?msisdn=nobody')).status).to.equal(422);
  });

  it('does nothing for a page of another site', async () => {
    const answer = await simulator.call('POST', '/control/reset', undefined, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).to.equal(403);
  });

  it('narrows its lists', async () => {
    for (const [msisdn, amount] of [
      ['+254711000001', '10.00'],
      ['+254711000002', '20.00'],
      ['+254711000001', '30.00'],
    ]) {
      await simulator.call('POST', '/control/c2b', { msisdn, amount, account: '100200300' });
    }
    const amounts = async (query: string) =>
      (await simulator.call('GET', `/control/operator/transactions${query}`)).json.map(
        (row: { amount: string }) => row.amount,
      );
    expect(await amounts('')).to.deep.equal(['10.00', '20.00', '30.00']);
    expect(await amounts('?msisdn=254711000001')).to.deep.equal(['10.00', '30.00']);
    expect(await amounts('?limit=1')).to.deep.equal(['30.00']);
  });

  it('forgets everything at a reset', async () => {
    await simulator.call('POST', '/control/c2b', { msisdn: '+254711000001', amount: '10.00', account: '1' });
    const form = new URLSearchParams({ username: 'x', to: '+254711000001', message: 'Hello' });
    await simulator.call('POST', '/africastalking/version1/messaging', form, { apikey: 'k' });
    await simulator.call('PUT', '/control/faults', { sms: { busy: 1 } });
    await simulator.call('PUT', '/control/handsets/254711000001', { answer: 'cancel' });
    await simulator.call('POST', '/control/reset');
    expect((await simulator.call('GET', '/control/operator/transactions')).json).to.deep.equal([]);
    expect((await simulator.call('GET', '/control/messages')).json).to.deep.equal([]);
    expect((await simulator.call('GET', '/control/faults')).json).to.deep.equal({
      daraja: {},
      biller: {},
      sms: {},
      webhooks: {},
      mail: {},
    });
    expect((await simulator.call('GET', '/control/wallets/254711000001')).json.balance).to.equal('1000000.00');
    expect((await simulator.call('GET', '/control/handsets/254711000001')).json.setting.answer).to.equal('pay');
  });

  it('leads from its address to the handset, whose files come with a strict policy', async () => {
    const root = await simulator.call('GET', '/');
    expect([root.status, root.headers.get('location')]).to.deep.equal([302, '/handset']);
    const page = await simulator.call('GET', '/handset');
    expect(page.headers.get('content-security-policy')).to.match(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.text).to.not.match(/\sstyle=|<script>|\son[a-z]+=/);
    for (const [, path] of page.text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      expect((await simulator.call('GET', path ?? '')).status, path).to.equal(200);
    }
    expect((await simulator.call('GET', '/handset/../index.ts')).status).to.be.oneOf([404]);
  });

  it('refuses a body that is too large', async () => {
    const answer = await simulator.call('PUT', '/control/faults', JSON.stringify({ seed: 'x'.repeat(1_100_000) }));
    expect(answer.status).to.equal(413);
  });
});
