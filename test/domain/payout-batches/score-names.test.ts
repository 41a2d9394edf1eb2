import { expect } from 'chai';
import { LOWEST_MATCH, scoreNames } from '../../../src/domain/payout-batches/score-names.ts';

describe('how well two names fit', () => {
  for (const [given, held, score] of [
    ['Grace Wanjiru', 'GRACE WANJIRU', 100],
    ['Wanjiru Grace', 'Grace Wanjiru', 100],
    ['Grace Wanjiru', 'Grace Wanjiru Kamau', 100],
    ['Mrs. Grace Wanjiru', 'Grace Wanjiru', 100],
    ["Ng'ang'a Peter", 'Peter Nganga', 100],
    ['Chloé N’Diaye', 'NDIAYE CHLOE', 100],
    ['G. Wanjiru', 'Grace Wanjiru', 90],
    ['Grace Wanjiru', 'G***e W*****u', 80],
    ['Grace', 'Grace Wanjiru Kamau', 80],
    ['Grace Wanjiro', 'Grace Wanjiru', 93],
    ['Grace Otieno', 'Grace Wanjiru', 50],
    ['Peter Otieno', 'Grace Wanjiru', 0],
  ] as const) {
    it(`${given} and ${held}: ${score}`, () => {
      expect(scoreNames(given, held)).to.equal(score);
      expect(scoreNames(held, given), 'the other way round').to.equal(score);
    });
  }

  it('are not compared when one has no letters', () => {
    expect(scoreNames('254711000001', 'Grace')).to.equal(undefined);
    expect(scoreNames('Grace', '***')).to.equal(undefined);
  });

  it('tell another person from a mistyped name', () => {
    expect(scoreNames('Gracce Wanjirru', 'Grace Wanjiru')).to.be.above(LOWEST_MATCH);
    expect(scoreNames('Grace Kamau', 'Peter Wanjiru')).to.be.below(LOWEST_MATCH);
  });
});
