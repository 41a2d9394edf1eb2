import { expect } from 'chai';
import { listAudit } from '../../../src/domain/audit/index.ts';
import {
  confirmResolution,
  currentDays,
  getBreak,
  proposeResolution,
  purgeStatements,
  ReconAdjustmentSchema,
  ReconDaySchema,
  ReconResultSchema,
  reconcileDay,
  rejectResolution,
  StatementRowSchema,
  signDay,
  takeBreak,
} from '../../../src/domain/reconciliation/index.ts';
import { HOUSE } from '../../../src/domain/staff/index.ts';
import { addDays, dayWindow, sleep, systemClock } from '../../../src/kernel/index.ts';
import type { Tx } from '../../../src/platform/database/index.ts';
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

  const sign = (version: number, by = 'Amina Yusuf') =>
    signDay(
      domain.deps,
      { kind: 'command', id: 'amina', address: '', scope: HOUSE },
      { day: DAY, party: 'maji-water', version, by },
    );

  /** The stores, with something that happens as soon as a night has looked for the versions that it may replace. */
  function afterLook(how: 'find' | 'lockOne', then: (found: unknown) => Promise<void>) {
    const { database } = domain.deps;
    const isWater = (where: unknown) => JSON.stringify(where).includes('maji-water');
    const after = async <T>(found: T): Promise<T> => {
      if (JSON.stringify(found, (_, value) => (typeof value === 'bigint' ? String(value) : value)) !== '[]') {
        await then(found);
      }
      return found;
    };
    return {
      ...database,
      transaction: <T>(work: (tx: Tx) => Promise<T>) =>
        database.transaction((tx) => {
          const manager = new Proxy(tx.manager, {
            get(of, key) {
              const value = Reflect.get(of, key, of);
              if (typeof value !== 'function') return value;
              return (...args: unknown[]) => {
                const found = value.apply(of, args);
                const isTheLook = how === 'find' && key === 'find' && args[0] === ReconDaySchema && isWater(args[1]);
                return isTheLook ? found.then(after) : found;
              };
            },
          });
          const lockOne: Tx['lockOne'] = async (entity, where) => {
            const found = await tx.lockOne(entity, where);
            const isTheLook = how === 'lockOne' && (found as { party?: string } | null)?.party === 'maji-water';
            return isTheLook ? after(found) : found;
          };
          return work({ ...tx, manager, lockOne });
        }),
    };
  }

  for (const how of ['find', 'lockOne'] as const) {
    it(`is signed or replaced and never both, if both happen at once (${how})`, async function () {
      this.timeout(60_000);
      const planted = await plantDay(domain, DAY, [{ fault: 'booked-next-day', amountMinor: 50_000n }]);
      await compare(DAY);
      await planted.addNextDay();
      let signing: Promise<string> | undefined;
      const database = afterLook(how, async () => {
        signing ??= sign(1).then(
          ({ state }) => state,
          ({ code }) => code,
        );
        // Time enough for it to be signed, if nothing keeps it from that.
        await Promise.race([signing, sleep(systemClock, 400)]);
      });
      await reconcileDay({ ...reconDepsOf(domain), database }, { day: DAY, asOf: NEXT }, { signal });
      const said = await signing;
      const versions = await domain.deps.database.reader.find(ReconDaySchema, {
        where: { day: DAY, party: 'maji-water' },
        order: { version: 'ASC' },
      });
      const states = versions.map(({ state, signedBy }) => `${state} ${signedBy}`);
      const adjustments = await domain.deps.database.reader.countBy(ReconAdjustmentSchema, { ofDay: DAY });
      // A server lets who signs go first as long as nothing is locked; the embedded store has one writer at a time.
      if (how === 'find' && domain.deps.database.kind === 'mysql') {
        expect([said, states]).to.deep.equal(['signed', ['signed Amina Yusuf', 'adjusted null']]);
        expect(adjustments, 'what is different now').to.equal(2);
      } else {
        expect([said, states]).to.deep.equal(['recon.other-version', ['replaced null', 'open null']]);
        expect(adjustments).to.equal(0);
      }
    });
  }

  it('does not change once it is signed: what comes later is an adjustment of a day that is open', async () => {
    const planted = await plantDay(domain, DAY, [
      { fault: 'booked-next-day', amountMinor: 50_000n },
      { fault: 'agrees', amountMinor: 20_000n },
    ]);
    await compare(DAY);
    expect(await codeOf(sign(1, ' '))).to.equal('recon.no-name');
    expect(await codeOf(sign(2)), 'not the one that was seen').to.equal('recon.other-version');
    const signed = await sign(1, 'Amina Yusuf');
    expect(await codeOf(sign(1, 'Juma'))).to.equal('recon.no-such-day');
    const { entries } = await listAudit(domain.deps, {});
    expect(entries.map(({ act, actorId, subjectId }) => ({ act, actorId, subjectId }))).to.deep.equal([
      { act: 'day.signed', actorId: 'amina', subjectId: signed.id },
    ]);
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
