import { expect } from 'chai';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

const KEY = { authorization: 'Bearer a-key' };

describe('the simulated billers, on the published interface', () => {
  let simulator: SimulatorUnderTest;

  before(async () => {
    simulator = await runSimulator({ billerKeys: { 'maji-water': 'a-key' } });
  });
  after(() => simulator.stop());
  beforeEach(() => simulator.call('POST', '/control/reset'));

  const account = (biller: string, number: string) =>
    simulator.call('GET', `/billers/${biller}/accounts/${number}`, undefined, KEY);
  const put = (biller: string, reference: string, changes: Record<string, unknown> = {}) =>
    simulator.call(
      'PUT',
      `/billers/${biller}/payments/${reference}`,
      { account: '100200300', amount: '500.00', currency: 'KES', paidAt: '2026-11-22T11:05:00.000Z', ...changes },
      KEY,
    );
  const find = (biller: string, reference: string) =>
    simulator.call('GET', `/billers/${biller}/payments/${reference}`, undefined, KEY);
  const postings = async () => (await simulator.call('GET', '/control/biller/postings')).json;

  it('lists unpaid bills by their days, those of which a program has set the day as well, until they are paid', async () => {
    const bills = async (from: string, to: string) => {
      const path = `/billers/maji-water/bills?dueFrom=${from}&dueTo=${to}`;
      return (await simulator.call('GET', path, undefined, KEY)).json.bills;
    };
    const set = { biller: 'maji-water', account: '100200300', dueDate: '2031-02-28' };
    expect((await simulator.call('PUT', '/control/bills', set)).status).to.equal(200);
    expect(await bills('2031-02-28', '2031-02-28')).to.deep.equal([
      { bill: 'MW-100200300-2031-02-28', account: '100200300', due: '1250.00', currency: 'KES', dueDate: '2031-02-28' },
    ]);
    expect((await account('maji-water', '100200300')).json.dueDate).to.equal('2031-02-28');
    expect(await bills('2031-03-01', '2031-12-31')).to.deep.equal([]);
    await put('maji-water', 'MREF000009', { amount: '1250.00' });
    expect(await bills('2031-02-28', '2031-02-28')).to.deep.equal([]);
    const unknown = await simulator.call('PUT', '/control/bills', { ...set, biller: 'nobody' });
    expect(unknown.status).to.equal(422);
    const meters = await simulator.call(
      'GET',
      '/billers/jua-power/bills?dueFrom=2031-01-01&dueTo=2031-01-01',
      undefined,
      KEY,
    );
    expect(meters.status).to.equal(501);
  });

  it('shows the demo account with what is due, which payments reduce', async () => {
    const before = await account('maji-water', '100200300');
    expect(before.json).to.include({ status: 'open', holderName: 'Jane Wanjiku', due: '1250.00', currency: 'KES' });
    expect(before.json.dueDate).to.match(/^\d{4}-\d\d-\d\d$/);
    const paid = await put('maji-water', 'MREF000001');
    expect(paid.status).to.equal(201);
    expect(paid.json).to.include({ reference: 'MREF000001', balance: '750.00', amount: '500.00' });
    expect((await account('maji-water', '100200300')).json.due).to.equal('750.00');
    await put('maji-water', 'MREF000002', { amount: '1000.00' });
    expect((await account('maji-water', '100200300')).json.due).to.equal('-250.00');
  });

  it('does not know what starts with 999, has closed what starts with 555, and knows every other number', async () => {
    expect((await account('maji-water', '999000111')).json).to.include({ reason: 'account-not-found', status: 404 });
    expect((await account('maji-water', '555000111')).json.status).to.equal('closed');
    expect((await account('jua-power', '99912345678')).status).to.equal(404);
    expect((await account('jua-power', '123')).status).to.equal(404);
    const one = await account('maji-water', '73000001');
    expect(one.json.status).to.equal('open');
    expect((await account('maji-water', '73000001')).text).to.equal(one.text);
  });

  it('books a reference once, also when two requests come at once, and answers repeats with the same tokens', async () => {
    const meter = { account: '04123456789', amount: '200.00' };
    const [one, other] = await Promise.all([put('jua-power', 'MREF1', meter), put('jua-power', 'MREF1', meter)]);
    expect([one.status, other.status].sort()).to.deep.equal([200, 201]);
    expect(one.text).to.equal(other.text);
    expect(one.json.tokens).to.have.length(1);
    expect(one.json.tokens[0].kind).to.equal('STANDARD');
    expect(one.json.tokens[0].digits).to.match(/^\d{20}$/);
    expect(one.json.units).to.equal('8.0 kWh');
    expect((await find('jua-power', 'MREF1')).text).to.equal(one.text);
    const [posting, ...more] = await postings();
    expect(more).to.deep.equal([]);
    expect(posting).to.deep.include({
      biller: 'jua-power',
      account: '04123456789',
      amount: '200.00',
      currency: 'KES',
      reference: 'MREF1',
      tokens: [one.json.tokens[0].digits],
    });
  });

  it('answers 409 for another content under the same reference, and changes nothing', async () => {
    await put('maji-water', 'MREF1');
    for (const changes of [{ amount: '501.00' }, { account: '100200301' }]) {
      const answer = await put('maji-water', 'MREF1', changes);
      expect(answer.status).to.equal(409);
      expect(answer.json.reason).to.equal('reference-conflict');
    }
    expect(await postings()).to.have.length(1);
    expect((await put('maji-water', 'MREF1', { operatorReceipt: 'SG7XXXXXXX' })).status).to.equal(200);
  });

  it('refuses unknown and closed accounts for good, and proves that a reference is not booked', async () => {
    expect((await put('maji-water', 'MREF1', { account: '999000111' })).json).to.include({
      reason: 'account-not-found',
    });
    expect((await put('maji-water', 'MREF1', { account: '555000111' })).json).to.include({ reason: 'account-closed' });
    expect((await find('maji-water', 'MREF1')).json).to.include({ status: 404, reason: 'payment-not-found' });
    expect((await put('maji-water', 'MREF1', { amount: '1e3' })).status).to.equal(400);
    expect((await put('maji-water', 'MREF1', { amount: '0.00' })).status).to.equal(400);
    expect(await postings()).to.deep.equal([]);
  });

  it('takes debt first, gives new keys once and before the token, and free units after it', async () => {
    const indebted = await put('jua-power', 'MREF1', { account: '04123456790', amount: '500.00' });
    expect(indebted.json).to.include({ debtTaken: '250.00', units: '10.0 kWh' });
    expect((await account('jua-power', '04123456790')).json.due).to.equal('100.00');
    const kinds = (answer: Awaited<ReturnType<typeof put>>) =>
      answer.json.tokens.map(({ kind }: { kind: string }) => kind);
    const fresh = await put('jua-power', 'MREF2', { account: '04123456791' });
    expect(kinds(fresh)).to.deep.equal(['KEY_CHANGE', 'KEY_CHANGE', 'STANDARD']);
    expect(kinds(await put('jua-power', 'MREF3', { account: '04123456791' }))).to.deep.equal(['STANDARD']);
    expect(kinds(await put('jua-power', 'MREF4', { account: '04123456792' }))).to.deep.equal(['STANDARD', 'BSST']);
  });

  it('books a sale at once and has its token only later, on demand; a bill without tokens is as ever', async () => {
    await simulator.call('PUT', '/control/faults', { biller: { tokenLater: 1, tokenAfterMs: [400, 400] } });
    const sold = await put('jua-power', 'MREF1', { account: '04123456790' });
    expect(sold.status).to.equal(201);
    expect(sold.json.billerReference).to.be.a('string');
    for (const answer of [
      sold,
      await find('jua-power', 'MREF1'),
      await put('jua-power', 'MREF1', { account: '04123456790' }),
    ])
      expect(answer.json).to.not.have.any.keys('tokens', 'units', 'debtTaken');
    expect((await put('maji-water', 'MREF2')).json.balance).to.be.a('string');
    const [posting] = await postings();
    expect(posting.tokens, 'its books know it').to.have.length(1);
    await new Promise((resolve) => setTimeout(resolve, 450));
    const found = await find('jua-power', 'MREF1');
    expect(found.json).to.include({ units: '10.0 kWh', billerReference: sold.json.billerReference });
    expect(found.json.tokens.map(({ digits }: { digits: string }) => digits)).to.deep.equal(posting.tokens);
  });

  it('lists a day page by page', async () => {
    for (let count = 0; count < 501; count += 1) await put('maji-water', `MREF${count}`, { amount: '1.00' });
    const day = new Date(Date.now() + 10_800_000).toISOString().slice(0, 10);
    const statement = (query: string) =>
      simulator.call('GET', `/billers/maji-water/statements/${day}${query}`, undefined, KEY);
    const first = await statement('');
    expect(first.json.lines).to.have.length(500);
    const second = await statement(`?cursor=${first.json.next}`);
    expect(second.json.lines).to.have.length(1);
    expect(second.json.next).to.equal(null);
    expect((await statement('?cursor=x')).status).to.equal(400);
  });

  it('keeps strangers out', async () => {
    const answer = await simulator.call('GET', '/billers/maji-water/accounts/100200300', undefined, {
      authorization: 'Bearer wrong',
    });
    expect(answer.status).to.equal(401);
    expect((await simulator.call('GET', '/billers/nobody/accounts/1', undefined, KEY)).status).to.equal(404);
  });
});
