import { expect } from 'chai';
import fc from 'fast-check';
import { feeOf, readTariffs, type Tariff, tariffOn } from '../../../src/domain/billers/index.ts';
import { kes } from '../../support/fake-providers.ts';

const amount = fc.bigInt({ min: 0n, max: 100_000_000_000n });
const bound = fc.option(fc.bigInt({ min: 0n, max: 1_000_000n }), { nil: null });
const tariff: fc.Arbitrary<Tariff> = fc
  .record({
    from: fc.constant('2026-01-01'),
    fixedMinor: fc.bigInt({ min: 0n, max: 100_000n }),
    basisPoints: fc.integer({ min: 0, max: 10_000 }),
    minMinor: bound,
    maxMinor: bound,
  })
  .filter(({ minMinor, maxMinor }) => minMinor === null || maxMinor === null || minMinor <= maxMinor);

describe('a tariff', () => {
  const of = (written: Parameters<typeof readTariffs>[0][number]) => readTariffs([written], 'KES')[0];

  it('takes a fixed amount, or a share with bounds', () => {
    expect(feeOf(of({ from: '2026-01-01', fixed: '20' }), kes(500))).to.equal(2_000n);
    const share = of({ from: '2026-01-01', basisPoints: 150, min: '5', max: '500' });
    expect(feeOf(share, kes(1_000))).to.equal(1_500n);
    expect(feeOf(share, kes(100)), 'at least').to.equal(500n);
    expect(feeOf(share, kes(70_000)), 'at most').to.equal(50_000n);
    expect(feeOf(undefined, kes(1_000)), 'no tariff').to.equal(0n);
  });

  it('rounds a share half up to the minor unit', () => {
    const share = of({ from: '2026-01-01', basisPoints: 50 });
    const fees = [99n, 100n, 101n, 299n, 300n].map((amountMinor) => feeOf(share, { amountMinor, currency: 'KES' }));
    expect(fees).to.deep.equal([0n, 1n, 1n, 1n, 2n]);
  });

  it('never takes more than was paid, nor less than nothing, and what is left is exact', () => {
    fc.assert(
      fc.property(tariff, amount, (one, amountMinor) => {
        const fee = feeOf(one, { amountMinor, currency: 'KES' });
        expect(fee >= 0n && fee <= amountMinor).to.equal(true);
      }),
    );
  });

  it('lies within half a minor unit of the exact share, and grows with the amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), amount, amount, (basisPoints, one, other) => {
        const share: Tariff = { from: '2026-01-01', fixedMinor: 0n, basisPoints, minMinor: null, maxMinor: null };
        const fee = feeOf(share, { amountMinor: one, currency: 'KES' });
        const twiceError = 2n * (fee * 10_000n - one * BigInt(basisPoints));
        expect(twiceError > -10_000n && twiceError <= 10_000n).to.equal(true);
        const [less, more] = one < other ? [one, other] : [other, one];
        const fees = [less, more].map((amountMinor) => feeOf(share, { amountMinor, currency: 'KES' }));
        expect((fees[0] as bigint) <= (fees[1] as bigint)).to.equal(true);
      }),
    );
  });

  it('holds from its day until the next one begins', () => {
    const tariffs = readTariffs(
      [
        { from: '2028-03-01', fixed: '30' },
        { from: '2026-01-01', fixed: '20' },
      ],
      'KES',
    );
    const fixedOn = (day: string) => tariffOn(tariffs, day)?.fixedMinor;
    expect(['2025-12-31', '2026-01-01', '2028-02-29', '2028-03-01'].map(fixedOn)).to.deep.equal([
      ...[undefined, 2_000n, 2_000n, 3_000n],
    ]);
  });

  it('is refused when it cannot be meant', () => {
    const twice = [
      { from: '2026-01-01', fixed: '20' },
      { from: '2026-01-01', fixed: '30' },
    ];
    expect(() => readTariffs(twice, 'KES')).to.throw('two tariffs begin on 2026-01-01');
    expect(() => of({ from: '2026-01-01', basisPoints: 1, min: '5', max: '4' })).to.throw('min above its max');
    expect(() => readTariffs([{ from: '2026-01-01', fixed: '20.5' }], 'UGX')).to.throw('not an amount of UGX');
  });
});
