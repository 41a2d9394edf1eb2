import { expect } from 'chai';
import { newAccount, type Pattern, type Phone, REFERENCE, referenceIn } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

const WATER = 2;
const POWER = 1;

interface Language {
  choice: string;
  home: string;
  confirm: Pattern;
  end: Pattern;
  receipt: string;
  token: Pattern;
}

const LANGUAGES: Record<string, Language> = {
  English: {
    choice: '1',
    home: '1 Pay a bill',
    confirm: 'Pay KES 500.00 to',
    end: 'Wait for the M-PESA PIN prompt',
    receipt: 'paid KES 500.00',
    token: /^Token:\n\d{4}-\d{4}-\d{4}-\d{4}-\d{4}\n/,
  },
  Swahili: {
    choice: '2',
    home: '1 Lipa bili',
    confirm: /KES|Ksh/,
    end: 'Subiri ombi la PIN ya M-PESA',
    receipt: 'umelipa',
    token: /^Tokeni:\n\d{4}-\d{4}-\d{4}-\d{4}-\d{4}\n/,
  },
  French: {
    choice: '3',
    home: '1 Payer une facture',
    confirm: /500,00/,
    end: 'La demande du PIN M-PESA arrive',
    receipt: 'payé',
    token: /^Jeton:\n\d{4}-\d{4}-\d{4}-\d{4}-\d{4}\n/,
  },
};

describeOnStores('a customer pays a bill', (stores) => {
  let town: TestService;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores());
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  for (const [language, words] of Object.entries(LANGUAGES)) {
    it(`walks the menu in ${language} and gets the receipt of a water bill`, async () => {
      const account = newAccount(WATER);
      await jane.dial().sees('1 Pay a bill');
      await jane.choose('5');
      await jane.choose(words.choice).sees(words.home);
      await jane.choose('1').sees('1 Jua Power\n2 Maji Water');
      await jane.choose('2').sees('Maji Water');
      await jane.choose(account).sees(account);
      await jane.choose('500').sees(words.confirm, account, 'Maji Water');
      expect(await town.control.operator.transactions({ msisdn: jane.msisdn }), 'nothing before 1').to.have.length(0);
      const reference = referenceIn(await jane.choose('1').ends(words.end));

      const [moved] = await town.control.operator.moved(jane.msisdn, '500.00');
      const [booked] = await town.control.biller.booked(account, '500.00');
      expect(moved?.account, 'the operator knows our reference').to.equal(reference);
      expect(booked?.reference, 'so does the biller').to.equal(reference);
      await jane.gets(words.receipt, 'Maji Water', account, reference, moved?.receipt ?? '?', 'M-PESA');
    });

    it(`walks the menu in ${language} and gets the token of a meter`, async () => {
      const meter = newAccount(POWER);
      await jane.dial('*384*123*5#');
      await jane.choose(words.choice).sees(words.home);
      await jane.choose('1');
      await jane.choose('1').sees('Jua Power');
      await jane.choose(meter);
      await jane.choose('500').sees(words.confirm, meter);
      const reference = referenceIn(await jane.choose('1').ends(words.end));

      const [booked] = await town.control.biller.booked(meter, '500.00');
      const token = (booked?.tokens[0] ?? '').replace(/(\d{4})(?=\d)/g, '$1-');
      const receipt = await jane.gets(words.token, token, '20.0 kWh', meter, reference);
      expect(await jane.messages()).to.deep.equal([receipt]);
    });
  }

  it('gets all tokens in the order to enter them, and what was taken for debt', async () => {
    const reference = await jane.pays({ biller: POWER, account: '04123456791', amount: 500 });
    const [first] = await town.control.biller.postings({ reference });
    const receipt = await jane.gets(/^Tokens, enter in this order:/, reference);
    const [booked] = await town.control.biller.postings({ reference });
    expect(first === undefined || first.tokens.length === 3).to.equal(true);
    const tokens = (booked?.tokens ?? []).map((token) => token.replace(/(\d{4})(?=\d)/g, '$1-'));
    expect(tokens).to.have.length(3);
    expect(receipt.split('\n').slice(1, 4)).to.deep.equal(tokens);

    await jane.pays({ biller: POWER, account: '04123456790', amount: 800 });
    await jane.gets('04123456790', 'Debt taken KES 350.00', '18.0 kWh');
  });

  it('sees who holds the account and what is due before the amount', async () => {
    await jane.dial('*384*123*1*2#');
    await jane.choose('100200300').sees('J*** W******', '100200300', 'Due: KES ');
    expect(await jane.dial('*384*123*1*2*100200301#'))
      .to.include('480.50')
      .and.include('481.00');
  });

  it('pays more than is due, and hears of the credit and of the balance', async () => {
    await jane.pays({ biller: WATER, account: '100200302', amount: 300 });
    await jane.gets('100200302', 'Credit KES 300.00');
    const other = await town.phone();
    await other.pays({ biller: WATER, account: '100200300', amount: 500 });
    await other.gets('100200300', /Balance due KES \d+/);
  });

  it('is told what is least and what is most, and nothing is asked of the operator', async () => {
    const account = newAccount(WATER);
    await jane.dial(`*384*123*1*2*${account}#`);
    await jane.choose('9').sees('The least is KES 10.00');
    await jane.choose('70001').sees('The most is KES 70,000.00');
    await jane.choose('10').sees('Pay KES 10.00');
    const other = await town.phone();
    await other.dial(`*384*123*1*2*${account}*10.50#`).sees('Whole shillings only');
    await other.choose('12.5').sees('Whole shillings only');
    await other.choose('99999999999999999999').ends('Too many wrong entries');
    expect(await town.control.operator.prompts(jane.msisdn)).to.deep.equal([]);
    expect(await town.control.operator.prompts(other.msisdn)).to.deep.equal([]);
  });

  it('hears that there is no such account, that it is closed, and that it is no number of this biller', async () => {
    await jane.dial('*384*123*1*2#');
    await jane.choose('9991234').sees('No such account');
    await jane.choose('5551234').sees('This account is closed');
    await jane.choose('12').ends('Too many wrong entries');
    const other = await town.phone();
    await other.dial('*384*123*1*1#');
    await other.choose('123456').sees('That is not a number of this company');
  });

  describe('the handset', () => {
    const answers: [string, Parameters<Phone['handset']>[0], string][] = [
      ['cancels', { answer: 'cancel', delayMs: 20 }, 'You cancelled it.'],
      ['types a wrong PIN', { answer: 'wrong-pin', delayMs: 20 }, 'Wrong M-PESA PIN. Try again.'],
      ['does nothing', { answer: 'ignore', promptTimeoutMs: 300 }, 'Try again.'],
    ];
    for (const [what, handset, why] of answers) {
      it(`${what}: nothing is charged, and an SMS says why and what to do`, async () => {
        await jane.handset(handset);
        const account = newAccount(WATER);
        const reference = await jane.pays({ biller: WATER, account, amount: 500 });
        await jane.gets('NOT paid, nothing was charged', why, reference, account);
        await town.books.payment(reference, 'failed');
        expect(await town.control.operator.transactions({ msisdn: jane.msisdn })).to.deep.equal([]);
        expect(await town.control.biller.postings({ account })).to.deep.equal([]);
        expect(await jane.messages()).to.have.length(1);
      });
    }

    it('has too little money on it: the SMS says so', async () => {
      await town.control.wallet(jane.msisdn, '499.00');
      const reference = await jane.pays({ biller: WATER, account: newAccount(WATER), amount: 500 });
      await jane.gets('NOT paid', 'Not enough money in your M-PESA', reference);
    });

    it('has no M-PESA: the SMS and the menu say so, and that another may pay', async () => {
      await jane.handset({ answer: 'pay', hasWallet: false });
      const account = newAccount(WATER);
      const reference = await jane.pays({ biller: WATER, account, amount: 500 });
      await jane.gets('NOT paid', 'This number has no M-PESA. Choose another payer.', reference);
      await jane.dial('*384*123*4*1#').sees('This number has no M-PESA');
      // The prefix says nothing about it, and the operator is asked again when it is tried again.
      await jane.handset({ answer: 'pay', delayMs: 20 });
      const again = await jane.pays({ biller: WATER, account, amount: 490 });
      await jane.gets('paid KES 490.00', again);
    });

    it('pays, and the operator says a code that proves nothing: asked, then booked', async () => {
      await jane.handset({ answer: 'pay', delayMs: 20, code: '1025' });
      const account = newAccount(WATER);
      const reference = await jane.pays({ biller: WATER, account, amount: 500 });
      await town.control.operator.moved(jane.msisdn, '500.00');
      await jane.gets('paid KES 500.00', reference);
      await town.control.biller.booked(account, '500.00');
    });
  });

  describe('with the phone of somebody else', () => {
    let peter: Phone;
    beforeEach(async () => {
      peter = await town.phone();
    });

    it('asks that handset; the payer gets the receipt, the dialler the account and the token', async () => {
      const meter = newAccount(POWER);
      await jane.dial(`*384*123*1*1*${meter}*500#`).sees('from your M-PESA?');
      await jane.choose('2').sees('Phone number that pays');
      await jane.choose(`0${peter.msisdn.slice(4)}`).sees(`${peter.msisdn} will be asked`);
      const reference = referenceIn(await jane.choose('1').ends(`${peter.msisdn} gets the M-PESA PIN prompt`));
      await town.control.operator.moved(peter.msisdn, '500.00');
      expect(await town.control.operator.prompts(jane.msisdn)).to.deep.equal([]);
      await jane.gets(/Token:\n\d{4}-/, meter, reference);
      const receipt = await peter.gets('Paid KES 500.00 to Jua Power', reference);
      expect(receipt, 'the payer does not learn the meter').not.to.include(meter);
      expect(receipt).not.to.match(/\d{4}-\d{4}-\d{4}/);
    });

    it('refuses what is no number, and a number that no operator of ours can ask', async () => {
      await jane.dial(`*384*123*1*2*${newAccount(WATER)}*500#`);
      await jane.choose('2');
      await jane.choose('hello').sees('phone number');
      await jane.choose('+447911123456').sees('We cannot ask that number to pay');
      await jane.choose('00').sees('1 Pay a bill');
      expect(await jane.choose('1')).not.to.match(REFERENCE);
    });

    it('stops at three prompts a day to a number that has never paid for this dialler', async () => {
      await peter.handset({ answer: 'cancel', delayMs: 20 });
      for (const amount of [101, 102, 103, 104]) {
        await jane.dial(`*384*123*1*2*${newAccount(WATER)}*${amount}#`);
        await jane.choose('2');
        await jane.choose(peter.msisdn.slice(1)).sees('will be asked');
        if (amount === 104) await jane.choose('1').sees('That number was asked too often today');
        else await jane.gets(referenceIn(await jane.choose('1').ends('prompt in a moment')), 'NOT paid');
      }
      expect(await town.control.operator.prompts(peter.msisdn)).to.have.length(3);
    });

    it('is refused when that phone blocks such requests', async () => {
      await peter.dial('*384*123*6*3#').sees('1 Block such requests');
      await peter.choose('1').ends('can no longer ask');
      await jane.dial(`*384*123*1*2*${newAccount(WATER)}*500#`);
      await jane.choose('2');
      await jane.choose(peter.msisdn).sees('That number takes no requests from others');
      expect(await town.control.operator.prompts(peter.msisdn)).to.deep.equal([]);
    });
  });

  it('asks for the same amount twice within two minutes: one prompt, and the screen says when and how it stands', async () => {
    const account = newAccount(WATER);
    const reference = await jane.pays({ biller: WATER, account, amount: 500 });
    await jane.gets('paid KES 500.00', reference);
    await jane.dial(`*384*123*1*2*${account}*500#`);
    await jane.choose('1').ends('You asked for this a moment ago', reference, 'paid', /dial after \d\d:\d\d/);
    await jane.pays({ biller: WATER, account, amount: 501 });
    await town.control.operator.moved(jane.msisdn, '500.00', '501.00');
    await town.control.biller.booked(account, '500.00', '501.00');
  });

  it('is sent the bill, with the way on, when the biller is too slow for the screen', async () => {
    const account = newAccount(WATER);
    await town.control.faults({ biller: { delayMs: [4_000, 4_200] } });
    const startedMs = Date.now();
    await jane.dial('*384*123*1*2#');
    await jane.choose(account).ends('The company is slow to answer', 'SMS');
    expect(Date.now() - startedMs, 'the gateway waits 10 s, we answer within 5').to.be.lessThan(5_000);
    await town.control.faults({});
    const bill = await jane.gets('Maji Water', account, /KES [\d,]+\.\d\d/, `*384*123*1*2*${account}#`);
    await jane.dial(/\*384[*\d]*#/.exec(bill)?.[0]).sees('Enter the amount', account);
  });

  it('is told at once that the biller cannot be reached', async () => {
    await town.control.faults({ biller: { http500: 1 } });
    await jane.dial(`*384*123*1*2*${newAccount(WATER)}#`).ends('cannot be reached now', 'Nothing was charged');
  });

  it('has paid and gets no token for a while: told that it is on its way, then the token, bought once', async () => {
    const meter = newAccount(POWER);
    await jane.dial(`*384*123*1*1*${meter}*500#`);
    await town.control.faults({ biller: { lostAnswer: 1 } });
    const reference = referenceIn(await jane.choose('1'));
    await jane.gets('is slow to answer; your receipt is on its way', 'Do not pay again', reference);
    await town.control.faults({});
    await jane.gets(/^Token:\n\d{4}-/, reference);
    await town.control.biller.booked(meter, '500.00');
    expect(await jane.messages()).to.have.length(2);
  });

  it('has paid for a meter whose biller has no token yet: told so by SMS and on the screen, then the token, bought once', async () => {
    const meter = newAccount(POWER);
    await town.control.faults({ biller: { tokenLater: 1, tokenAfterMs: [4_000, 4_000] } });
    await jane.dial(`*384*123*1*1*${meter}*500#`);
    const reference = referenceIn(await jane.choose('1'));
    await town.control.biller.booked(meter, '500.00');
    await jane.gets('your receipt is on its way', 'Do not pay again', reference);
    await jane.dial().sees(reference, "paid; the company's token is not there yet");
    await jane.dial('*384*123*4#').sees('token coming');
    await jane.choose('1').sees(reference, "paid; the company's token is not there yet");
    await jane.choose('98').sees('it comes by SMS. Do not pay again');
    const [booked] = await town.control.biller.booked(meter, '500.00');
    const token = (booked?.tokens[0] ?? '').replace(/(\d{4})(?=\d)/g, '$1-');
    await jane.gets(/^Token:\n\d{4}-/, token, '20.0 kWh', reference);
    await jane.dial('*384*123*4#').sees('paid');
    expect(await jane.messages()).to.have.length(2);
    await town.control.biller.booked(meter, '500.00');
  });
});
