import { expect } from 'chai';
import { answerDial } from '../../../src/domain/payout-answers/index.ts';
import { kes } from './pretend-domain.ts';
import { ussdWorld } from './ussd-world.ts';

describe('the USSD menu', () => {
  it('pays a bill from the first screen to the confirmation', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    expect(await ann.dial()).to.match(/^CON Malipo.*\n1 Pay a bill\n/);
    expect(await ann.send('1')).to.include('1 Jua Power\n2 Maji Water\n0 Back 00 Home');
    expect(await ann.send('2')).to.include('account number');
    const due = await ann.send('100200300');
    expect(due).to.include('J*** W******').and.include('KES 1,250.00');
    const confirmation = await ann.send('500');
    expect(confirmation).to.match(/^CON Pay KES 500.00 to Maji Water\n100200300 J\*\*\* W\*{6}\nfrom your M-PESA/);
    expect(domain.payments).to.have.length(0);
    const end = await ann.send('1');
    expect(end).to.match(/^END /).and.include('M-PESA PIN').and.include('Ref M000000001');
    expect(domain.payments).to.have.length(1);
    expect(domain.payments[0]).to.deep.include({ account: '100200300', billerId: 'maji-water', amount: kes(500) });
  });

  it('lands on the confirmation from one dial string, never past it', async () => {
    const { phone, domain, events } = await ussdWorld();
    const ann = phone();
    const landed = await ann.dial('*384*123*1*2*100200300*500#');
    expect(landed).to.match(/^CON Pay KES 500.00 to Maji Water/);
    expect(events.at(-1)?.kind).to.equal('deep');
    expect(await phone().dial('*384*123*1*2*100200300*500*1#')).to.equal(landed);
    expect(domain.payments).to.have.length(0);
    expect(await ann.send('1')).to.match(/^END .*M-PESA PIN/);
    expect(domain.payments).to.have.length(1);
  });

  it('stops a dial string at the first input that does not fit', async () => {
    const { phone, domain } = await ussdWorld();
    expect(await phone().dial('*384*123*1*9*100200300#')).to.match(/^CON That is not a choice here\.\nPay a bill/);
    expect(domain.calls).not.to.include('lookUpAccount');
    expect(await phone().dial('*384*123*1*2*999000*500#')).to.match(/^CON No such account.*\nMaji Water/);
    const ann = phone();
    expect(await ann.dial('*384*123*1*2*100200300*5#')).to.match(/^CON The least is KES 10.00/);
    expect(await ann.send('50')).to.match(/^CON Pay KES 50.00/);
  });

  it('takes what was dialled after the service code, wherever the gateway puts it', async () => {
    const { handlers } = await ussdWorld();
    const form = { sessionId: 'x', phoneNumber: '+254711000001', networkCode: '63902' };
    const code = '*384*123*1*2*100200300*500#';
    const first = await handlers.handleHop({ ...form, serviceCode: code, text: '' });
    expect(first.body).to.match(/^CON Pay KES 500.00/);
    const next = await handlers.handleHop({ ...form, serviceCode: code, text: '0' });
    expect(next.body).to.include('Enter the amount');
    const both = await handlers.handleHop({ ...form, sessionId: 'y', serviceCode: code, text: '1*2*100200300*500' });
    expect(both.body).to.equal(first.body);
  });

  it('offers the whole amount for a due with cents, and whole shillings only', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    expect(await ann.dial('*384*123*1*2*100200301#')).to.include('Due: KES 99.50. To clear it: KES 100.00.');
    expect(await ann.send('99.50')).to.match(/^CON Whole shillings only/);
  });

  it('reads an amount as it was written, or asks again', async () => {
    const shown = async (written: string) => {
      const ann = (await ussdWorld()).phone();
      await ann.dial('*384*123*1*2*100200300#');
      return ann.send(written);
    };
    for (const written of ['1,250', '1250,00', '1.250,00', '1 250', 'KES 1250', '1250/=']) {
      expect(await shown(written), written).to.match(/^CON Pay KES 1,250.00 to/);
    }
    // Whoever wrote cents meant cents: 12.50, never 125.
    for (const written of ['12,5', '481,50'])
      expect(await shown(written), written).to.match(/^CON Whole shillings only/);
    expect(await shown('481,00')).to.match(/^CON Pay KES 481.00 to/);
    for (const written of ['10.000', '5 00', '1,25,000', '0500', '1,2345']) {
      expect(await shown(written), written).to.match(/^CON We cannot read that amount. Type it like 1250.\n/);
    }
  });

  it('has another number pay when it is told to', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*1*2*100200300*500#');
    expect(await ann.send('2')).to.include('Phone number that pays');
    expect(await ann.send('12')).to.match(/^CON Please type a phone number/);
    expect(await ann.send('0722000002')).to.include('+254722000002 will be asked');
    expect(await ann.send('1')).to.include('+254722000002 gets the M-PESA PIN prompt');
    expect(domain.payments[0]).to.include({ payer: '+254722000002', dialler: '+254711000001' });
  });

  it('shows a refusal above the screen and ends after three', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*1*2*100200300#');
    expect(await ann.send('5')).to.match(/^CON The least is KES 10.00\.\nJ\*\*\*/);
    expect(await ann.send('80000')).to.match(/^CON The most is KES 70,000.00/);
    expect(await ann.send('abc')).to.match(/^END Too many wrong entries\. Nothing was charged/);
  });

  it('says what a held and a recent payment mean', async () => {
    const { phone, domain } = await ussdWorld();
    domain.outcome = 'held';
    const ann = phone();
    await ann.dial('*384*123*1*2*100200300*500#');
    expect(await ann.send('1')).to.match(/^END .*under review\. Nothing is charged\. An SMS/);
    domain.outcome = 'recent-same';
    domain.underWay = undefined;
    await ann.dial('*384*123*1*2*100200300*500#');
    const recent = await ann.send('1');
    expect(recent).to.include('waiting for PIN').and.include('No second prompt').and.include('after 12:02');
  });

  it('ends when the biller is slow, and sends the bill later', async () => {
    const { phone, domain } = await ussdWorld();
    expect(await phone().dial('*384*123*1*2*777777#')).to.match(/^END The company is slow.*SMS/);
    expect(domain.billsLater).to.deep.equal(['777777']);
    expect(await phone().dial('*384*123*1*2*888888#')).to.match(/^END The company cannot be reached/);
  });

  it('goes back with 0 and home with 00', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    const home = await ann.dial();
    const billers = await ann.send('1');
    const account = await ann.send('2');
    const amount = await ann.send('100200300');
    await ann.send('500');
    expect(await ann.send('0')).to.equal(amount);
    expect(await ann.send('0')).to.equal(account);
    expect(await ann.send('0')).to.equal(billers);
    expect(await ann.send('0')).to.equal(home);
    await ann.send('1');
    expect(await ann.send('00')).to.equal(home);
  });

  it('links an account, names it, pays it and removes it', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    expect(await ann.send('2')).to.include('You have no accounts here yet.\n1 Add an account\n2 Service PIN');
    await ann.send('1');
    await ann.send('2');
    expect(await ann.send('100200300'))
      .to.include('Add to your accounts?')
      .and.include('J*** W******');
    expect(await ann.send('1')).to.match(/^END Maji Water 100200300 was added/);
    await ann.dial();
    expect(await ann.send('2')).to.include('1 Maji Water 100200300\n2 Add an account');
    await ann.send('1');
    await ann.send('2');
    expect(await ann.send('Home')).to.equal('END 100200300 is now called Home.');
    await ann.dial('*384*123*2*1*1*200#');
    expect(await ann.send('1')).to.include('Ref M');
    domain.underWay = undefined;
    await ann.dial('*384*123*2*1*3#');
    expect(domain.links).to.have.length(1);
    expect(await ann.send('1')).to.match(/^END 100200300 was removed/);
    expect(domain.links).to.have.length(0);
  });

  it('asks for the service PIN, once a session, before what is the customer’s own', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*2*2#');
    expect(await ann.send('1')).to.include('Choose a service PIN');
    expect(await ann.send('1234'), 'at once, not after it was typed twice').to.match(/^CON Too easy to guess/);
    expect(await ann.send('4711')).to.include('Enter the same 4 digits again');
    expect(await ann.send('4712')).to.match(/^CON The two PINs differ/);
    await ann.send('4711');
    expect(await ann.send('4711')).to.match(/^END Your service PIN is set/);
    expect(domain.pin).to.equal('4711');

    await ann.dial();
    expect(await ann.send('4')).to.include('Enter your service PIN');
    expect(await ann.send('9999')).to.match(/^CON Wrong PIN\. 2 tries left/);
    expect(await ann.send('4711')).to.include('You have no payments yet');
    await ann.send('00');
    expect(await ann.send('2')).to.include('2 Service PIN');
  });

  it('locks after three wrong PINs and says until when', async () => {
    const { phone, domain } = await ussdWorld();
    domain.pin = '4711';
    const ann = phone();
    await ann.dial('*384*123*2#');
    await ann.send('1111');
    await ann.send('2222');
    expect(await ann.send('3333')).to.match(/^END Too many wrong PINs.*20 Nov 15:00/);
  });

  it('checks a bill, then pays it', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    expect(await ann.dial('*384*123*3*2*100200300#')).to.include('Due: KES 1,250.00.\n1 Pay\n2 Add to my accounts');
    await ann.send('1');
    expect(await ann.send('1250')).to.include('Pay KES 1,250.00');
  });

  it('asks whether money came that an organisation has sent, by the dial that its SMS names', async () => {
    const { phone, domain } = await ussdWorld();
    const dial = answerDial('*384*123#');
    expect(await phone().dial(dial)).to.match(/^CON Nobody asks you about money now/);
    const asked = (rowId: string, amount: number, reference: string) =>
      domain.questions.push({
        rowId,
        organisation: 'Kilimo',
        amount: kes(amount),
        reference,
        paidAtMs: 0,
        answer: null,
      });
    asked('one', 1_000, 'MAAAAAAAAA');
    const ann = phone();
    expect(await ann.dial(dial)).to.match(
      /^CON Kilimo sent you KES 1,000.00 on .*, MAAAAAAAAA\.\nDid it come\?\n1 Yes, it came/,
    );
    expect(await ann.send('2')).to.match(/^END Kilimo is told that the money did not come, MAAAAAAAAA/);
    expect(domain.questions[0]?.answer).to.equal('no');
    asked('two', 2_500, 'MBBBBBBBBB');
    expect(await ann.dial(dial)).to.match(
      /^CON Did this money come\?\n1 Kilimo KES 1,000.00 .*\n2 Kilimo KES 2,500.00/,
    );
    expect(await ann.send('1')).to.include('You said that it did not come.');
    expect(await phone().dial('*384*123*7*2*1#')).to.match(/^END Thank you. Kilimo is told that the money came, MBB/);
    domain.pin = '4711';
    const shy = phone();
    expect(await shy.dial(dial))
      .to.include('service PIN')
      .and.not.include('KES');
    expect(await shy.send('4711')).to.include('KES 1,000.00');
    domain.questions.pop();
    expect(await shy.send('2')).to.include('Kilimo');
    expect(await shy.send('1')).to.match(/^CON You are not asked about this money/);
  });

  it('shows the last payments and sends a receipt again', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*1*2*100200300*500#');
    await ann.send('1');
    const payment = domain.payments[0];
    if (!payment) throw new Error('no payment');
    domain.underWay = undefined;
    expect(await ann.dial('*384*123*4#')).to.include('1 20 Nov 12:00 KES 500.00 waiting for PIN');
    const unpaid = await ann.send('1');
    expect(unpaid).to.include(payment.reference);
    expect(unpaid, 'there is none yet').to.not.include('Receipt');
    payment.situation = 'posted';
    payment.operatorReceipt = 'SGH7A1B2C3';
    expect(await ann.send('0')).to.include('My last payments');
    expect(await ann.send('1')).to.include('SGH7A1B2C3');
    expect(await ann.send('1')).to.match(/^END The receipt of M/);
    expect(domain.receipts).to.have.length(1);
  });

  it('changes the language for this and every later session', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*5#');
    expect(await ann.send('2')).to.include('1 Lipa bili');
    expect(await ann.send('1')).to.include('Kwa nani');
    await ann.hangUp();
    expect(await ann.dial()).to.include('1 Endelea');
  });

  it('blocks and allows requests of other numbers', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*6*3#');
    expect(await ann.send('1')).to.match(/^END Done\. Other numbers can no longer/);
    expect(domain.blocked).to.equal(true);
    await ann.dial('*384*123*6*3#');
    await ann.send('1');
    expect(domain.blocked).to.equal(false);
  });

  it('pages a long screen with 98 and 0', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    const first = await ann.dial('*384*123*6*1#');
    expect(first).to.include('98 More\n0 Back 00 Home');
    const second = await ann.send('98');
    expect(second).not.to.equal(first);
    expect(await ann.send('0')).to.equal(first);
    expect(await ann.send('98')).to.equal(second);
    expect(await ann.send('00')).to.include('1 Pay a bill');
    expect(await ann.send('98')).to.match(/^CON That is not a choice here/);
  });
});
