import { expect } from 'chai';
import { type Domain, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { query } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { payAtPaybill, payByCallback, prompt } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describeOnStores('payments that take long', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const kinds = async () => (await domain.messages()).map(({ kind }) => kind);
  const breakTypes = async () => (await domain.breaks()).map(({ breakType }) => breakType);
  const silence = (times: number) => {
    for (let turn = 0; turn < times; turn += 1) {
      domain.water.postScript.push({ kind: 'unknown', description: 'down' });
      domain.water.findScript.push({ kind: 'unknown', description: 'down' });
    }
  };

  it('tell the payer after ten minutes and staff after two hours, each once', async () => {
    silence(1_000);
    await payByCallback(domain, await prompt(domain));
    await domain.runFor(9 * MINUTE_MS);
    expect(await kinds()).to.deep.equal(['on-its-way']);
    await domain.runFor(2 * MINUTE_MS);
    expect(await kinds()).to.deep.equal(['on-its-way', 'late']);
    const [, late] = await domain.messages();
    expect(late?.text).to.match(
      /^Your KES 500.00 for Maji Water 100200300 takes long: paid; .*We keep asking the company.*Ref M/,
    );
    expect(await breakTypes()).to.deep.equal([]);
    await domain.runFor(2 * HOUR_MS);
    expect(await breakTypes()).to.deep.equal(['payment-delayed']);
    await domain.runFor(20 * HOUR_MS);
    expect(await breakTypes()).to.deep.equal(['payment-delayed']);
    expect(await kinds()).to.deep.equal(['on-its-way', 'late']);
  });

  it('propose a refund when their time has come, and of no other', async () => {
    domain.deps.paymentSettings.delays = { payerMs: MINUTE_MS, staffMs: 2 * MINUTE_MS, refundMs: 3 * MINUTE_MS };
    silence(20);
    const { payment } = await prompt(domain);
    await payByCallback(domain, await prompt(domain, { dialler: newMsisdn() }));
    await domain.runFor(4 * MINUTE_MS);
    expect(await breakTypes()).to.include.members(['payment-delayed', 'refund-proposed']);
    const proposed = (await domain.breaks()).filter(({ breakType }) => breakType === 'refund-proposed');
    expect(proposed).to.have.length(1);
    expect(proposed[0]?.subjectId).to.not.equal(payment.id);
    expect(proposed[0]?.detail).to.match(/^M\S{9} collected since 20\S+Z, maji-water 100200300$/);
    domain.water.postScript.length = 0;
    domain.water.findScript.length = 0;
    await domain.runFor(15 * MINUTE_MS);
  });

  it('say nothing of what was booked meanwhile', async () => {
    await payByCallback(domain, await prompt(domain));
    await domain.runFor(50 * HOUR_MS);
    expect(await kinds()).to.deep.equal(['receipt-balance']);
    expect(await breakTypes()).to.deep.equal([]);
    expect((await domain.rows('payment.late-refund')).map(({ state }) => state)).to.deep.equal(['done']);
  });

  it('tell of unknown money, and propose no refund of what nobody has', async () => {
    domain.operator.collectScript.push({ kind: 'unknown', code: 'timeout', description: 'no answer' });
    for (let turn = 0; turn < 20; turn += 1) domain.operator.queryScript.push(query('unproven', '500.001'));
    await prompt(domain);
    await domain.runFor(50 * HOUR_MS);
    const told = (await domain.messages()).filter(({ kind }) => kind === 'late');
    expect(told).to.have.length(1);
    expect(told[0]?.text).to.include('M-PESA has not said yet');
    expect(await breakTypes()).to.deep.equal(['unknown-transfer']);
  });

  it('show staff money for an account that does not exist, whose payer was told before', async () => {
    await payAtPaybill(domain, { account: '99900', msisdn: newMsisdn() });
    await domain.runFor(50 * HOUR_MS);
    expect(await kinds()).to.deep.equal(['suspense']);
    expect(await breakTypes()).to.have.members(['payment-delayed', 'refund-proposed']);
  });
});
