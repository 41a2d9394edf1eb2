import { expect } from 'chai';
import { findDialogs } from '../../src/domain/dialogs/index.ts';
import { newAccount, newNumber, type Phone, referenceIn } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('a USSD session', (stores) => {
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

  const payments = () => town.books.payments({ dialler: jane.msisdn as never });

  it('opens on the confirmation from one dial string, and never past it', async () => {
    await jane.dial(`*384*123*1*2*${account}*500#`).sees('Pay KES 500.00 to Maji Water', '1 Confirm');
    await jane.dial(`*384*123*1*2*${account}*500*1#`).sees('Pay KES 500.00 to Maji Water', '1 Confirm');
    await jane.dial(`*384*123*1*2*${account}*500*1*1*1#`).sees('Pay KES 500.00 to Maji Water');
    expect(await payments()).to.deep.equal([]);
    await jane.choose('1').ends('M-PESA PIN');
    await town.control.operator.moved(jane.msisdn, '500.00');
  });

  it('opens there too when the gateway puts what was dialled into the service code', async () => {
    const first = await hop(town, { phoneNumber: jane.msisdn, serviceCode: `*384*123*1*2*${account}*500#`, text: '' });
    expect(first).to.match(/^CON Pay KES 500\.00 to Maji Water/);
  });

  it('takes * for an input', async () => {
    await jane.dial().sees('1 Pay a bill');
    await jane.choose('*').sees('That is not a choice here', '1 Pay a bill');
    await jane.choose('1').sees('Jua Power');
    await jane.choose('2').sees('account number');
    await jane.choose('*2').sees('Letters and digits only');
    await jane.choose(account).sees('Enter the amount');
  });

  it('takes an empty reply for an input, however the gateway joins it', async () => {
    await jane.dial();
    await jane.choose('').sees('That is not a choice here');
    await jane.choose('1').sees('Jua Power');
    await jane.choose('').sees('That is not a choice here', 'Jua Power');
    await jane.choose('2').sees('Maji Water');
  });

  it('answers a repeated request with the answer that it had', async () => {
    await jane.dial(`*384*123*1*2*${account}#`).sees('Enter the amount');
    const confirmation = await jane.choose('500').sees('Pay KES 500.00');
    expect(await jane.again()).to.equal(confirmation);
    const end = await jane.choose('1').ends('Ref M');
    expect(await jane.again()).to.equal(end);
    expect(await jane.again()).to.equal(end);
    expect(await payments()).to.have.length(1);
    await jane.gets('paid KES 500.00', referenceIn(end));
    expect(await jane.again(), 'also long after').to.equal(end);
    await town.control.operator.moved(jane.msisdn, '500.00');
  });

  it('confirms once, however many requests say 1 at the same time', async () => {
    await jane.dial(`*384*123*1*2*${account}*500#`);
    const confirmed = `${jane.text}*1`;
    const ends = await Promise.all(Array.from({ length: 12 }, () => jane.raw(confirmed)));
    expect(new Set(ends).size, ends.join('\n')).to.equal(1);
    expect(await payments()).to.have.length(1);
    const reference = referenceIn(ends[0] ?? '');
    await jane.gets('paid KES 500.00', reference);
    await town.control.operator.moved(jane.msisdn, '500.00');
    await town.control.biller.booked(account, '500.00');
  });

  it('gives an older request its own answer, and goes on where it was', async () => {
    const home = await jane.dial();
    const billers = await jane.choose('1');
    const ask = await jane.choose('2');
    expect(await jane.raw('')).to.equal(home);
    expect(await jane.raw('1')).to.equal(billers);
    expect(await jane.raw('1*2')).to.equal(ask);
    await jane.choose(account).sees('Enter the amount');
    expect(await jane.raw('1*2')).to.equal(ask);
    await jane.choose('500').sees('Pay KES 500.00');
    await jane.raw('2').sees('Pay KES 500.00');
    expect(await payments()).to.deep.equal([]);
  });

  it('reads an unknown session that arrives with text as a deep dial', async () => {
    await jane.raw(`1*2*${account}*500`).sees('Pay KES 500.00 to Maji Water');
    const other = await town.phone();
    await other.raw(`1*2*${account}*500*1`).sees('Pay KES 500.00 to Maji Water', '1 Confirm');
    expect(await town.books.payments({ dialler: other.msisdn as never })).to.deep.equal([]);
  });

  it('keeps sessions apart, of one number and of several', async () => {
    const [first, second] = [await town.phone(), await town.phone()];
    await Promise.all([first.dial('*384*123*1#'), second.dial('*384*123*3#')]);
    await first.choose('2').sees('Enter the account number');
    await second.choose('2').sees('to check');
    const sameNumber = await town.phone(first.msisdn);
    await sameNumber.dial('*384*123*5#').sees('Language');
    await first.choose(account).sees('Enter the amount');
  });

  it('goes on where it was cut off, when dialled again', async () => {
    await jane.dial();
    await jane.choose('1');
    await jane.choose('2');
    const amount = await jane.choose(account).sees('Enter the amount');
    await jane.hangUp('Incomplete');
    await jane.dial().sees('cut off', '1 Go on');
    expect(await jane.choose('1')).to.equal(amount);
    await jane.choose('500').sees('Pay KES 500.00');
    await jane.hangUp('Incomplete');
    await jane.dial().sees('1 Go on', '2 ');
    await jane.choose('2').sees('1 Pay a bill');
  });

  it('does not ask to go on after a payment that was confirmed', async () => {
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.hangUp('Success');
    await jane.gets('paid KES 500.00', reference);
    await jane.dial().sees('1 Pay a bill');
  });

  it('shows a payment under way first, in its true state', async () => {
    await jane.handset({ answer: 'pay', delayMs: 1_500 });
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane
      .dial()
      .sees('Your payment of KES 500.00 to Maji Water', account, reference, 'waiting for the M-PESA PIN');
    await jane.choose('1').sees('1 Pay a bill');
    await town.control.faults({ biller: { http500: 1 } });
    await town.books.payment(reference, 'collected');
    await jane.dial().sees(reference, 'paid; receipt is on its way');
    await town.control.faults({});
    await jane.gets('paid KES 500.00', reference);
    await jane.dial().sees('1 Pay a bill');
  });

  it('goes back with 0, home with 00, and pages with 98', async () => {
    const home = await jane.dial();
    const billers = await jane.choose('1');
    await jane.choose('2');
    expect(await jane.choose('0')).to.equal(billers);
    await jane.choose('2');
    expect(await jane.choose('00')).to.equal(home);
    await jane.choose('6');
    const first = await jane.choose('1').sees('98 More');
    const second = await jane.choose('98');
    expect(second).not.to.equal(first);
    expect(await jane.choose('0')).to.equal(first);
  });

  it('fits every screen of a whole dialog on every network', async () => {
    for (const [network, most] of [
      ['63902', 160],
      ['63903', 184],
      ['99999', 182],
    ] as const) {
      const phone = await town.phone();
      phone.network = network;
      for (const screen of [
        await phone.dial('*384*123*5*3#'),
        await phone.choose('1'),
        await phone.choose('2'),
        await phone.choose(account),
        await phone.choose('70000'),
        await phone.choose('2'),
      ]) {
        expect(screen.length - 4, screen).to.be.at.most(most);
      }
    }
  });

  it('answers what is no request of a gateway with 4xx, and such a session does not exist', async () => {
    const good = { sessionId: 'x', phoneNumber: newNumber(), networkCode: '63902', serviceCode: '*384*123#', text: '' };
    const address = `/ussd/africastalking/${KEY}`;
    const { phoneNumber: _, ...anonymous } = good;
    for (const form of [anonymous, { ...good, phoneNumber: 'jane' }, { ...good, sessionId: '' }, {}]) {
      const answer = await town.post(address, new URLSearchParams(form as Record<string, string>));
      expect(answer.status).to.be.within(400, 499);
    }
    const twice = new URLSearchParams({ ...good });
    twice.append('text', '1');
    expect((await town.post(address, twice)).status).to.equal(400);
    expect((await town.post(address, good)).status, 'JSON').to.equal(415);
    expect((await town.post('/ussd/africastalking/wrong', new URLSearchParams(good))).status).to.equal(404);
  });
});

describeOnStores('the end of a session', (stores) => {
  let town: TestService;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), { PROMPT_DELAY_MS: '60000' });
  });
  after(() => town?.stop());

  it('brings the prompt at once, without the wait', async () => {
    const anna = await town.phone();
    const account = newAccount();
    const reference = await anna.pays({ biller: 2, account, amount: 500 });
    expect(await town.control.operator.prompts(anna.msisdn)).to.deep.equal([]);
    await anna.hangUp('Success');
    await anna.hangUp('Success');
    await anna.gets('paid KES 500.00', reference);
    await town.control.operator.moved(anna.msisdn, '500.00');
    await town.expectSound();
  });

  it('keeps which screens were shown, and how the session ended, without a word that was typed', async () => {
    const pat = await town.phone();
    await pat.dial('*384*123#');
    await pat.choose('1');
    await pat.choose('2');
    await pat.hangUp('Incomplete');
    const key = `africastalking:${pat.sessionId}`;
    const dialog = await eventually('the dialog is written', async () => {
      const [found] = await findDialogs({ database: town.books.database }, [key]);
      expect(found?.endedAs).to.equal('incomplete');
      return found;
    });
    expect(dialog?.screens.map(({ screen }) => screen)).to.deep.equal(['home', 'pay-biller', 'pay-account']);
    expect(dialog?.msisdn).to.equal(pat.msisdn);
  });
});

async function hop(town: TestService, form: { phoneNumber: string; serviceCode: string; text: string }) {
  const fields = { sessionId: `ATUid_code_${form.phoneNumber}`, networkCode: '63902', ...form };
  return (await town.post(`/ussd/africastalking/${KEY}`, new URLSearchParams(fields))).text;
}
