import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatDecimal,
  LARGEST_AMOUNT_MINOR,
  minorDigits,
  money,
  parseMoney,
  roundUpToMajor,
  sameMoney,
} from '../../src/kernel/index.ts';

const currency = fc.constantFrom('KES', 'TZS', 'UGX', 'EUR', 'XOF');
const amountMinor = fc.bigInt({ min: 0n, max: LARGEST_AMOUNT_MINOR });

describe('money', () => {
  it('reads back exactly what it wrote, in every currency', () => {
    fc.assert(
      fc.property(currency, amountMinor, (code, minor) => {
        const amount = money(minor, code);
        expect(parseMoney(formatDecimal(amount), code)).to.deep.equal(amount);
      }),
    );
  });

  it('reads the largest amount in a currency without minor units too, and nothing above it', () => {
    for (const code of ['KES', 'XOF']) {
      const largest = money(LARGEST_AMOUNT_MINOR, code);
      expect(parseMoney(formatDecimal(largest), code), code).to.deep.equal(largest);
      expect(parseMoney(formatDecimal(money(LARGEST_AMOUNT_MINOR + 1n, code)), code), code).to.equal(undefined);
    }
  });

  it('writes a debt with its sign', () => {
    fc.assert(
      fc.property(currency, amountMinor, (code, minor) => {
        fc.pre(minor > 0n);
        expect(formatDecimal(money(-minor, code))).to.equal(`-${formatDecimal(money(minor, code))}`);
      }),
    );
    expect(formatDecimal(money(-5n, 'KES'))).to.equal('-0.05');
  });

  it('reads the spellings of the wires', () => {
    expect(parseMoney('500', 'KES')).to.deep.equal(money(50_000n, 'KES'));
    expect(parseMoney('500.00', 'KES')).to.deep.equal(money(50_000n, 'KES'));
    expect(parseMoney('0.5', 'KES')).to.deep.equal(money(50n, 'KES'));
    expect(parseMoney('10.5000', 'KES')).to.deep.equal(money(1_050n, 'KES'));
    expect(parseMoney('500.00', 'UGX')).to.deep.equal(money(500n, 'UGX'));
    expect(parseMoney('0007', 'KES')).to.deep.equal(money(700n, 'KES'));
  });

  it('refuses what is not such an amount', () => {
    const bad = ['', ' ', '-1', '+1', '1e3', '1,000', '.5', '5.', '0x10', '1.005', '1 ', '١٢', 'NaN', '1.0000000'];
    for (const text of bad) expect(parseMoney(text, 'KES'), JSON.stringify(text)).to.equal(undefined);
    expect(parseMoney('500.5', 'UGX')).to.equal(undefined);
    expect(parseMoney('9'.repeat(16), 'KES')).to.equal(undefined);
    expect(parseMoney('999999999999999', 'KES')).to.equal(undefined);
  });

  it('never reads more than the largest amount, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-e ') }), (text) => {
        const read = parseMoney(text, 'KES');
        expect(read === undefined || (read.amountMinor >= 0n && read.amountMinor <= LARGEST_AMOUNT_MINOR)).to.equal(
          true,
        );
      }),
    );
  });

  it('rounds up to the least whole unit that covers an amount', () => {
    fc.assert(
      fc.property(currency, amountMinor, (code, minor) => {
        const unit = 10n ** BigInt(minorDigits(code));
        const { amountMinor: rounded } = roundUpToMajor(money(minor, code));
        expect(rounded % unit).to.equal(0n);
        expect(rounded >= minor && rounded - minor < unit).to.equal(true);
      }),
    );
  });

  it('does not guess the digits of a currency', () => {
    expect(() => money(1n, 'XXX')).to.throw('unknown currency');
    expect(() => parseMoney('1', 'kes')).to.throw('unknown currency');
  });

  it('compares amount and currency', () => {
    expect(sameMoney(money(1n, 'KES'), money(1n, 'KES'))).to.equal(true);
    expect(sameMoney(money(1n, 'KES'), money(1n, 'TZS'))).to.equal(false);
    expect(sameMoney(money(1n, 'KES'), money(2n, 'KES'))).to.equal(false);
  });
});
