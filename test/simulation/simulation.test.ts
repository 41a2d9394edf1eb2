import { expect } from 'chai';
import { findBug, PLANTED_BUGS, replaySeeds } from './find-planted.ts';
import { openPool, type Pool } from './pool.ts';
import { FIXED_SEEDS, LEAST_PAID, paidIn } from './seeds.ts';

describe('the whole service in a seeded simulation', function () {
  this.timeout(300_000);
  let pool: Pool;
  before(async () => {
    pool = await openPool();
  });
  after(() => pool.close());

  it(`loses nothing in ${FIXED_SEEDS.length} worlds`, async () => {
    const results = await Promise.all(FIXED_SEEDS.map((seed) => pool.run({ seed })));
    const broken = results.filter(({ passed }) => !passed).map(({ report }) => report);
    expect(broken.join('\n\n')).to.equal('');
    // What is promised of payouts says nothing where nobody is paid, as in a world whose operator has no account to pay from.
    expect(paidIn(results)).to.be.at.least(LEAST_PAID);
  });

  it('runs a seed again exactly as before, in another process too', async () => {
    const [one, other] = await Promise.all([pool.run({ seed: 7 }), pool.run({ seed: 7 })]);
    const again = await pool.run({ seed: 7 });
    expect(other?.traceHash).to.equal(one?.traceHash);
    expect(again.traceHash).to.equal(one?.traceHash);
    const different = await pool.run({ seed: 14 });
    expect(different.traceHash).to.not.equal(one?.traceHash);
  });

  it('finds every planted bug', async () => {
    const found = await Promise.all(PLANTED_BUGS.map((bug) => findBug(pool.run, bug, replaySeeds(bug.name))));
    expect(found.filter(({ seed }) => seed === undefined).map(({ bug }) => bug)).to.deep.equal([]);
    expect(found.length).to.be.at.least(8);
  });
});
