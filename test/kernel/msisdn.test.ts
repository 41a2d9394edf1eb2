import { expect } from 'chai';
import fc from 'fast-check';
import {
  fitsMask,
  isMsisdn,
  isOfCountry,
  type Msisdn,
  maskMsisdn,
  maskNumbersIn,
  parseMsisdn,
  spellingsOf,
} from '../../src/kernel/index.ts';

const kenyan = fc
  .tuple(fc.constantFrom('70', '71', '72', '79', '11'), fc.integer({ min: 0, max: 9_999_999 }))
  .map(([start, rest]) => `${start}${String(rest).padStart(7, '0')}`);
const number = '+254711000126' as Msisdn;

describe('msisdn', () => {
  it('reads every usual spelling of a number as the same one', () => {
    fc.assert(
      fc.property(kenyan, (national) => {
        const spellings = [
          `0${national}`,
          national,
          `254${national}`,
          `+254${national}`,
          ` 0${national.slice(0, 3)} ${national.slice(3, 6)}-${national.slice(6)} `,
          `+254 (${national.slice(0, 3)}) ${national.slice(3)}`,
        ];
        for (const spelling of spellings) expect(parseMsisdn(spelling, 'KE'), spelling).to.equal(`+254${national}`);
      }),
    );
  });

  it('reads a number of another country only with its code', () => {
    expect(parseMsisdn('+255754000001', 'KE')).to.equal('+255754000001');
    expect(parseMsisdn('255754000001', 'KE')).to.equal('+255754000001');
    expect(isOfCountry('+255754000001' as Msisdn, 'KE')).to.equal(false);
    expect(isOfCountry(number, 'KE')).to.equal(true);
  });

  it('refuses what cannot be a mobile number', () => {
    const bad = ['', '0', '123', '0711', '02012345', '+254', 'abc', '0711x00001', '+1', `0711${'0'.repeat(30)}`];
    for (const text of bad) expect(parseMsisdn(text, 'KE'), text).to.equal(undefined);
  });

  it('throws for no input at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0123456789 -().*#') })), (text) => {
        const read = parseMsisdn(text, 'KE');
        expect(read === undefined || isMsisdn(read)).to.equal(true);
      }),
    );
  });

  it('hides all but the country and the last three digits', () => {
    expect(maskMsisdn(number)).to.equal('+254******126');
    expect(maskMsisdn('12345')).to.equal('***');
    fc.assert(
      fc.property(kenyan, (national) => {
        const masked = maskMsisdn(`+254${national}`);
        expect(masked).to.have.length(13);
        expect(masked).to.not.include(national.slice(0, 6));
      }),
    );
  });

  it("fits the operator's masks", () => {
    expect(fitsMask(number, '2547 ***** 126')).to.equal(true);
    expect(fitsMask('+254708374149' as Msisdn, '25470****149')).to.equal(true);
    expect(fitsMask(number, '+2547*****126')).to.equal(true);
  });

  it('does not fit another number, an empty mask, or one that says too little', () => {
    const masks = [
      '2547 ***** 127',
      '2557 ***** 126',
      '',
      '*',
      '************',
      '254*',
      '2*6',
      '2547*x*126',
      '254711000126',
    ];
    for (const mask of masks) expect(fitsMask(number, mask), mask).to.equal(false);
    expect(fitsMask(number, '2547 ** 1 ** 126')).to.equal(false);
  });

  it('fits exactly the numbers that its digits allow', () => {
    fc.assert(
      fc.property(kenyan, kenyan, (one, other) => {
        const mask = `254${one.slice(0, 2)}****${one.slice(-3)}`;
        expect(fitsMask(`+254${one}` as Msisdn, mask)).to.equal(true);
        const alike = one.slice(0, 2) === other.slice(0, 2) && one.slice(-3) === other.slice(-3);
        expect(fitsMask(`+254${other}` as Msisdn, mask)).to.equal(alike);
      }),
    );
  });

  it('finds a number in a text in every spelling, and not within a longer one', () => {
    const { digits, pattern } = spellingsOf(number);
    expect(digits).to.equal('711000126');
    for (const text of [
      '+254711000126',
      '254711000126',
      '0711000126',
      '00254711000126',
      '{"p":254711000126}',
      'x0711000126,',
    ]) {
      expect(text.replace(pattern, '-'), text).to.not.match(/\d/);
    }
    for (const text of ['92547110001261', '10711000126', '25471100012', '7110001267']) {
      expect(text.search(pattern), text).to.equal(-1);
    }
  });

  it('masks the numbers in what a person wrote, and nothing else', () => {
    expect(maskNumbersIn('called 0711 000 126, or +254711000126', 'KE')).to.equal(
      'called +254******126, or +254******126',
    );
    for (const text of ['meter 04123456789', 'KES 1,000.00 on 2026-11-20', 'SG00000001', 'account 100200300']) {
      expect(maskNumbersIn(text, 'KE')).to.equal(text);
    }
  });
});
