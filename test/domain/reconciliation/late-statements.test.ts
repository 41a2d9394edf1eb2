import { expect } from 'chai';
import { IsNull } from 'typeorm';
import {
  daysToReconcile,
  type NightDeps,
  ReconDaySchema,
  reconcileDay,
  runNight,
  StatementSchema,
} from '../../../src/domain/reconciliation/index.ts';
import { addDays, businessDay } from '../../../src/kernel/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { plantDay, reconDepsOf, TIME_ZONE } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';

const LOST = [{ fault: 'missing-here', amountMinor: 5_000n }] as const;

describeOnStores('statements of older days', (stores) => {
  let domain: Domain;
  /** The business day that ended last. */
  let asOf: string;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    asOf = addDays(businessDay(domain.clock.now(), TIME_ZONE), -1);
  });
  afterEach(() => domain.expectSound());

  const back = (days: number) => addDays(asOf, -days);
  const depsOf = (): NightDeps => ({ ...reconDepsOf(domain), nightPhases: { before: [], after: [] } });
  const night = (day = asOf, report: (phase: string) => void = () => {}, signal = new AbortController().signal) =>
    runNight(depsOf(), day, { signal, report });
  /** A night that dies as soon as it tells of that phase. */
  async function nightThatDiesIn(phase: string): Promise<void> {
    const dying = new AbortController();
    const died = await night(
      asOf,
      (now) => {
        if (now === phase) dying.abort();
      },
      dying.signal,
    ).then(
      () => 'lived',
      () => 'died',
    );
    expect(died).to.equal('died');
  }
  const nextNight = async () => {
    await domain.clock.advance(86_400_000);
    asOf = addDays(asOf, 1);
    await night();
  };
  /** Lost callbacks whose money was booked. */
  const booked = async () => (await domain.transfers()).length;
  const isNew = () => domain.deps.database.reader.countBy(StatementSchema, { comparedAtMs: IsNull() });

  it('are all compared, although the night died between two of them', async function () {
    this.timeout(120_000);
    for (const days of [8, 7, 6, 5]) await plantDay(domain, back(days), LOST);
    await nightThatDiesIn(`${back(7)} transfers`);
    expect(await booked()).to.equal(1);
    await night();
    expect(await booked(), 'once for each line').to.equal(4);
    expect(await daysToReconcile(reconDepsOf(domain), asOf), 'nothing of them is left').to.deep.equal(
      [2, 1, 0].map(back),
    );
  });

  it('are compared by the next night when they are accepted while one runs', async function () {
    this.timeout(120_000);
    await plantDay(domain, back(8), LOST);
    let coming: Promise<unknown> | undefined;
    // The day before is done: the new statement finished while the night ran, and its days are behind the night.
    await runNight(
      {
        ...depsOf(),
        nightPhases: { before: [], after: [{ name: 'late', run: async () => void (await coming) }] },
      },
      asOf,
      {
        signal: new AbortController().signal,
        report: (phase) => {
          if (phase === `${back(8)} tidying`) coming ??= plantDay(domain, back(9), LOST);
        },
      },
    );
    expect(await booked()).to.equal(1);
    await nextNight();
    expect(await booked()).to.equal(2);
  });

  it('are compared although they came for a day that a dead process had half done', async function () {
    this.timeout(120_000);
    await plantDay(domain, back(8), LOST);
    await nightThatDiesIn(`${back(8)} settling`);
    await plantDay(domain, back(8), [...LOST, { fault: 'missing-here', amountMinor: 7_000n }]);
    await night();
    await nextNight();
    const amounts = (await domain.transfers()).map(({ amountMinor }) => amountMinor);
    expect(amounts).to.include(7_000n);
  });

  it('are looked at once, and a day that was signed changes only by an adjustment', async function () {
    this.timeout(120_000);
    await plantDay(domain, back(8), LOST);
    await reconcileDay(reconDepsOf(domain), { day: back(8), asOf }, { signal: new AbortController().signal });
    await domain.deps.database.transaction((tx) =>
      tx.update(ReconDaySchema, { day: back(8), state: 'open' }, { state: 'signed', signedBy: 'Amina Yusuf' }),
    );
    await night();
    expect(await isNew()).to.equal(0);
    const versions = await domain.deps.database.reader.findBy(ReconDaySchema, { day: back(8) });
    expect(versions.filter(({ version }) => version === 1).map(({ state }) => state)).to.deep.equal(
      versions.filter(({ version }) => version === 1).map(() => 'signed'),
    );
    expect(await booked()).to.equal(1);
  });
});
