import { expect } from 'chai';
import { kes, type PretendDomain } from './pretend-domain.ts';
import { type Phone, ussdWorld } from './ussd-world.ts';

describe('a receipt that cannot come by SMS', () => {
  const TOKENS = ['1111-2222-3333-4444-5555', '2222-3333-4444-5555-6666', '9876-5432-1098-7654-3210'];

  async function refused(receipt: Partial<NonNullable<PretendDomain['undelivered']>>) {
    const world = await ussdWorld();
    const ann = world.phone();
    await ann.dial('*384*123*1*1*04123456789*700#');
    await ann.send('1');
    const payment = world.domain.payments[0];
    if (!payment) throw new Error('no payment');
    payment.situation = 'posted';
    payment.operatorReceipt = 'SGH7A1B2C3';
    world.domain.underWay = undefined;
    world.domain.undelivered = { tokens: [], ...receipt };
    return { ...world, ann, payment };
  }
  /** Every page of the screen that is shown. */
  async function pagesFrom(ann: Phone, first: string): Promise<string[]> {
    const pages = [first];
    while (/^98 /m.test(pages.at(-1) ?? '')) pages.push(await ann.send('98'));
    return pages;
  }

  for (const [key, language, ...words] of [
    [
      '1',
      'English',
      'could not be delivered',
      'Tokens, enter in this order:',
      'Units 23.4 kWh',
      'Debt taken KES 50.00',
    ],
    [
      '2',
      'Swahili',
      'haikuweza kufika',
      'Tokeni, ziweke kwa mpangilio huu:',
      'Uniti 23.4 kWh',
      'Deni lililokatwa KES 50.00',
    ],
    ['3', 'French', "n'a pas pu", 'Jetons, à saisir dans cet ordre :', 'Unités 23.4 kWh', 'Dette prélevée 50,00 KES'],
  ] as const) {
    it(`is read on the screen in ${language}, over pages, with no token torn, and nowhere in the clear`, async () => {
      const { ann, domain, written, logged, payment } = await refused({
        ...{ tokens: TOKENS, units: '23.4 kWh', debtTaken: kes(50) },
      });
      await ann.dial('*384*123*5#');
      await ann.send(key);
      await ann.dial('*384*123*4#');
      const pages = await pagesFrom(ann, await ann.send('1'));
      expect(pages.length).to.be.greaterThan(1);
      for (const page of pages) expect(page.length).to.be.lessThanOrEqual(4 + 182);
      const shown = pages.join('\n').replace(/[\u00a0\u202f]/g, ' ');
      for (const part of [...words, payment.reference, 'SGH7A1B2C3', '04123456789']) expect(shown).to.include(part);
      const [first, second, third] = TOKENS.map((token) => shown.indexOf(token));
      expect(first).to.be.within(1, (second ?? 0) - 1);
      expect(third).to.be.greaterThan(second ?? 0);
      expect(shown).to.not.match(/on its way|inakuja kwako|vous arrive/);
      expect(await ann.raw(ann.text), 'the same request again').to.equal(pages.at(-1));
      expect(await ann.send('0'), 'back a page').to.equal(pages.at(-2));
      const kept = [...written, ...logged].join();
      for (const token of TOKENS) expect(kept).to.not.include(token);
      expect(kept, 'sessions without a token are as ever').to.include('payments');
      // Of one more try nothing is promised.
      expect(await ann.send('1'))
        .to.match(/^END /)
        .and.not.match(/on its way|inakuja kwako|vous arrive/);
      expect(domain.receipts).to.have.length(1);
    });
  }

  it('is behind the service PIN', async () => {
    const { ann, domain } = await refused({ tokens: TOKENS });
    domain.pin = '4711';
    expect(await ann.dial('*384*123*4#')).to.include('service PIN');
    await ann.send('4711');
    expect(await ann.send('1')).to.include(TOKENS[0]);
  });

  it('says what is left to pay, or the credit, and of another’s account neither', async () => {
    const { ann, domain } = await refused({ balance: kes(-300) });
    const read = async () => {
      await ann.dial('*384*123*4#');
      return (await pagesFrom(ann, await ann.send('1'))).join('\n');
    };
    expect(await read()).to.include('Credit KES 300.00');
    domain.undelivered = { tokens: [], balance: kes(750) };
    expect(await read()).to.include('Balance due KES 750.00');
    domain.undelivered = { tokens: [] };
    expect(await read())
      .to.include('could not be delivered')
      .and.not.match(/Balance|Credit|Token|Units/);
    domain.undelivered = undefined;
    expect(await read()).to.not.include('could not be delivered');
  });
});
