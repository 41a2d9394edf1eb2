import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import {
  ReconDaySchema,
  ReconRunSchema,
  RunTakenOver,
  reconcileDay,
} from '../../../src/domain/reconciliation/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { fakeOperator } from '../../support/fake-providers.ts';
import { FAULTS, type PlantedItem } from '../../support/planted-day.ts';
import { loaderArgs, programFile } from '../../support/program-args.ts';
import { openBreaks, plantDay, RULES, reconDepsOf, resultsOf, TIME_ZONE } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';

/** Where the night dies, one life after the other: in the middle of every phase, its work undone by the death or done. */
const DEATHS = [
  ['transfers', 1, 'before'],
  ['operator lines', 1, 'after'],
  ['biller lines', 1, 'before'],
  ['biller lines', 1, 'after'],
  ['leftovers', 2, 'before'],
  ['sums', 1, 'before'],
  ['sums', 1, 'after'],
  ['settling', 1, 'before'],
  ['settling', 1, 'after'],
  ['settling', 2, 'before'],
  ['breaks', 2, 'before'],
  ['breaks', 3, 'after'],
  ['tidying', 1, 'before'],
] as const;

const DAY = '2027-02-28';
const VICTIM = new URL('./night-victim.mjs', import.meta.url).pathname;
/** Where the night finds what it is made of, in the order in which it asks for it. */
const FILES = [
  programFile('ormconfig.ts'),
  ...(['domain/billers', 'domain/reconciliation', 'kernel', 'platform/database'] as const).map(indexOf),
  ...(['platform/inbox', 'platform/log', 'platform/outbox'] as const).map(indexOf),
];

function indexOf(folder: string): string {
  return programFile(`src/${folder}/index.ts`);
}

describeOnStores('a night that dies', (stores) => {
  let domain: Domain;

  beforeEach(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  afterEach(() => domain.close());

  const everything = () =>
    FAULTS.flatMap((fault, index) => [
      { fault, amountMinor: BigInt(index + 1) * 10_000n },
      { fault: 'agrees' as const, amountMinor: 5_000n },
    ]);

  /** What the night that dies is started with. */
  function plan() {
    const { databaseUrl, dataDir } = stores();
    const { name, currency } = fakeOperator(systemRuntime.clock);
    const settings = { timeZone: TIME_ZONE, waitDays: 2, rules: RULES };
    return { files: FILES, address: { databaseUrl, dataDir }, day: DAY, settings, operator: { name, currency } };
  }

  async function expectTruth(items: readonly PlantedItem[]): Promise<void> {
    const results = await resultsOf(domain, DAY);
    const found = [...results.values()].map(({ id, resultSet }) => `${id} ${resultSet}`).sort();
    const truths = items.flatMap((item) => item.truths);
    expect(found).to.deep.equal(truths.flatMap(({ id, first }) => (first ? [`${id} ${first}`] : [])).sort());
    const breaks = (await openBreaks(domain)).map(({ breakType }) => breakType).sort();
    expect(breaks).to.deep.equal(
      truths
        .flatMap(({ breakType }) => (breakType && /^(differs|twice|not-ours)/.test(breakType) ? [breakType] : []))
        .sort(),
    );
    const { reader } = domain.deps.database;
    expect(
      (await reader.findBy(ReconDaySchema, { day: DAY })).map(({ version, state }) => `${version} ${state}`),
    ).to.deep.equal(['1 open', '1 open', '1 open']);
    expect(await reader.countBy(ReconRunSchema, { state: 'running' })).to.equal(0);
    // Once for each line that was missing here: what was booked before a death was not booked again after it.
    const transfers = await domain.transfers();
    const receipts = transfers.flatMap(({ receipt }) => receipt ?? []);
    expect(new Set(receipts).size).to.equal(receipts.length);
    const missing = truths.filter(({ first }) => first === 'missing-here' || first === 'reversed').length;
    expect(
      await reader.query('SELECT COUNT(*) AS entries FROM ledger_entry').then(([row]) => Number(row.entries)),
    ).to.equal(missing);
    await domain.expectSound();
  }

  it('goes on where it was, however often it is killed, with nothing missed or doubled', async function () {
    this.timeout(240_000);
    const { items } = await plantDay(domain, DAY, everything());
    let deaths = 0;
    for (const [killIn, killAt, when] of DEATHS) {
      const args = [...loaderArgs, VICTIM, JSON.stringify({ ...plan(), killIn, killAt, when })];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
      const [, signal] = await once(child, 'exit');
      expect(signal, `${killIn} ${killAt} ${when}`).to.equal('SIGKILL');
      deaths += 1;
    }
    expect(deaths).to.equal(DEATHS.length);
    await reconcileDay(reconDepsOf(domain), { day: DAY, asOf: DAY }, { signal: new AbortController().signal });
    await expectTruth(items);
  });

  it('that was given up for dead and was not ends at its next step, and the other completes', async function () {
    this.timeout(60_000);
    const { items } = await plantDay(domain, DAY, everything());
    const run = () =>
      reconcileDay(reconDepsOf(domain), { day: DAY, asOf: DAY }, { signal: new AbortController().signal });
    const ended = await Promise.allSettled([run(), run()]);
    for (const one of ended) if (one.status === 'rejected') expect(one.reason).to.be.instanceOf(RunTakenOver);
    if (ended.every(({ status }) => status === 'rejected')) await run();
    await expectTruth(items);
  });
});
