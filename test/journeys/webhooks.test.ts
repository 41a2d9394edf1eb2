import { expect } from 'chai';
import { newAccount } from '../support/dial.ts';
import { freePort } from '../support/private-program.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

interface Told {
  biller: string;
  webhookId: string;
  verified: boolean;
  type: string;
  body: { data: Record<string, unknown> };
}

describeOnStores('what billers are told', (stores) => {
  let town: TestService;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), { SIMULATOR_SMTP_PORT: String(await freePort()) });
  });
  after(() => town?.stop());
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  const told = async (biller: string, reference: string): Promise<Told[]> => {
    const answer = await fetch(`${town.simulatorUrl}/control/webhooks?biller=${biller}`);
    const all = (await answer.json()) as Told[];
    return all.filter(({ body }) => body.data.reference === reference);
  };

  it('a payment, when its money came and when it was booked, once each, signed, without a number', async () => {
    const jane = await town.phone();
    const account = newAccount();
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('paid KES', reference);
    const events = await eventually('the biller was told', async () => {
      const found = await told('maji-water', reference);
      expect(found.map(({ type }) => type)).to.have.members(['payment.received', 'payment.posted']);
      return found;
    });
    expect(events.every(({ verified }) => verified)).to.equal(true);
    expect(new Set(events.map(({ webhookId }) => webhookId)).size).to.equal(2);
    const posted = events.find(({ type }) => type === 'payment.posted');
    expect(posted?.body.data).to.include({ account, amount: '500.00', currency: 'KES', channel: 'ussd' });
    expect(posted?.body.data.operatorReceipt).to.be.a('string');
    expect(posted?.body.data.billerReference).to.be.a('string');
    expect(JSON.stringify(events)).not.to.contain(jane.msisdn.slice(1));
    expect(await told('jua-power', reference)).to.deep.equal([]);
  });

  it('that a payment is reversed, when their system refuses it', async () => {
    const jane = await town.phone();
    await town.control.payPaybill(jane.msisdn, '300.00', `555${newAccount().slice(3)}`);
    await eventually('the biller was told', async () => {
      const answer = await fetch(`${town.simulatorUrl}/control/webhooks?biller=maji-water&type=payment.reversed`);
      const all = (await answer.json()) as Told[];
      expect(all.map(({ body }) => body.data.amount)).to.include('300.00');
    });
  });

  it('again, when their receiver had failed', async function () {
    this.timeout(60_000);
    await town.control.faults({ seed: 3, webhooks: { http500: 1 } });
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 200 });
    await jane.gets('paid KES', reference);
    await town.books.untilQuiet();
    await town.control.faults({ webhooks: {} });
    await eventually('the biller was told', async () => {
      const types = (await told('maji-water', reference)).map(({ type }) => type);
      expect(new Set(types)).to.deep.equal(new Set(['payment.received', 'payment.posted']));
    });
  });
});
