import { expect } from 'chai';
import { signIn } from '../support/console-client.ts';
import { newAccount, type Phone, REFERENCE, referenceIn } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('a customer who writes', (stores) => {
  let town: TestService;
  let jane: Phone;
  let account: string;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), {
      AFRICASTALKING_SENDER_RECEIPTS: 'MALIPO',
      AFRICASTALKING_SENDER_REMINDERS: 'MALIPO_INFO',
      REMINDER_STOP_NUMBER: '20384',
    });
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

  let ids = 0;
  const write = (text: string) => town.control.writeSms(jane.msisdn, text);
  /** A message as the gateway posts it. */
  const post = async (form: Record<string, string>) => {
    ids += 1;
    const message = {
      date: '2026-11-20 12:00:00',
      from: jane.msisdn,
      id: `in-${process.pid}-${ids}`,
      to: '20384',
      networkCode: '63902',
    };
    const answer = await town.post(`/sms/africastalking/${KEY}/incoming`, new URLSearchParams({ ...message, ...form }));
    expect(answer.status, answer.text).to.equal(200);
  };
  const link = async () => {
    await jane.dial(`*384*123*2*1*2*${account}#`);
    await jane.choose('1').ends('was added to your accounts');
  };
  const quiet = () => town.books.untilQuiet();

  it('pays: the answer says what the prompt will ask, the PIN confirms it, the receipt follows', async () => {
    await write(`pay ${account} 500`);
    const reply = await jane.gets('Enter your M-PESA PIN', 'KES 500.00 to Maji Water', account, REFERENCE);
    await jane.gets('paid KES 500.00', account, referenceIn(reply));
    await town.control.operator.moved(jane.msisdn, '500.00');
    const [payment] = await town.books.payments({ reference: referenceIn(reply) });
    expect(payment).to.include({ channel: 'sms', state: 'posted' });
  });

  it('pays once for one message, however often the gateway brings it', async () => {
    const message = { id: `twice-${account}`, text: `PAY ${account} 300` };
    await Promise.all([post(message), post(message)]);
    await post({ ...message, date: '20.11.2026 12:00' });
    await jane.gets('paid KES 300.00');
    await post({ ...message, date: '2026-11-20T12:00:01Z' });
    await quiet();
    await town.control.operator.moved(jane.msisdn, '300.00');
    expect(await jane.messages()).to.have.length(2);
  });

  it('gets no second prompt for the same message written twice', async () => {
    await write(`PAY ${account} 200`);
    await jane.gets('paid KES 200.00');
    await write(`PAY ${account} 200`);
    await jane.gets('No second prompt is sent');
    await town.control.operator.moved(jane.msisdn, '200.00');
  });

  it('is not charged for what cannot be read, or an account that does not exist, or an amount that is not taken', async () => {
    const no: [string, string][] = [
      [`PAY ${account} 1 250`, 'cannot read that amount'],
      [`PAY ${account}`, 'To pay write PAY account amount'],
      ['PAY 9991234 500', 'We know no account 9991234'],
      ['PAY 5551234 500', 'is closed'],
      [`PAY ${account} 5`, 'The least is KES 10.00. Nothing was charged'],
      [`PAY ${account} 99.50`, 'Whole shillings only. Nothing was charged'],
      [`PAY JUA ${account} 500`, `We know no account ${account}`],
    ];
    for (const [text, answer] of no) {
      await write(text);
      await jane.gets(answer);
    }
    expect(await town.books.payments({ dialler: jane.msisdn as never })).to.deep.equal([]);
  });

  it('is answered in his own language, and who has none in that of his word', async () => {
    await write(`SALIO ${account}`);
    await jane.gets('Maji Water', /Kulipa andika LIPA|hakuna deni/);
    await jane.dial('*384*123*5*3#').sees('Malipo');
    await write(`BAL ${account}`);
    await jane.gets('Maji Water', /Pour payer, écrivez PAYER|rien à payer/);
  });

  it('sees what is due, of one account and of all that he has linked', async () => {
    await write('BAL');
    await jane.gets('You have no accounts here yet', 'BAL');
    await link();
    await write('bal');
    await jane.gets(`Maji Water ${account}: KES`);
    await write(`BAL MAJI ${account}`);
    await jane.gets(/To pay write PAY \d+ \d+\.|nothing is due/);
  });

  it('does not show to who holds the phone what a service PIN keeps', async () => {
    await jane.dial('*384*123*2#');
    await jane.choose('2');
    await jane.choose('1');
    await jane.choose('4711');
    await jane.choose('4711').ends('Your service PIN is set');
    await write('BAL');
    await jane.gets('Your service PIN keeps your accounts');
    await write('RECEIPT');
    await quiet();
    expect((await jane.messages()).filter((text) => text.includes('service PIN keeps'))).to.have.length(2);
  });

  it('gets his receipt again, and the state of a payment with what happens next', async () => {
    await write('RECEIPT');
    await jane.gets('This number has no payment here yet');
    const reference = await jane.pays({ biller: 2, account, amount: 400 });
    await jane.gets('paid KES 400.00', reference);
    await write(`receipt ${reference.toLowerCase()}`);
    await eventually('a second receipt', async () => {
      const receipts = (await jane.messages()).filter((text) => text.includes('paid KES 400.00'));
      expect(receipts).to.have.length(2);
    });
    await write(`STATUS ${reference}`);
    await jane.gets(`${reference}: KES 400.00 to Maji Water ${account}: paid. The receipt can be sent again.`);
    await write('STATUS');
    await quiet();
    const peter = await town.phone();
    await town.control.writeSms(peter.msisdn, `STATUS ${reference}`);
    await peter.gets(`We know no payment ${reference} of this number`);
  });

  it('ends reminders by STOP and has them again by START, each answered once; the menu says the same', async () => {
    await write('STOP');
    await jane.gets('Reminders are off', 'Write START');
    await write('stop!');
    await quiet();
    expect(await jane.messages()).to.have.length(1);
    await jane.dial('*384*123*6*4#').sees('You get no reminders');
    await jane.choose('1').ends('We remind you');
    await write('ACHA');
    await eventually('a second answer', async () => expect(await jane.messages()).to.have.length(2));
    await write('START');
    await jane.gets('Reminders are on');
    await jane.dial('*384*123*6*4#').sees('We remind you by SMS', '1 No reminders');
    await jane.choose('1').ends('No more reminders');
    const reference = await jane.pays({ biller: 2, account, amount: 100 });
    await jane.gets('paid KES 100.00', reference);
    await quiet();

    const support = await signIn(town, 'support');
    const page = await support.follow(await support.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`));
    expect(page.html)
      .to.match(/stopped since \d+ \w+ \d\d:\d\d/)
      .and.include('Blocked sender names')
      .and.match(/KES\u00a0100\.00 of KES\u00a0[\d,]+\.00/);
    const [, timeline = ''] = page.html.split('<ol class="story">');
    const wishes = [...timeline.matchAll(/Wants (?:no )?reminders [^<]+/g)].map(([words]) => words);
    expect(wishes).to.deep.equal([
      'Wants no reminders any more: in the menu',
      'Wants reminders again: by SMS',
      'Wants no reminders any more: by SMS',
      'Wants reminders again: in the menu',
      'Wants no reminders any more: by SMS',
    ]);
    const written = [...timeline.matchAll(/Wrote an SMS: (\w+)/g)].map(([, what]) => what);
    expect(written).to.deep.equal(['START', 'STOP', 'STOP', 'STOP']);
    expect(Buffer.byteLength(page.html)).to.be.below(60 * 1024);
  });

  it('is helped when he is not understood, once an hour, and whenever he asks', async () => {
    await write('hello there');
    await jane.gets('Write PAY account amount', '*384*123#');
    await write('hello again');
    await quiet();
    expect(await jane.messages()).to.have.length(1);
    await write('HELP');
    await eventually('help once more', async () => expect(await jane.messages()).to.have.length(2));
  });

  it('is a person: short codes, names and our own numbers are not answered', async () => {
    const before = (await town.books.messages()).length;
    for (const from of ['20384', 'SAFARICOM', '+20384', '0', '40221', 'MALIPO']) await post({ from, text: 'HELP' });
    await quiet();
    expect((await town.books.messages()).length).to.equal(before);
    await post({ from: jane.msisdn.slice(1), text: 'HELP' });
    await jane.gets('Write PAY');
    const kept = await town.books.inbox({ kind: 'incoming' });
    expect(kept.filter(({ state }) => state !== 'applied')).to.deep.equal([]);
  });
});
