import { expect } from 'chai';
import fc from 'fast-check';
import { reconcileDay } from '../../../src/domain/reconciliation/index.ts';
import { addDays } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { FAULTS, type PlantedItem, type Truth } from '../../support/planted-day.ts';
import { openBreaks, plantDay, reconDepsOf, resultsOf } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';

const { signal } = new AbortController();
const SEEDS = Number(process.env.RECON_SEEDS ?? 12);

const plantings = fc.array(
  fc.record({
    fault: fc.oneof(
      { weight: 3, arbitrary: fc.constant('agrees' as const) },
      { weight: 5, arbitrary: fc.constantFrom(...FAULTS) },
    ),
    amountMinor: fc.integer({ min: 1, max: 7_000 }).map((major) => BigInt(major) * 100n),
  }),
  { minLength: 1, maxLength: 60 },
);

const written = (truths: readonly Truth[], when: 'first' | 'last') =>
  truths
    .filter((truth) => truth[when] !== undefined)
    .map(({ id, fault, ...truth }) => `${fault} ${id} ${truth[when]}`)
    .sort();

/** Breaks that need no waiting: what is there, and is wrong. */
const AT_ONCE = /^(differs|twice|not-ours)/;

describeOnStores('a generated day whose truth is known', (stores) => {
  let domain: Domain;
  let day = '2027-01-01';

  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain.close());

  async function found(items: readonly PlantedItem[]): Promise<string[]> {
    const results = await resultsOf(domain, day);
    const faults = new Map(items.flatMap(({ truths }) => truths).map(({ id, fault }) => [id, fault]));
    return [...results.values()]
      .map(({ id, resultSet }) => `${faults.get(id) ?? 'invented'} ${id} ${resultSet}`)
      .sort();
  }

  const breaks = async () =>
    (await openBreaks(domain)).map(({ breakType, subjectId }) => `${breakType} ${subjectId}`).sort();

  async function holds(faults: Parameters<typeof plantDay>[2]): Promise<void> {
    await domain.reset();
    day = addDays(day, 4);
    const deps = reconDepsOf(domain);
    const planted = await plantDay(domain, day, faults);
    const truths = planted.items.flatMap((item) => item.truths);

    await reconcileDay(deps, { day, asOf: day }, { signal });
    expect(await found(planted.items), 'the first night').to.deep.equal(written(truths, 'first'));
    const early = truths.flatMap(({ breakType, id }) =>
      breakType && AT_ONCE.test(breakType) ? `${breakType} ${id}` : [],
    );
    expect(await breaks(), 'breaks of the first night').to.deep.equal(early.sort());

    await planted.addNextDay();
    await reconcileDay(deps, { day, asOf: addDays(day, 2) }, { signal });
    const booked = await bookedByEvidence(planted.items);
    const all = [...written(truths, 'last'), ...booked.map(({ id, set }) => `invented ${id} ${set}`)];
    expect(await found(planted.items), 'the third night').to.deep.equal(all.sort());
    const late = truths.flatMap(({ breakType, id }) => (breakType ? `${breakType} ${id}` : []));
    const twice = booked.filter(({ set }) => set === 'twice').map(({ id }) => `paid-twice ${id}`);
    expect(await breaks(), 'breaks of the third night').to.deep.equal([...late, ...twice].sort());
    expect(await reconcileDay(deps, { day, asOf: addDays(day, 2) }, { signal }), 'nothing new').to.have.length(
      // Who was proven not to have paid is not asked about any more: that is new.
      faults.some(({ fault }) => fault === 'unknown-absent') ? 1 : 0,
    );
    await domain.expectSound();
  }

  /** What the first night had to book: money that we had not heard of, and second money. */
  async function bookedByEvidence(items: readonly PlantedItem[]): Promise<{ id: string; set: string }[]> {
    const booked: { id: string; set: string }[] = [];
    for (const { truths, operatorLines } of items) {
      for (const { fault, id } of truths) {
        if (fault !== 'missing-here' && fault !== 'second-money' && fault !== 'by-hand') continue;
        const receipt = operatorLines.find((line) => line.id === id)?.receipt;
        if (!receipt) continue;
        const transfer = await domain.transfer({ receipt });
        booked.push({ id: transfer.id, set: fault === 'second-money' ? 'twice' : 'agrees' });
      }
    }
    return booked;
  }

  it('misses no planted fault and invents none', async function () {
    this.timeout(0);
    await fc.assert(fc.asyncProperty(plantings, holds), { numRuns: SEEDS });
  });

  it('finds each fault by itself', async function () {
    this.timeout(0);
    for (const fault of FAULTS) await holds([{ fault, amountMinor: 50_000n }]);
  });

  it('decides what a complete statement proves absent, and only when the wait is over', async function () {
    this.timeout(60_000);
    await domain.reset();
    day = addDays(day, 4);
    const planted = await plantDay(domain, day, [{ fault: 'unknown-absent', amountMinor: 50_000n }]);
    const id = planted.items[0]?.truths[0]?.id ?? '';
    const stateAfter = async (asOf: string) => {
      await reconcileDay(reconDepsOf(domain), { day, asOf }, { signal });
      return (await domain.deps.database.reader.findOneByOrFail(TransferSchema, { id })).state;
    };
    expect(await stateAfter(day)).to.equal('unknown');
    expect(await stateAfter(addDays(day, 1))).to.equal('unknown');
    expect(await stateAfter(addDays(day, 2))).to.equal('failed');
  });
});
