import { expect } from 'chai';
import { GATEWAY, type MemorySimulator, memorySimulator } from './support/virtual-runtime.ts';

const PAYER = '+254711000001';
const QUICK = { answer: 'pay', delayMs: 100 };

/** The merchant in memory: a token, then prompts. */
async function merchant(simulator: MemorySimulator) {
  const answer = await simulator.call('GET', '/daraja/oauth/v1/generate?grant_type=client_credentials', undefined, {
    authorization: `Basic ${Buffer.from('key:secret').toString('base64')}`,
  });
  if (answer === 'hang-up') throw new Error('no token');
  const headers = { authorization: `Bearer ${answer.json.access_token}` };
  const signed = () => {
    const Timestamp = '20261120120000';
    const Password = Buffer.from(`174379passkey${Timestamp}`).toString('base64');
    return { BusinessShortCode: '174379', Password, Timestamp };
  };
  let count = 0;
  return {
    query: (CheckoutRequestID: string) =>
      simulator.call('POST', '/daraja/mpesa/stkpushquery/v1/query', { ...signed(), CheckoutRequestID }, headers),
    push() {
      count += 1;
      const prompt = {
        ...signed(),
        TransactionType: 'CustomerPayBillOnline',
        Amount: 10,
        PartyA: PAYER.slice(1),
        PartyB: '174379',
        PhoneNumber: PAYER.slice(1),
        CallBackURL: `${GATEWAY}/stk/${count}`,
        AccountReference: `MREF${count}`,
      };
      return simulator.call('POST', '/daraja/mpesa/stkpush/v1/processrequest', prompt, headers);
    },
  };
}

describe('faults on demand', () => {
  async function prepared(daraja: Record<string, unknown>, seed: number | string = 7) {
    const simulator = memorySimulator();
    const shop = await merchant(simulator);
    await simulator.call('PUT', `/control/handsets/${PAYER}`, QUICK);
    await simulator.call('PUT', '/control/faults', { seed, daraja });
    const moved = () => simulator.core.operator.books.all().length;
    return { simulator, shop, moved };
  }

  it('loses a request: nothing was processed', async () => {
    const { simulator, shop, moved } = await prepared({ lostRequest: 1 });
    expect(await shop.push()).to.equal('hang-up');
    await simulator.pass(10_000);
    expect(moved()).to.equal(0);
  });

  it('loses an answer: it was processed, and the callback comes', async () => {
    const { simulator, shop, moved } = await prepared({ lostAnswer: 1 });
    expect(await shop.push()).to.equal('hang-up');
    await simulator.pass(10_000);
    expect(moved()).to.equal(1);
    expect(simulator.sentTo('/stk/1')).to.have.length(1);
  });

  it('loses or repeats a callback', async () => {
    const lost = await prepared({ lostCallback: 1 });
    await lost.shop.push();
    await lost.simulator.pass(10_000);
    expect(lost.moved()).to.equal(1);
    expect(lost.simulator.sentTo('/stk/1')).to.have.length(0);
    const repeated = await prepared({ repeatedCallback: 1 });
    await repeated.shop.push();
    await repeated.simulator.pass(10_000);
    expect(repeated.moved()).to.equal(1);
    const [one, other] = repeated.simulator.sentTo('/stk/1');
    expect(other?.body).to.be.a('string').and.to.equal(one?.body);
  });

  it('sends the callback before the answer', async () => {
    const { simulator, shop, moved } = await prepared({ callbackBeforeAnswer: 1 });
    const answer = await shop.push();
    // No time has passed, and the callback has already gone out.
    expect(simulator.sentTo('/stk/1')).to.have.length(1);
    expect(moved()).to.equal(1);
    expect(answer).to.have.property('status', 200);
  });

  it('answers 500 or a page of HTML, half of the time after processing', async () => {
    for (const fault of ['http500', 'html'] as const) {
      const { simulator, shop, moved } = await prepared({ [fault]: 1 });
      for (let count = 0; count < 40; count += 1) {
        const answer = await shop.push();
        if (answer === 'hang-up') throw new Error('hung up');
        if (fault === 'http500') expect(answer.status).to.equal(500);
        else expect(answer.body).to.match(/^<!DOCTYPE html>/);
      }
      await simulator.pass(10_000);
      expect(moved(), fault).to.be.within(8, 32);
    }
  });

  it('is too busy, with HTTP 500 or 200, and does nothing', async () => {
    const { simulator, shop, moved } = await prepared({ busy: 1 });
    const statuses = new Set<number>();
    for (let count = 0; count < 40; count += 1) {
      const answer = await shop.push();
      if (answer === 'hang-up') throw new Error('hung up');
      expect(answer.json.errorCode).to.equal('500.003.02');
      statuses.add(answer.status);
    }
    await simulator.pass(10_000);
    expect([...statuses].sort()).to.deep.equal([200, 500]);
    expect(moved()).to.equal(0);
  });

  it('contradicts what happened when it is asked', async () => {
    const { simulator, shop } = await prepared({ contradictingQuery: 1 });
    const paid = await shop.push();
    await simulator.pass(1_000);
    await simulator.call('PUT', `/control/handsets/${PAYER}`, { answer: 'cancel', delayMs: 100 });
    const cancelled = await shop.push();
    await simulator.pass(1_000);
    const said = async (answer: typeof paid) => {
      if (answer === 'hang-up') throw new Error('hung up');
      const query = await shop.query(answer.json.CheckoutRequestID);
      return query === 'hang-up' ? query : query.json.ResultCode;
    };
    expect(await said(paid)).to.equal('1032');
    expect(await said(cancelled)).to.equal('0');
  });

  it('delays answers and callbacks within the limits', async () => {
    const { simulator, shop } = await prepared({ delayMs: [2_000, 3_000] });
    let answeredAt: number | undefined;
    const startedAt = simulator.runtime.clock.now();
    void shop.push().then(() => {
      answeredAt = simulator.runtime.clock.now() - startedAt;
    });
    await simulator.pass(1_999);
    expect(answeredAt).to.equal(undefined);
    expect(simulator.sentTo('/stk/1')).to.have.length(0);
    await simulator.pass(8_000);
    expect(answeredAt).to.be.within(2_000, 3_000);
    expect(simulator.sentTo('/stk/1')).to.have.length(1);
  });

  it('refuses a locked subscriber and a good token where told, and nowhere else', async () => {
    const locked = await prepared({ subscriberLocked: 1 });
    const answer = await locked.shop.push();
    expect(answer).to.have.nested.property('json.errorCode', '500.001.1001');
    expect(answer)
      .to.have.nested.property('json.errorMessage')
      .that.matches(/^Unable to lock subscriber/);
    await locked.simulator.pass(10_000);
    expect(locked.moved()).to.equal(0);
    const refused = await prepared({ tokenRefused: 1 });
    expect(await refused.shop.push()).to.have.nested.property('json.errorCode', '404.001.03');
  });

  /** What a customer's run of prompts looks like from outside, in one line. */
  async function story(seed: number | string): Promise<string> {
    const plan = { lostAnswer: 0.2, lostRequest: 0.2, http500: 0.2, lostCallback: 0.3, repeatedCallback: 0.3 };
    const { simulator, shop, moved } = await prepared({ ...plan, delayMs: [0, 500] }, seed);
    const seen: string[] = [];
    for (let count = 0; count < 30; count += 1) {
      const pushed = shop.push();
      await simulator.pass(5_000);
      const answer = await pushed;
      seen.push(answer === 'hang-up' ? 'x' : String(answer.status));
    }
    await simulator.pass(60_000);
    return `${seen.join(' ')} moved ${moved()} callbacks ${simulator.sent.map(({ url }) => url.slice(-4)).join(' ')}`;
  }

  it('repeats exactly what a seed did, and another seed does something else', async () => {
    const first = await story(42);
    expect(await story(42)).to.equal(first);
    expect(await story('42')).to.equal(first);
    expect(await story(43)).to.not.equal(first);
  });

  it("ends one party's faults by {}, all by an empty plan, and leaves the others alone", async () => {
    const simulator = memorySimulator();
    const others = { webhooks: {}, mail: {} };
    const faults = async () => {
      const answer = await simulator.call('GET', '/control/faults');
      return answer === 'hang-up' ? answer : answer.json;
    };
    await simulator.call('PUT', '/control/faults', { seed: 1, sms: { busy: 1 }, biller: { html: 1 } });
    await simulator.call('PUT', '/control/faults', { sms: {} });
    expect(await faults()).to.deep.equal({ seed: 1, daraja: {}, biller: { html: 1 }, sms: {}, ...others });
    await simulator.call('PUT', '/control/faults', {});
    expect(await faults()).to.deep.equal({ daraja: {}, biller: {}, sms: {}, webhooks: {}, mail: {} });
  });

  it('makes the biller book or not book behind an answer that was lost', async () => {
    const simulator = memorySimulator();
    const payment = { account: '100200300', amount: '5.00', currency: 'KES', paidAt: '2026-11-20T09:00:00Z' };
    const put = (reference: string) =>
      simulator.call('PUT', `/billers/maji-water/payments/${reference}`, payment, { authorization: 'Bearer k' });
    await simulator.call('PUT', '/control/faults', { biller: { lostAnswer: 1 } });
    expect(await put('M1')).to.equal('hang-up');
    await simulator.call('PUT', '/control/faults', { biller: { lostRequest: 1 } });
    expect(await put('M2')).to.equal('hang-up');
    await simulator.call('PUT', '/control/faults', { biller: { busy: 1 } });
    expect(await put('M3')).to.have.property('status', 503);
    expect(simulator.core.billers.postings().map(({ reference }) => reference)).to.deep.equal(['M1']);
  });
});
