import { expect } from 'chai';
import fc from 'fast-check';
import { formatDecimal } from '../../../src/kernel/index.ts';
import { type NumberFormat, readAmount } from '../../../src/providers/statements/index.ts';

describe('an amount as people write it', () => {
  it('is read whole and signed, with separators where they belong', () => {
    for (const [text, minor] of [
      ['0', 0n],
      ['1250', 125_000n],
      ['1,250.5', 125_050n],
      ['-1,250.00', -125_000n],
      ['(50.00)', -5_000n],
      ['12,345,678.90', 1_234_567_890n],
      ['5.000', 500n],
    ] as const) {
      expect(readAmount(text, 'KES'), text).to.equal(minor);
    }
    expect(readAmount('1.250,50', 'KES', { decimal: ',', thousands: '.' })).to.equal(125_050n);
    expect(readAmount("1'250.50", 'KES', { decimal: '.', thousands: "'" })).to.equal(125_050n);
    expect(readAmount('500', 'UGX')).to.equal(500n);
  });

  it('is refused rather than rounded or guessed', () => {
    expect(readAmount('1.005', 'KES')).to.equal('"1.005" has more decimals than KES has');
    expect(readAmount('1.5', 'UGX')).to.equal('"1.5" has more decimals than UGX has');
    for (const text of [
      '',
      '1.',
      '.',
      '1,25',
      '1,2345',
      ',125',
      '1e3',
      '0x10',
      '--5',
      '+5',
      '1 000',
      '1.2.3',
      'KES 5',
      '٣',
    ]) {
      expect(readAmount(text, 'KES'), text).to.be.a('string');
    }
    expect(readAmount('9'.repeat(15), 'KES')).to.match(/larger than any amount/);
    expect(readAmount('1,250.00', 'KES', { decimal: ',', thousands: '.' })).to.be.a('string');
  });

  it('comes back from every way of writing it', () => {
    const formats: NumberFormat[] = [
      { decimal: '.', thousands: ',' },
      { decimal: ',', thousands: '.' },
      { decimal: ',', thousands: ' ' },
    ];
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.constantFrom(...formats),
        (amountMinor, format) => {
          const [whole = '', fraction = ''] = formatDecimal({ amountMinor, currency: 'KES' }).split('.');
          const grouped = whole.replace(/\B(?=(\d{3})+$)/g, format.thousands);
          expect(readAmount(`${grouped}${format.decimal}${fraction}`, 'KES', format)).to.equal(amountMinor);
        },
      ),
    );
  });
});
