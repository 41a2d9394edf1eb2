import { expect } from 'chai';
import { lookUpAccount } from '../../../src/domain/accounts/index.ts';
import { validatePaybill } from '../../../src/domain/payments/index.ts';
import { type Domain, METER, openDomain, staysSound, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { kes, SHORT_CODE } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm } from '../../support/stories.ts';

describeOnStores('validating a paybill payment', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const ask = (account: string, amount = 500, shortCode = SHORT_CODE) =>
    validatePaybill(domain.deps, 'mpesa', { account, amount: kes(amount), shortCode });
  const lookUp = () => lookUpAccount(domain.deps, { billerId: 'maji-water', account: WATER_ACCOUNT, timeoutMs: 3_000 });

  it('accepts what may be right, without asking any biller', async () => {
    expect(await ask(WATER_ACCOUNT)).to.equal(undefined);
    expect(await ask(` ${METER} `)).to.equal(undefined);
    expect(await ask('100-200 300')).to.equal(undefined);
    const { payment } = await confirm(domain);
    expect(await ask(payment.reference.toLowerCase())).to.equal(undefined);
    expect(domain.water.posts).to.have.length(0);
  });

  it('refuses what is certainly wrong, and says what', async () => {
    expect(await ask('JANE')).to.equal('account');
    expect(await ask('12345')).to.equal('account');
    expect(await ask('M23456789A')).to.equal('account');
    expect(await ask(WATER_ACCOUNT, 9)).to.equal('amount');
    expect(await ask(WATER_ACCOUNT, 70_001)).to.equal('amount');
    expect(await ask(WATER_ACCOUNT, 500, '600000')).to.equal('short-code');
    expect(await ask('')).to.equal('account');
    expect(await ask('x'.repeat(100))).to.equal('account');
  });

  it('refuses an account that its biller has said is closed, for six hours', async () => {
    domain.water.lookUpScript.push({ kind: 'closed' }, { kind: 'closed' });
    expect((await lookUp()).kind).to.equal('closed');
    expect((await lookUp()).kind).to.equal('closed');
    expect(await ask(WATER_ACCOUNT)).to.equal('account');
    await domain.clock.advance(24 * 3_600_000);
    expect(await ask(WATER_ACCOUNT)).to.equal(undefined);
  });
});
