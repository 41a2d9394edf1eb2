import { expect } from 'chai';
import {
  confirmResolution,
  currentDays,
  getBreak,
  proposeResolution,
  purgeStatements,
  ReconDaySchema,
  ReconResultSchema,
  reconcileDay,
  rejectResolution,
  StatementRowSchema,
  signDay,
  takeBreak,
} from '../../../src/domain/reconciliation/index.ts';
import { addDays, dayWindow } from '../../../src/kernel/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { openBreaks, plantDay, reconDepsOf, resultsOf } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const { signal } = new AbortController();
const DAY = '2027-06-10';
const NEXT = addDays(DAY, 1);

describeOnStores('a day that is compared', (stores) => {
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;
  const compare = (day: string, asOf = day, settings: Parameters<typeof reconDepsOf>[1] = {}) =>
    reconcileDay(reconDepsOf(domain, settings), { day, asOf }, { signal });
  const setsOf = async (day: string) => [...(await resultsOf(domain, day)).values()].map(({ resultSet }) => resultSet);
  const water = async (day: string) =>
    (await currentDays(domain.deps, day)).find(({ day: { party } }) => party === 'maji-water') ?? expect.fail('no day');

  it('does not change once it is signed: what comes later is an adjustment of a day that is open', async () => {
    const planted = await plantDay(domain, DAY, [
      { fault: 'booked-next-day', amountMinor: 50_000n },
      { fault: 'agrees', amountMinor: 20_000n },
    ]);
    await compare(DAY);
    expect(await codeOf(signDay(domain.deps, { day: DAY, party: 'maji-water', by: ' ' }))).to.equal('recon.no-name');
    const signed = await signDay(domain.deps, { day: DAY, party: 'maji-water', by: 'Amina Yusuf' });
    expect(await codeOf(signDay(domain.deps, { day: DAY, party: 'maji-water', by: 'Juma' }))).to.equal(
      'recon.no-such-day',
    );
    const before = await water(DAY);
    await planted.addNextDay();
    await compare(DAY, NEXT);
    await compare(NEXT);
    expect(await water(DAY)).to.deep.equal(before);
    expect(before.day).to.include({ id: signed.id, state: 'signed', signedBy: 'Amina Yusuf' });
    const { adjustments } = await water(NEXT);
    expect(
      adjustments.map(({ ofDay, resultSet, items, oursMinor }) => ({ ofDay, resultSet, items, oursMinor })),
    ).to.have.deep.members([
      { ofDay: DAY, resultSet: 'agrees', items: 1, oursMinor: 50_000n },
      { ofDay: DAY, resultSet: 'late', items: -1, oursMinor: -50_000n },
    ]);
    expect(await compare(DAY, NEXT), 'known by now').to.deep.equal([]);
  });

  for (const [what, day, timeZone, hours] of [
    ['in which an hour is left out', '2027-03-28', 'Europe/Paris', 23],
    ['in which an hour comes twice', '2027-10-31', 'Europe/Paris', 25],
    ['that other years do not have', '2028-02-29', 'Africa/Nairobi', 24],
  ] as const) {
    it(`is whole on a day ${what}`, async () => {
      const { fromMs, toMs } = dayWindow(day, timeZone);
      expect((toMs - fromMs) / 3_600_000).to.equal(hours);
      const faults = Array.from({ length: hours }, () => ({ fault: 'agrees' as const, amountMinor: 10_000n }));
      const planted = await plantDay(
        domain,
        day,
        [...faults, { fault: 'booked-next-day', amountMinor: 7_000n }],
        timeZone,
      );
      await compare(day, day, { timeZone });
      expect((await setsOf(day)).sort()).to.deep.equal([...faults.map(() => 'agrees'), 'late']);
      await planted.addNextDay();
      await compare(day, addDays(day, 1), { timeZone });
      expect(new Set(await setsOf(day))).to.deep.equal(new Set(['agrees']));
    });
  }

  it('takes amounts for the same within the tolerance, and no further', async () => {
    await plantDay(domain, DAY, [{ fault: 'differs-at-biller', amountMinor: 50_000n }]);
    await compare(DAY, DAY, { toleranceMinor: 1n });
    expect(await setsOf(DAY)).to.deep.equal(['agrees']);
    await domain.reset();
    await plantDay(domain, DAY, [{ fault: 'differs-at-operator', amountMinor: 50_000n }]);
    await compare(DAY, DAY, { toleranceMinor: 99n });
    expect(await setsOf(DAY)).to.deep.equal(['differs']);
  });

  it('keeps its sums when its lines are forgotten, and misses nothing for it', async () => {
    await plantDay(domain, DAY, [
      ...Array.from({ length: 5 }, () => ({ fault: 'agrees' as const, amountMinor: 10_000n })),
    ]);
    await compare(DAY);
    const { reader } = domain.deps.database;
    const rows = () =>
      Promise.all([reader.count(StatementRowSchema), reader.count(ReconResultSchema)]).then(([l, r]) => l + r);
    expect(await rows()).to.equal(15);
    const now = domain.clock.now();
    expect(await purgeStatements(domain.deps, { atMs: now - 60_000, day: DAY }, 500), 'too young').to.equal(0);
    const keep = { atMs: now + 1, day: NEXT };
    expect(await purgeStatements(domain.deps, keep, 500), 'nobody has signed the day').to.equal(0);
    await domain.deps.database.transaction((tx) => tx.update(ReconDaySchema, { state: 'open' }, { state: 'signed' }));
    const before = await water(DAY);
    expect(await purgeStatements(domain.deps, keep, 500, 'count'), 'what would go').to.equal(15);
    expect(await rows()).to.equal(15);
    for (const count of [7, 7, 1, 0]) expect(await purgeStatements(domain.deps, keep, 7)).to.equal(count);
    expect(await rows()).to.equal(0);
    expect(await water(DAY)).to.deep.equal(before);
    await compare(DAY, addDays(DAY, 3));
    expect((await openBreaks(domain)).map(({ breakType }) => breakType)).to.satisfy((types: string[]) =>
      types.every((type) => type === 'statement-missing'),
    );
  });

  it('leaves a break that one explains and another confirms, and keeps what both said', async () => {
    await plantDay(domain, DAY, [{ fault: 'differs-at-biller', amountMinor: 50_000n }]);
    await compare(DAY);
    const [{ id: breakId } = { id: '' }, ...more] = await openBreaks(domain);
    expect(more).to.deep.equal([]);
    const say = (by: string, reason: string) => ({ breakId, by, reason });
    await takeBreak(domain.deps, { breakId, by: 'Ann' });
    await proposeResolution(domain.deps, { ...say('Ann', 'a cent by rounding'), resolution: 'written-off' });
    expect(await codeOf(confirmResolution(domain.deps, say(' ANN ', 'yes')))).to.equal('break.maker-is-checker');
    await rejectResolution(domain.deps, say('Ben', 'they must correct it'));
    await proposeResolution(domain.deps, { ...say('Ann', 'corrected in their system'), resolution: 'corrected' });
    expect(await codeOf(confirmResolution(domain.deps, say('Ben', ' ')))).to.equal('break.no-reason');
    await confirmResolution(domain.deps, say('Ben', 'seen in their list'));
    expect(await codeOf(rejectResolution(domain.deps, say('Ben', 'no')))).to.equal('break.wrong-state');
    const { found, events } = await getBreak(domain.deps, breakId.slice(-8));
    expect(found).to.include({ state: 'resolved', owner: 'Ann', resolution: 'corrected', amountMinor: 50_000n });
    expect(found).to.include({ proposedBy: 'Ann', proposedReason: 'corrected in their system' });
    expect(found).to.include({ confirmedBy: 'Ben', confirmedReason: 'seen in their list' });
    const told = events.map(({ actor, reason }) => `${actor}: ${reason}`).join('\n');
    for (const word of ['Ann: written-off: a cent by rounding', 'Ben: they must correct it', 'Ben: seen in their list'])
      expect(told).to.include(word);
    // The next version finds the same difference: it is explained, and stays so.
    await compare(DAY, NEXT);
    expect(await openBreaks(domain)).to.deep.equal([]);
  });
});
