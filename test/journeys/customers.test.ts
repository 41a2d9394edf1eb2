import { expect } from 'chai';
import { newAccount, type Phone } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores("a customer's own things", (stores) => {
  let town: TestService;
  let jane: Phone;
  let account: string;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores());
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
    account = newAccount();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  async function link(): Promise<void> {
    await jane.dial('*384*123*2*1*2#');
    await jane.choose(account).sees('Add to your accounts?', account);
    await jane.choose('1').ends('was added to your accounts');
  }

  async function setPin(pin: string): Promise<void> {
    await jane.dial('*384*123*2#');
    await jane.choose('2').sees('A service PIN keeps others');
    await jane.choose('1').sees('Choose a service PIN');
    await jane.choose(pin).sees('Enter the same 4 digits again');
    await jane.choose(pin).ends('Your service PIN is set');
  }

  it('links an account after its holder was shown, names it, pays it, and removes it', async () => {
    await jane.dial('*384*123*2#').sees('You have no accounts here yet');
    await link();
    await jane.dial('*384*123*2*2*2#').sees('to add');
    await jane.choose(account);
    await jane.choose('1').ends('is among your accounts already');
    await jane.dial('*384*123*2*1#').sees('Maji Water', account);
    await jane.choose('2').sees('A name for');
    await jane.choose('Shamba').ends('is now called Shamba');
    await jane.dial('*384*123*2#').sees(`1 Shamba ${account}`);
    await jane.choose('1').sees('1 Pay');
    await jane.choose('1').sees('Enter the amount');
    await jane.choose('200').sees('Pay KES 200.00');
    await jane.choose('1').ends('Ref M');
    await jane.gets('paid KES 200.00', account);
    await jane.dial('*384*123*2*1*3#').sees('Remove Maji Water');
    await jane.choose('1').ends('was removed from your accounts');
    await jane.dial('*384*123*2#').sees('You have no accounts here yet');
  });

  it('does not link what the biller does not know', async () => {
    await jane.dial('*384*123*2*1*2#');
    await jane.choose('9991234').sees('No such account');
    await jane.choose('5551234').sees('This account is closed');
  });

  it('does not show the accounts of one number to another', async () => {
    await link();
    const peter = await town.phone();
    await peter.dial('*384*123*2#').sees('You have no accounts here yet');
  });

  it('asks for the service PIN once a session, before accounts and payments', async () => {
    await setPin('4711');
    await jane.dial('*384*123*2#').sees('Enter your service PIN');
    await jane.choose('4711').sees('You have no accounts here yet');
    await jane.choose('00');
    await jane.choose('4').sees('You have no payments yet');
    await jane.dial('*384*123*4*4711#').sees('Enter your service PIN', /^(?!.*no payments)/s);
  });

  it('refuses two PINs that differ and one that is too easy to guess', async () => {
    await jane.dial('*384*123*2*2*1#');
    await jane.choose('4711');
    await jane.choose('4712').sees('The two PINs differ');
    await jane.choose('1234').sees('Too easy to guess');
    await jane.choose('12').sees('A PIN has 4 digits');
  });

  it('locks after three wrong PINs, also for the right one, and still lets a bill be paid', async () => {
    await setPin('4711');
    await jane.dial('*384*123*4#').sees('Enter your service PIN');
    await jane.choose('1111').sees('Wrong PIN. 2 tries left');
    await jane.again().sees('Wrong PIN. 2 tries left');
    await jane.choose('2222').sees('Wrong PIN. 1 try left');
    await jane.choose('3333').ends('Too many wrong PINs', /locked until \d\d? \w+ \d\d:\d\d/);
    await jane.dial('*384*123*2#').ends('Too many wrong PINs', /locked until/);
    await jane.dial('*384*123*4#').ends('Too many wrong PINs', /locked until/);
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('paid KES 500.00', reference);
  });

  it('changes and removes the service PIN', async () => {
    await setPin('4711');
    await jane.dial('*384*123*2#');
    await jane.choose('4711').sees('2 Service PIN');
    await jane.choose('2').sees('1 Change it', '2 Remove it');
    await jane.choose('2').sees('Remove your service PIN?');
    await jane.choose('1').ends('was removed');
    await jane.dial('*384*123*2#').sees('You have no accounts here yet');
  });

  it('never keeps a PIN in words: not in the session, not in the books', async () => {
    await setPin('8263');
    const rows = await town.books.database.reader.query('SELECT * FROM customer');
    const books = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(books).to.include(jane.msisdn);
    // By itself: four digits of a hash, an id or a time may be these by chance.
    expect(books).not.to.match(/(?<![\w+/=$-])8263(?![\w+/=$-])/);
  });

  it('checks a bill, and goes on to pay it', async () => {
    await jane.dial('*384*123*3#').sees('Check a bill');
    await jane.choose('2');
    await jane.choose(account).sees('Maji Water', account, '1 Pay', '2 Add to my accounts');
    await jane.choose('1').sees('Enter the amount');
    await jane.choose('300').sees('Pay KES 300.00');
    await jane.choose('1').ends('Ref M');
    await jane.gets('paid KES 300.00', account);
  });

  it('lists the last five payments with their true state, and sends a receipt again', async function () {
    this.timeout(90_000);
    for (const amount of [101, 102, 103, 104, 105]) {
      await jane.gets('paid KES', await jane.pays({ biller: 2, account, amount }));
    }
    await jane.handset({ answer: 'cancel', delayMs: 20 });
    const failed = await jane.pays({ biller: 2, account, amount: 106 });
    await jane.gets('NOT paid', failed);
    const first = await jane.dial('*384*123*4#').sees('My last payments', 'KES 106.00 failed');
    const screens = first + (first.includes('98 More') ? await jane.choose('98') : '');
    expect(screens).to.include('KES 102.00 paid').and.not.include('KES 101.00');
    await jane.choose('1').sees(failed, 'not paid, nothing charged', 'You cancelled it', /^(?!.*Receipt)/s);
    await jane.dial('*384*123*4*2#').sees('KES 105.00', 'paid');
    await jane.choose('1').ends('is on its way to you by SMS');
    await jane.again();
    await town.books.untilQuiet();
    const receipts = (await jane.messages()).filter((text) => text.includes('paid KES 105.00'));
    expect(receipts, 'the receipt and its copy').to.have.length(2);
  });

  it('keeps the language that was chosen, for screens and messages', async () => {
    await jane.dial('*384*123*5*2#').sees('Lipa bili');
    await jane.hangUp('Success');
    await jane.dial('*384*123*1#').sees('Kwa nani');
    await jane.handset({ answer: 'cancel', delayMs: 20 });
    await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('HAZIJALIPWA');
  });

  it('explains how to pay and how to stay safe, and blocks and allows requests of others', async () => {
    await jane.dial('*384*123*6#').sees('1 How to pay', '2 Stay safe', '3 Requests from others');
    await jane.choose('1').sees('Choose Pay a bill');
    await jane.choose('0');
    await jane.choose('2').sees('never ask for your M-PESA PIN');
    await jane.dial('*384*123*6*3#');
    await jane.choose('1').ends('can no longer ask');
    await jane.dial('*384*123*6*3#').sees('are blocked');
    await jane.choose('1').ends('can ask this phone to pay again');
  });
});
