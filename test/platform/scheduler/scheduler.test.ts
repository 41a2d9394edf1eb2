import { expect } from 'chai';
import { makeRuntime, systemChance } from '../../../src/kernel/index.ts';
import { makeLog, silentLog } from '../../../src/platform/log/index.ts';
import {
  defineJob,
  type Job,
  type JobLeases,
  makeScheduler,
  type Scheduler,
  type Timetable,
} from '../../../src/platform/scheduler/index.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';

interface Row {
  owner: string;
  leaseUntilMs: number;
  finished: boolean;
  attempts: number;
}

/** The same promises as the leases in SQL, shared by the schedulers of one test. */
function leasesIn(rows: Map<string, Row>, clock: ManualClock): JobLeases {
  const keyOf = ({ name, slotMs }: { name: string; slotMs: number }) => `${name} ${slotMs}`;
  const ours = (slot: { name: string; slotMs: number }, owner: string) => {
    const row = rows.get(keyOf(slot));
    return row && row.owner === owner && !row.finished ? row : undefined;
  };
  return {
    async claim(slot, owner, leaseMs) {
      const row = rows.get(keyOf(slot));
      if (row && (row.finished || row.leaseUntilMs > clock.now())) return false;
      rows.set(keyOf(slot), {
        owner,
        leaseUntilMs: clock.now() + leaseMs,
        finished: false,
        attempts: (row?.attempts ?? 0) + 1,
      });
      return true;
    },
    async renew(slot, owner, leaseMs) {
      const row = ours(slot, owner);
      if (row) row.leaseUntilMs = clock.now() + leaseMs;
      return row !== undefined;
    },
    async finish(slot, owner) {
      const row = ours(slot, owner);
      if (row) row.finished = true;
    },
    async fail(slot, owner, retryAtMs) {
      const row = ours(slot, owner);
      if (!row) return true;
      row.leaseUntilMs = retryAtMs;
      row.finished = row.attempts >= 3;
      return !row.finished;
    },
    async abandoned(names) {
      const free = [...rows].filter(([, row]) => !row.finished && row.leaseUntilMs <= clock.now());
      return free
        .map(([key]) => ({ name: key.split(' ')[0] ?? '', slotMs: Number(key.split(' ')[1]) }))
        .filter(({ name }) => names.includes(name));
    },
    async latest(name) {
      const slots = [...rows.keys()]
        .filter((key) => key.startsWith(`${name} `))
        .map((key) => Number(key.split(' ')[1]));
      return slots.length > 0 ? Math.max(...slots) : undefined;
    },
    async release(slot, owner) {
      if (ours(slot, owner)) rows.delete(keyOf(slot));
    },
    async purge() {},
  };
}

/** The pretended timetable's slots: midnights in UTC. */
const DAY_MS = 86_400_000;

describe('makeScheduler', () => {
  let clock: ManualClock;
  let rows: Map<string, Row>;
  let schedulers: Scheduler[];
  let due: ((slotMs: number) => void)[];
  const timetable: Timetable = {
    slotsBetween: (_cron, _timeZone, afterMs, untilMs) => {
      const slots: number[] = [];
      for (let slotMs = Math.floor(afterMs / DAY_MS) * DAY_MS + DAY_MS; slotMs <= untilMs; slotMs += DAY_MS)
        slots.push(slotMs);
      return slots;
    },
    start(_cron, _timeZone, tell) {
      due.push(tell);
      return { stop: () => due.splice(due.indexOf(tell), 1) };
    },
  };

  beforeEach(() => {
    clock = manualClock();
    rows = new Map();
    schedulers = [];
    due = [];
  });
  afterEach(async () => {
    for (const scheduler of schedulers) {
      const stopped = scheduler.stop(1_000);
      await clock.advance(120_000);
      await stopped;
    }
  });

  function start(jobs: Job[], changes: { leases?: Partial<JobLeases>; log?: typeof silentLog } = {}): Scheduler {
    const runtime = makeRuntime(clock, systemChance);
    const leases = { ...leasesIn(rows, clock), ...changes.leases };
    const deps = { runtime, leases, timetable, timeZone: 'Africa/Nairobi', log: changes.log ?? silentLog };
    const scheduler = makeScheduler(deps, jobs);
    scheduler.start();
    schedulers.push(scheduler);
    return scheduler;
  }
  const tick = async (slotMs = clock.now()) => {
    for (const tell of [...due]) tell(slotMs);
    await clock.advance(0);
  };
  const job = (run: Job['run'], changes: Partial<Job> = {}) =>
    defineJob({ name: 'pull', cron: '* * * * *', run, ...changes });

  it('runs a slot in one of many processes, and each slot', async () => {
    const ran: number[] = [];
    const run: Job['run'] = async ({ slotMs }) => void ran.push(slotMs);
    for (let processes = 0; processes < 4; processes += 1) start([job(run)]);
    await tick(1_000);
    await tick(2_000);
    expect(ran).to.deep.equal([1_000, 2_000]);
  });

  it('does not run a slot that was finished, even when told late', async () => {
    let ran = 0;
    const count = async () => {
      ran += 1;
    };
    start([job(count)]);
    await tick(1_000);
    await clock.advance(3_600_000);
    await tick(1_000);
    expect(ran).to.equal(1);
  });

  it('keeps the lease while a run goes on', async () => {
    let end = () => {};
    let ran = 0;
    const run = () => {
      ran += 1;
      return new Promise<void>((resolve) => (end = resolve));
    };
    start([job(run)]);
    start([job(run)]);
    await tick(1_000);
    await clock.advance(600_000);
    expect(ran).to.equal(1);
    end();
    await clock.advance(120_000);
    expect(ran).to.equal(1);
    expect([...rows.values()].map(({ finished }) => finished)).to.deep.equal([true]);
  });

  it('does not overtake a slow run with the next slot', async () => {
    let atOnce = 0;
    let most = 0;
    start([
      job(async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise<void>((resolve) => clock.setTimer(5_000, resolve));
        atOnce -= 1;
      }),
    ]);
    await tick(1_000);
    await tick(2_000);
    await clock.advance(5_000);
    expect(most).to.equal(1);
  });

  it('takes up the slot of a process that died, once its lease has run out', async () => {
    rows.set('pull 1000', { owner: 'dead', leaseUntilMs: clock.now() + 60_000, finished: false, attempts: 1 });
    const ran: number[] = [];
    start([job(async ({ slotMs }) => void ran.push(slotMs))]);
    await clock.advance(59_000);
    expect(ran).to.deep.equal([]);
    await clock.advance(61_000);
    expect(ran).to.deep.equal([1_000]);
  });

  it('leaves it when the job says that its next slot will do', async () => {
    rows.set('pull 1000', { owner: 'dead', leaseUntilMs: 0, finished: false, attempts: 1 });
    let ran = 0;
    const count = async () => {
      ran += 1;
    };
    start([job(count, { ifAbandoned: 'skip' })]);
    await clock.advance(300_000);
    expect(ran).to.equal(0);
  });

  it('runs a failed slot again, a bounded number of times, and logs each', async () => {
    const lines: string[] = [];
    let ran = 0;
    const failing = job(async () => {
      ran += 1;
      throw new Error('the operator is away');
    });
    start([failing], { log: makeLog('error', { write: (line) => void lines.push(line) }) });
    await tick(1_000);
    await clock.advance(3_600_000);
    expect(ran).to.equal(3);
    expect(lines.filter((line) => line.includes('a job failed'))).to.have.length(3);
    expect(lines.filter((line) => line.includes('a job was given up'))).to.have.length(1);
  });

  it('tells a run that lost its lease', async () => {
    let aborted = false;
    const run: Job['run'] = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('stopped'));
        });
      });
    start([job(run)], { leases: { renew: async () => false } });
    await tick(1_000);
    await clock.advance(20_000);
    expect(aborted).to.equal(true);
  });

  it('stands a store that is away for a moment: the slot is not lost', async () => {
    let ran = 0;
    let away = true;
    const leases: Partial<JobLeases> = {
      async claim() {
        if (away) throw new Error('no connection');
        return true;
      },
    };
    const count = async () => {
      ran += 1;
    };
    start([job(count)], { leases });
    await tick(1_000);
    await clock.advance(5_000);
    expect(ran).to.equal(0);
    away = false;
    await clock.advance(20_000);
    expect(ran).to.equal(1);
  });

  it('waits at a stop for what runs, and tells it; what is broken off is free at once', async () => {
    const ended: string[] = [];
    const run: Job['run'] = async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => clock.setTimer(500, resolve)));
      ended.push('interrupted');
      signal.throwIfAborted();
    };
    const scheduler = start([job(run)]);
    await tick(1_000);
    const stopped = scheduler.stop(2_000).then(() => ended.push('stopped'));
    await clock.advance(600);
    await stopped;
    expect(ended).to.deep.equal(['interrupted', 'stopped']);
    expect(due).to.have.length(0);
    expect([...rows.values()]).to.have.length(1);
    expect(rows.get('pull 1000')?.leaseUntilMs).to.be.at.most(clock.now());
  });

  it('does not wait at a stop for ever', async () => {
    const scheduler = start([job(() => new Promise(() => {}))]);
    await tick(1_000);
    const stopped = scheduler.stop(2_000);
    await clock.advance(2_000);
    await stopped;
  });

  it('runs a job when told to, under the same lease', async () => {
    let ran = 0;
    const count = async () => {
      ran += 1;
    };
    const scheduler = start([job(count)]);
    expect(await scheduler.runNow('pull')).to.equal(true);
    expect(await scheduler.runNow('pull')).to.equal(false);
    expect(ran).to.equal(1);
    expect(() => scheduler.runNow('nonsense')).to.throw('no job is called nonsense');
  });

  describe('slots that were missed', () => {
    const midnight = Math.floor(Date.UTC(2026, 10, 20, 9) / DAY_MS) * DAY_MS;

    it('are run when a process is back, oldest first, by one of two', async () => {
      rows.set(`pull ${midnight - 3 * DAY_MS}`, { owner: 'gone', leaseUntilMs: 0, finished: true, attempts: 1 });
      const ran: number[] = [];
      const nightly = () => job(async ({ slotMs }) => void ran.push(slotMs), { ifMissed: 'run' });
      start([nightly()]);
      start([nightly()]);
      await clock.advance(120_000);
      expect(ran).to.deep.equal([midnight - 2 * DAY_MS, midnight - DAY_MS, midnight]);
    });

    it('are left when the job says so, and before the first run ever', async () => {
      const ran: number[] = [];
      start([job(async ({ slotMs }) => void ran.push(slotMs), { ifMissed: 'run' })]);
      await clock.advance(120_000);
      rows.set(`pull ${midnight - 3 * DAY_MS}`, { owner: 'gone', leaseUntilMs: 0, finished: true, attempts: 1 });
      start([job(async ({ slotMs }) => void ran.push(slotMs))]);
      await clock.advance(120_000);
      expect(ran).to.deep.equal([]);
    });

    it('are looked for a fortnight back, not a year', async () => {
      rows.set(`pull ${midnight - 365 * DAY_MS}`, { owner: 'gone', leaseUntilMs: 0, finished: true, attempts: 1 });
      const ran: number[] = [];
      start([job(async ({ slotMs }) => void ran.push(slotMs), { ifMissed: 'run' })]);
      await clock.advance(120_000);
      expect(ran).to.have.length(14);
    });

    it('are noticed too while the process runs and its timer overslept', async () => {
      const ran: number[] = [];
      start([job(async ({ slotMs }) => void ran.push(slotMs), { ifMissed: 'run' })]);
      await clock.advance(60_000);
      await clock.advance(DAY_MS);
      expect(ran).to.deep.equal([midnight + DAY_MS]);
    });
  });

  it('refuses two jobs of one name, and odd names', () => {
    expect(() => start([job(async () => {}), job(async () => {})])).to.throw('same name');
    expect(() => job(async () => {}, { name: 'Pull Now' })).to.throw('not a name');
  });
});
