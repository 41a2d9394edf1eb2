import { expect } from 'chai';
import fc from 'fast-check';
import { countSeptets, countSmsSegments, foldToGsm7, isGsm7 } from '../../src/kernel/index.ts';

describe('gsm7', () => {
  it('counts a character of the second table twice', () => {
    expect(countSeptets('abc')).to.equal(3);
    expect(countSeptets('€[]{}\\^~|')).to.equal(18);
    expect(countSeptets('£¥èéùìòÇØøÅåΔΩÆæßÉ¡ÄÖÑÜ§¿äöñüà\n')).to.equal(31);
    expect(countSeptets('')).to.equal(0);
  });

  it('knows what is outside', () => {
    for (const text of ['ç', 'ê', '中', '😀', '\u202f', '`', '\t'])
      expect(countSeptets(text), text).to.equal(undefined);
  });

  it('folds letters and spaces to what GSM-7 has, and keeps what it has', () => {
    expect(foldToGsm7('çêâŵ')).to.equal('ceaw');
    expect(foldToGsm7('1\u202f250,00\u00a0KES')).to.equal('1 250,00 KES');
    expect(foldToGsm7('“l’œuf” — …')).to.equal('"l\'oeuf" - ...');
    expect(foldToGsm7('éàñ€')).to.equal('éàñ€');
    expect(foldToGsm7('中')).to.equal('中');
  });

  it('folds once and for all, and never lets a text out of the alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldToGsm7(text);
        expect(foldToGsm7(folded)).to.equal(folded);
        if (isGsm7(text)) expect(folded).to.equal(text);
      }),
    );
  });

  it('counts segments at their edges', () => {
    const segments = (text: string) => countSmsSegments(text).segments;
    expect([0, 1, 160, 161, 306, 307, 459, 460].map((length) => segments('a'.repeat(length)))).to.deep.equal([
      1, 1, 1, 2, 2, 3, 3, 4,
    ]);
    expect([70, 71, 134, 135].map((length) => segments('中'.repeat(length)))).to.deep.equal([1, 2, 2, 3]);
    expect(segments('€'.repeat(80))).to.equal(1);
    expect(segments('€'.repeat(81))).to.equal(2);
    expect(countSmsSegments('😀')).to.deep.equal({ encoding: 'ucs2', segments: 1, units: 2 });
  });
});
