import { expect } from 'chai';
import { missesOf } from '../../../src/domain/accounts/index.ts';
import { PaymentSchema, requestPayment, usedLimits } from '../../../src/domain/payments/index.ts';
import { startOfDay } from '../../../src/kernel/index.ts';
import { type Domain, newMsisdn, openDomain, requestOf } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';

const HOUR_MS = 3_600_000;

describeOnStores('limits that a number has used', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    const noon = startOfDay(domain.clock.now(), 'Africa/Nairobi') + 36 * HOUR_MS;
    await domain.clock.advance(noon - domain.clock.now());
  });

  it('are none of a number that did nothing', async () => {
    const { paymentSettings } = domain.deps;
    const msisdn = newMsisdn();
    const used = await usedLimits(domain.deps, { msisdn });
    expect(used.onePayment).to.deep.equal(paymentSettings.operatorMax);
    expect(used.today).to.deep.equal({ used: kes(0), most: kes(150_000) });
    expect([used.accounts.used, used.inTenMinutes.used, used.byOthers.used]).to.deep.equal([0, 0, 0]);
    expect(await missesOf(domain.deps, msisdn)).to.include({ used: 0 });
  });

  it('are what the next confirmation would count', async () => {
    const [msisdn, friend] = [newMsisdn(), newMsisdn()];
    const pay = async (account: string, amount: number, more = {}) =>
      requestPayment(domain.deps, requestOf({ dialler: msisdn, payer: msisdn, account, amount: kes(amount), ...more }));
    // Of yesterday: counts for nothing.
    await pay('20200001', 900);
    await domain.clock.advance(24 * HOUR_MS);
    await pay('20200002', 100);
    await domain.clock.advance(HOUR_MS);
    await pay('20200003', 200);
    await pay('20200003', 300);
    await pay('20200004', 400, { dialler: friend });
    const failed = await domain.payment({ amountMinor: 30_000n });
    await domain.deps.database.transaction((tx) => tx.update(PaymentSchema, { id: failed.id }, { state: 'failed' }));
    const used = await usedLimits(domain.deps, { msisdn });
    expect(used.today.used).to.deep.equal(kes(700));
    expect(used.accounts).to.include({ used: 3, most: domain.deps.paymentSettings.accountsPerDay });
    expect(used.inTenMinutes).to.include({ used: 3 });
    expect(used.byOthers).to.include({ used: 1, most: domain.deps.paymentSettings.thirdPartyPromptsPerDay });
    const ofFriend = await usedLimits(domain.deps, { msisdn: friend });
    expect([ofFriend.today.used.amountMinor, ofFriend.accounts.used]).to.deep.equal([0n, 1]);
  });
});
