import { expect } from 'chai';
import { In } from 'typeorm';
import { ReconDaySchema } from '../../src/domain/reconciliation/index.ts';
import { addDays, businessDay, dayWindow, makeRuntime, systemChance } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { cronTimetable, JobRunSchema, makeScheduler, sqlLeases } from '../../src/platform/scheduler/index.ts';
import { nightJob } from '../../src/wiring/night.ts';
import { openService, type Service } from '../../src/wiring/service.ts';
import { manualClock } from '../support/manual-clock.ts';
import { environmentOf } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

const ZONE = 'Africa/Nairobi';
const NIGHT = '03:30';
const DAY_MS = 86_400_000;
/** A morning, some hours after that day's night. */
const MORNING_MS = Date.UTC(2026, 10, 20, 6);

describeOnStores('nights that nobody ran', (stores) => {
  const clock = manualClock(MORNING_MS);
  let service: Service;
  before(async function () {
    this.timeout(60_000);
    const env = environmentOf(stores(), { web: 0, simulator: 0 }, { SIMULATORS: 'on', NIGHT_AT: NIGHT });
    service = await openService(
      makeRuntime(clock, systemChance),
      loadConfig(env, ['jua-power', 'maji-water']),
      silentLog,
    );
  });
  after(() => service?.close());

  it('are run when the service is back, each for its own day, oldest first and once', async function () {
    this.timeout(180_000);
    const { runtime, deps } = service;
    const leases = sqlLeases(runtime, deps.database);
    const slotOf = (day: string) => ({ name: 'night', slotMs: dayWindow(day, ZONE).fromMs + 3.5 * 3_600_000 });
    const today = businessDay(clock.now(), ZONE);
    const missed = [-3, -2, -1].map((back) => addDays(today, back));
    const nightsOf = (backs: readonly number[]) => backs.map((back) => slotOf(addDays(today, back)));
    const last = slotOf(addDays(today, -3));
    expect(await leases.claim(last, 'gone', 60_000), 'the last night before the service went down').to.equal(true);
    await leases.finish(last, 'gone');
    const two = [1, 2].map(() => {
      const parts = { runtime, leases, timetable: cronTimetable, log: silentLog, timeZone: ZONE };
      return makeScheduler(parts, [nightJob(service)]);
    });
    for (const one of two) one.start();
    const nights = () =>
      deps.database.reader.find(JobRunSchema, { where: { name: 'night' }, order: { slotMs: 'ASC' } });
    // Both look for what was missed within this time; what they then find takes real time.
    await clock.advance(90_000);
    while ((await nights()).filter(({ finishedAtMs }) => finishedAtMs !== null).length <= missed.length) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await clock.advance(500);
    }
    await Promise.all(two.map((one) => one.stop(10_000)));
    const ran = (await nights()).map(({ slotMs, outcome, attempts }) => ({ slotMs, outcome, attempts }));
    const done = { outcome: 'done', attempts: 1 };
    expect(ran).to.deep.equal(nightsOf([-3, -2, -1, 0]).map(({ slotMs }) => ({ slotMs, ...done })));
    const days = await deps.database.reader.find(ReconDaySchema, { where: { day: In(missed) } });
    expect([...new Set(days.map(({ day }) => day))].sort()).to.deep.equal(missed);
    expect(clock.now() - MORNING_MS).to.be.lessThan(DAY_MS);
  });
});
