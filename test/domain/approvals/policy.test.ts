import { expect } from 'chai';
import { parseBands, policyFor } from '../../../src/domain/approvals/index.ts';
import { kes } from '../../support/fake-providers.ts';

const step = { roles: ['finance'], votes: 1 };
const bands = (...list: object[]) => ({ kind: 'refund', currency: 'KES', bands: list });

describe('policies by amount', () => {
  const refund = parseBands(
    bands(
      { upTo: '5000', name: 'small', steps: [step] },
      { upTo: '70000.50', name: 'large', steps: [{ roles: ['finance'], votes: 2 }] },
      { name: 'huge', steps: [step, { roles: ['administrator'], votes: 1 }] },
    ),
  );

  it('takes the first band whose limit is not below the amount', () => {
    expect(policyFor(refund, kes(1))?.name).to.equal('small');
    expect(policyFor(refund, kes(5_000))?.name).to.equal('small');
    expect(policyFor(refund, { amountMinor: 500_001n, currency: 'KES' })?.name).to.equal('large');
    expect(policyFor(refund, { amountMinor: 7_000_050n, currency: 'KES' })?.name).to.equal('large');
    expect(policyFor(refund, { amountMinor: 7_000_051n, currency: 'KES' })?.name).to.equal('huge');
  });

  it('has none for another currency', () => {
    expect(policyFor(refund, { amountMinor: 1n, currency: 'UGX' })).to.equal(undefined);
  });

  for (const [what, written] of [
    ['no band', bands()],
    ['no step', bands({ name: 'x', steps: [] })],
    ['a step without a role', bands({ name: 'x', steps: [{ roles: [], votes: 1 }] })],
    ['a step without a vote', bands({ name: 'x', steps: [{ roles: ['finance'], votes: 0 }] })],
    ['no band without a limit', bands({ upTo: '10', name: 'x', steps: [step] })],
    ['a band behind the one without a limit', bands({ name: 'x', steps: [step] }, { name: 'y', steps: [step] })],
    [
      'bands in disorder',
      bands(
        { upTo: '10', name: 'x', steps: [step] },
        { upTo: '9', name: 'y', steps: [step] },
        { name: 'z', steps: [step] },
      ),
    ],
    ['a word it does not know', bands({ name: 'x', steps: [step], skip: true })],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseBands(written)).to.throw();
    });
  }
});
