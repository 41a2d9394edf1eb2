import { expect } from 'chai';
import fc from 'fast-check';
import { formatDecimal, money, readWrittenAmount } from '../../src/kernel/index.ts';

const read = (text: string, currency = 'KES') => {
  const amount = readWrittenAmount(text, currency);
  return amount && formatDecimal(amount);
};

describe('an amount as people write it', () => {
  it('is one amount in every spelling that has one meaning', () => {
    for (const text of ['481', '481.00', '481,00', '481.0', ' 481 ', 'KES481', 'kes 481', '481 KES', '481/=', '481.']) {
      expect(read(text), text).to.equal('481.00');
    }
    for (const text of ['1250', '1,250', '1,250.00', '1.250,00', '1 250', '1\u00a0250,00', '1\u202f250.00']) {
      expect(read(text), text).to.equal('1250.00');
    }
    expect(read('12,5')).to.equal('12.50');
    expect(read('500,00', 'UGX')).to.equal('500');
  });

  it('is not guessed at where it has two, or none', () => {
    const refused = [
      '',
      '1.250',
      '10.000',
      '5 00',
      '1  250',
      '1,25,000',
      '1,2345',
      '0500',
      '1 250 00',
      '-5',
      '5e2',
      'X5',
      'USD 5',
    ];
    for (const text of refused) expect(read(text), text).to.equal(undefined);
    expect(read('12,50', 'UGX'), 'no cents').to.equal(undefined);
  });

  it('is what our own texts write, whatever the language', () => {
    const languages = ['en', 'fr', 'sw', 'de'];
    fc.assert(
      fc.property(fc.bigInt(1n, 99_999_999_999n), fc.constantFrom(...languages), (amountMinor, language) => {
        const decimal = formatDecimal(money(amountMinor, 'KES'));
        const shown = new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(
          decimal as unknown as number,
        );
        expect(read(shown), shown).to.equal(decimal);
        expect(read(decimal)).to.equal(decimal);
      }),
    );
  });
});
