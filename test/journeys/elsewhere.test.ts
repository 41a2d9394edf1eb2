import { expect } from 'chai';
import { newAccount } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('payments made elsewhere, from the utility', (stores) => {
  let town: TestService;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores());
  });
  after(() => town?.stop());
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  const tell = async (body: unknown, key = 'demo-report-maji-water', biller = 'maji-water') => {
    const answer = await fetch(`${town.gateway}/api/billers/${biller}/payments-elsewhere`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.text() };
  };
  const paid = (reference: string, account: string, change: object = {}) => ({
    reference,
    account,
    amount: '480.50',
    currency: 'KES',
    paidAt: new Date().toISOString(),
    place: 'Post office',
    ...change,
  });

  it('are shown to whoever checks the bill, in his language', async () => {
    const jane = await town.phone();
    const account = newAccount();
    await jane.dial(`*384*123*3*2*${account}#`).sees(account, /^(?!.*elsewhere)/s);
    const told = await tell({ payments: [paid(`E${account}`, account)] });
    expect(JSON.parse(told.body)).to.deep.equal({ results: [{ reference: `E${account}`, outcome: 'recorded' }] });
    await jane.dial(`*384*123*3*2*${account}#`).sees('Paid elsewhere on', 'KES 480.50', '1 Pay');
  });

  it('are recorded once for a reference, each with a result of its own', async () => {
    const account = newAccount();
    const one = paid(`O${account}`, account);
    const body = { payments: [one, one, { ...one, amount: '1.00' }, { reference: 'half' }, 'nonsense', null] };
    const { status, body: text } = await tell(body);
    expect(status).to.equal(200);
    const { results } = JSON.parse(text) as { results: { outcome: string; reason?: string }[] };
    expect(results.map(({ outcome }) => outcome)).to.deep.equal([
      ...['recorded', 'already', 'refused', 'refused', 'refused', 'refused'],
    ]);
    expect(results[2]?.reason).to.equal('another payment has this reference');
  });

  it('come only with the key of that utility, and of the right shape', async () => {
    const body = { payments: [paid('K1', newAccount())] };
    expect((await tell(body, 'wrong')).status).to.equal(401);
    expect((await tell(body, 'demo-report-jua-power')).status).to.equal(401);
    expect((await tell(body, 'demo-report-maji-water', 'nobody')).status).to.equal(401);
    expect((await tell('{')).status).to.equal(400);
    expect((await tell({})).status).to.equal(422);
    expect((await tell({ payments: [] })).status).to.equal(422);
    expect((await tell({ payments: Array.from({ length: 101 }, () => ({})) })).status).to.equal(422);
  });
});
