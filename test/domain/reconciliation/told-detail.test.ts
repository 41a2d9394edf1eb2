import { expect } from 'chai';
import fc from 'fast-check';
import { readDetail, type ToldDetail, writeDetail } from '../../../src/domain/reconciliation/index.ts';

const amount = fc.option(
  fc.record({
    amountMinor: fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }),
    currency: fc.constantFrom('KES', 'UGX'),
  }),
  { nil: undefined },
);
const sums = fc
  .tuple(amount, amount, fc.option(amount, { nil: null }))
  .map(([we, operator, biller]) => [
    { who: 'we' as const, amount: we },
    { who: 'operator' as const, amount: operator },
    ...(biller === null ? [] : [{ who: 'biller' as const, amount: biller }]),
  ]);
const details: fc.Arbitrary<ToldDetail> = fc.oneof(
  fc.record({ kind: fc.constant('sums' as const), names: fc.stringMatching(/^[A-Z0-9 -]{0,70}$/), sums }),
  fc.record({
    kind: fc.constant('no-statement' as const),
    party: fc.stringMatching(/^[a-z0-9-]{1,24}$/),
    day: fc.constant('2026-11-20'),
  }),
);

describe('what a break of the night says', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(details, (detail) => {
        expect(readDetail(writeDetail(detail))).to.deep.equal(detail);
      }),
    );
  });

  it('is not found in what somebody else wrote, whatever it is', () => {
    for (const written of ['', 'we', 'x: we', 'x: we ZZZ 5.00', 'x: we KES 1e5, operator nothing', 'x: we KES 5.001'])
      expect(readDetail(written), written).to.equal(undefined);
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => void readDetail(text)));
  });
});
