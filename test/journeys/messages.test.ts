import { expect } from 'chai';
import { newAccount, type Phone } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('messages', (stores) => {
  let town: TestService;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), {
      AFRICASTALKING_SENDER_RECEIPTS: 'MALIPO',
      AFRICASTALKING_SENDER_REMINDERS: 'MALIPO_INFO',
    });
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  const stateOf = (state: string) =>
    eventually(`the message is ${state}`, async () => {
      const [message] = await town.books.messages({ recipient: jane.msisdn as never });
      expect(message?.state).to.equal(state);
      return message;
    });
  const report = async (id: string, status: string, more: Record<string, string> = {}) => {
    const form = new URLSearchParams({ id, status, phoneNumber: jane.msisdn, networkCode: '63902', ...more });
    const answer = await town.post(`/sms/africastalking/${KEY}/delivery`, form);
    expect(answer.status, answer.text).to.equal(200);
  };
  const pay = async () => jane.gets('paid KES', await jane.pays({ biller: 2, account: newAccount(), amount: 500 }));

  it('keep segments, cost and delivery, as the provider reports them', async () => {
    const text = await pay();
    const message = await stateOf('delivered');
    expect(message).to.include({ segments: text.length > 160 ? 2 : 1, lostAnswers: 0 });
    expect(message?.kind).to.match(/^receipt-(balance|credit)$/);
    expect(message?.cost).to.match(/^KES \d/);
  });

  it('move on reports only forward: twice, out of order, and after the end', async () => {
    await town.control.faults({ sms: { lostCallback: 1 } });
    await pay();
    const id = (await stateOf('sent'))?.providerMessageId ?? '?';
    await report(id, 'Submitted');
    await report(id, 'Failed', { failureReason: 'UserInBlackList' });
    expect((await stateOf('failed'))?.failure).to.equal('UserInBlackList');
    await report(id, 'Success');
    await report(id, 'Buffered');
    await report(id, 'Failed', { failureReason: 'UserInBlackList' });
    await town.books.untilQuiet();
    await stateOf('failed');
  });

  it('take a report that comes before the answer that names the message', async () => {
    await town.control.faults({ sms: { callbackBeforeAnswer: 1, delayMs: [100, 100] } });
    await pay();
    await town.control.faults({});
    await eventually('sent or delivered', async () => {
      const [message] = await town.books.messages({ recipient: jane.msisdn as never });
      expect(message?.state).to.be.oneOf(['sent', 'delivered']);
    });
    await stateOf('delivered');
  });

  it('reach a customer whose provider fails for a while, once', async () => {
    await town.control.faults({ sms: { lostRequest: 1 } });
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
    await eventually('it was tried', async () => {
      const [message] = await town.books.messages({ recipient: jane.msisdn as never });
      expect(message?.attempts).to.be.at.least(1);
    });
    await town.control.faults({});
    await jane.gets('paid KES 500.00', reference);
    expect(await jane.messages()).to.have.length(1);
  });

  it('cannot reach who blocked the sender of receipts: the menu still shows the payment', async () => {
    await town.control.optOut(jane.msisdn, 'MALIPO');
    const account = newAccount();
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await town.books.payment(reference, 'posted');
    await eventually('the provider refused it', async () => {
      const [message] = await town.books.messages({ recipient: jane.msisdn as never });
      expect(message?.state).to.equal('failed');
    });
    expect(await jane.messages()).to.deep.equal([]);
    await jane.dial('*384*123*4*1#').sees('KES 500.00', account, reference, 'paid');
  });

  it('come with the sender that is set for receipts', async () => {
    await pay();
    const [message] = await town.control.messages(jane.msisdn);
    expect(message?.from).to.equal('MALIPO');
  });
});
