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
  /** Every page of the screen that this leads to. */
  const pages = async (input: string): Promise<string[]> => {
    const shown = [await (input.startsWith('*') ? jane.dial(input) : jane.choose(input))];
    while (/^98 /m.test(shown.at(-1) ?? '')) shown.push(await jane.choose('98'));
    return shown;
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
    const [first, second] = await pages('*384*123*4*1#');
    for (const part of ['could not be delivered', 'KES 500.00', account, reference, 'paid'])
      expect(`${first}\n${second}`).to.include(part);
  });

  it('cannot bring tokens to who blocked every sender: the menu shows them behind his PIN, and promises no SMS', async () => {
    await town.control.blockSender(jane.msisdn, '*', true);
    const reference = await jane.pays({ biller: 1, account: '04123456791', amount: 700 });
    await town.books.payment(reference, 'posted');
    expect((await stateOf('failed'))?.failure).to.include('406');
    const [booked] = await town.control.biller.postings({ reference });
    const tokens = (booked?.tokens ?? []).map((token) => token.replace(/(\d{4})(?=\d)/g, '$1-'));
    expect(tokens).to.have.length(3);
    await jane.dial('*384*123*2*2#');
    await jane.choose('1');
    await jane.choose('4711');
    await jane.choose('4711').ends('Your service PIN is set');
    await jane.dial('*384*123*4#').sees('Enter your service PIN', /^(?!.*\d{4}-)/s);
    await jane.choose('4711').sees('My last payments');
    const shown = await pages('1');
    const read = shown.join('\n');
    for (const part of [...tokens, 'could not be delivered', 'Tokens, enter in this order', 'kWh', reference])
      expect(read).to.include(part);
    expect(tokens.map((token) => read.indexOf(token))).to.deep.equal(
      tokens.map((token) => read.indexOf(token)).sort((one, other) => one - other),
    );
    expect(read).to.not.include('on its way');
    await jane.choose('1').ends('once more', /^(?!.*on its way)/s);
    await town.books.untilQuiet();
    expect(await jane.messages()).to.deep.equal([]);

    await town.control.blockSender(jane.msisdn, '*', false);
    await jane.dial('*384*123*4#');
    await jane.choose('4711');
    await jane.choose('1').sees('could not be delivered');
    await jane.choose('1').ends('once more');
    await jane.gets(/^Tokens, enter in this order:/, ...tokens);
    await eventually('what came is not shown on the screen', async () => {
      await jane.dial('*384*123*4#');
      await jane.choose('4711');
      expect(await jane.choose('1'))
        .to.include('paid')
        .and.not.include('could not be delivered');
    });
  });

  it('come with the sender that is set for receipts', async () => {
    await pay();
    const [message] = await town.control.messages(jane.msisdn);
    expect(message?.from).to.equal('MALIPO');
  });
});
