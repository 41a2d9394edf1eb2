import { expect } from 'chai';
import fc from 'fast-check';
import { costOf, evenAmounts, loadPayoutRules, needOfCost, shareOf } from '../../../src/domain/funding/index.ts';
import { Refusal } from '../../../src/kernel/index.ts';

const rules = loadPayoutRules('menus/payouts.yaml', { currency: 'KES', country: 'KE' });
const kes = (major: number) => BigInt(Math.round(major * 100));
const chargeOf = (major: number) => costOf(rules, 'mpesa', [kes(major)]).chargesMinor;

describe('the cost of paying people', () => {
  it("takes the operator's charge by the band of each amount, limits included", () => {
    const charges = [1, 49, 50, 100, 101, 1_500, 1_501, 5_000, 5_001, 10_000, 10_001, 250_000].map(chargeOf);
    expect(charges).to.deep.equal([0, 0, 0, 0, 5, 5, 9, 9, 11, 11, 13, 13].map(kes));
  });

  it('adds our fee, at least so much and so much a person, and the tax on it', () => {
    const few = costOf(rules, 'mpesa', [kes(1_000), kes(2_000)]);
    expect(few).to.include({ rows: 2, totalMinor: kes(3_000), chargesMinor: kes(14), feeMinor: kes(1_004) });
    expect(few.taxMinor).to.equal(kes(160.64));
    const many = costOf(rules, 'mpesa', [{ amountMinor: kes(4_000), rows: 1_000 }]);
    expect(many).to.include({ feeMinor: kes(20_000 + 2_000), taxMinor: kes(3_520), chargesMinor: kes(9_000) });
    expect(needOfCost(many)).to.equal(kes(4_000_000 + 9_000 + 22_000 + 3_520));
  });

  it('of nobody is nothing', () => {
    expect(costOf(rules, 'mpesa', [])).to.deep.equal({
      ...{ rows: 0, totalMinor: 0n, chargesMinor: 0n, feeMinor: 0n, taxMinor: 0n },
      byBand: [],
    });
  });

  it('is not guessed for an operator without charges, nor for an amount above its bands', () => {
    expect(() => costOf(rules, 'airtel', [kes(10)])).to.throw(Refusal, 'funding.no-charges');
    expect(() => costOf(rules, 'mpesa', [kes(250_001)])).to.throw(Refusal, 'funding.past-bands');
  });

  const amounts = fc.array(fc.bigInt({ min: 1n, max: kes(250_000) }), { maxLength: 50 });

  it('is the same however rows are grouped and ordered, and its bands add up to it', () => {
    fc.assert(
      fc.property(amounts, (given) => {
        const cost = costOf(rules, 'mpesa', given);
        const counts = new Map<bigint, number>();
        for (const amount of given) counts.set(amount, (counts.get(amount) ?? 0) + 1);
        const groups = [...counts].reverse().map(([amountMinor, rows]) => ({ amountMinor, rows }));
        expect(costOf(rules, 'mpesa', groups)).to.deep.equal(cost);
        const sum = (pick: (band: (typeof cost.byBand)[number]) => bigint) =>
          cost.byBand.reduce((total, band) => total + pick(band), 0n);
        expect(sum(({ totalMinor }) => totalMinor)).to.equal(cost.totalMinor);
        expect(sum(({ chargesMinor }) => chargesMinor)).to.equal(cost.chargesMinor);
        expect(sum(({ rows, chargeMinor }) => BigInt(rows) * chargeMinor)).to.equal(cost.chargesMinor);
        for (const { aboveMinor, upToMinor, totalMinor, rows } of cost.byBand) {
          expect(totalMinor > aboveMinor * BigInt(rows) && totalMinor <= upToMinor * BigInt(rows)).to.equal(true);
        }
      }),
    );
  });

  it('rounds a share half up: never further off than half a cent', () => {
    expect([shareOf(99n, 50), shareOf(100n, 50), shareOf(1n, 5_000), shareOf(0n, 50)]).to.deep.equal([0n, 1n, 1n, 0n]);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 10_000 }), (amount, points) => {
        const off = shareOf(amount, points) * 10_000n - amount * BigInt(points);
        expect(off > -5_000n && off <= 5_000n).to.equal(true);
      }),
    );
  });

  it('of a total over so many rows takes two neighbouring whole amounts at most, which add up to it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.bigInt({ min: 0n, max: 10n ** 9n }), (rows, more) => {
        const total = (BigInt(rows) + more) * 100n;
        const groups = evenAmounts(total, rows, 100n);
        expect(groups.reduce((sum, group) => sum + group.rows, 0)).to.equal(rows);
        expect(groups.reduce((sum, group) => sum + group.amountMinor * BigInt(group.rows), 0n)).to.equal(total);
        const [low, high] = [groups[0]?.amountMinor ?? 0n, groups.at(-1)?.amountMinor ?? 0n];
        expect(groups.length <= 2 && low > 0n && high - low <= 100n).to.equal(true);
      }),
    );
  });
});
