import { expect } from 'chai';
import { loadBillers } from '../../src/domain/billers/index.ts';
import { addDays, businessDay, minuteOfDay, systemRuntime } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { allJobs } from '../../src/wiring/jobs.ts';
import { openService, type Service } from '../../src/wiring/service.ts';
import { runCommand } from '../support/command.ts';
import type { Phone } from '../support/dial.ts';
import { visitor } from '../support/pay-page.ts';
import { type Env, environmentOf, startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

/** Where it is not the last hour of the day now: hours end at 23:45 at the latest. */
const ZONE = minuteOfDay(Date.now(), 'Africa/Nairobi') < 23 * 60 ? 'Africa/Nairobi' : 'Africa/Lagos';
const TODAY = businessDay(Date.now(), ZONE);

describeOnStores('a reminder of a bill', (stores) => {
  let town: TestService;
  let env: Env;
  /** Another process of the same service, as far as the stores can tell. */
  let service: Service;
  let jane: Phone;
  let account: string;

  before(async function () {
    this.timeout(60_000);
    const settings = {
      ...{ REMINDERS: 'on', REMINDER_HOURS: '00:00-23:45', REMINDER_STOP_NUMBER: '20384' },
      ...{ REMINDER_DAYS: '-3,0,3', TIME_ZONE: ZONE },
    };
    town = await startService(stores(), settings);
    const ports = { web: Number(new URL(town.gateway).port), simulator: Number(new URL(town.simulatorUrl).port) };
    env = { SIMULATORS: 'on', ...environmentOf(stores(), ports, settings) };
    const billerIds = loadBillers('menus/billers.yaml')
      .all()
      .map(({ id }) => id);
    service = await openService(systemRuntime, loadConfig(env, billerIds), silentLog);
    jane = await town.phone();
    // One of the demo, with something due: an account made up by its digits may owe nothing.
    account = '100200301';
    await jane.dial('*384*123*2*1*2#');
    await jane.choose(account);
    await jane.choose('1').ends('was added to your accounts');
    const answer = await fetch(`${town.simulatorUrl}/control/bills`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ biller: 'maji-water', account, dueDate: addDays(TODAY, 3) }),
    });
    expect(answer.status).to.equal(200);
  });
  after(async () => {
    await service?.close();
    await town?.stop();
  });

  const reminders = (...args: string[]) => runCommand('reminders', args, env);
  async function handOut(): Promise<void> {
    const job = allJobs(service).find(({ name }) => name === 'hand-reminders');
    await job?.run({ slotMs: Date.now(), signal: new AbortController().signal });
  }

  it('is counted beforehand: how many, to whom and at what cost, with nothing planned', async function () {
    this.timeout(60_000);
    const told = await reminders('--dry-run');
    expect(told.code, told.err).to.equal(0);
    expect(told.out).to.match(new RegExp(`^${TODAY}: 1 reminders of \\d+ bills, 2 parts, KES 1\\.60\n`));
    expect(told.out).not.to.contain(jane.msisdn.slice(1));
  });

  it('comes once, with a dial string and an address that lead to the bill', async function () {
    this.timeout(120_000);
    for (const expected of ['1 reminders planned', '0 reminders planned']) {
      const planned = await reminders();
      expect(planned.out, planned.err).to.include(expected);
      await handOut();
      await jane.gets('is due on', account);
    }
    const texts = (await jane.messages()).filter((text) => text.includes('is due on'));
    expect(texts, 'once').to.have.length(1);
    const [dial = ''] = texts[0]?.match(/\*384\*123\*1\*2\*\d+\*\d+#/) ?? [];
    await jane.dial(dial).sees('Maji Water', account);
    const [, path = ''] = texts[0]?.match(/http:\/\/127\.0\.0\.1:\d+(\/p\/\w+)/) ?? [];
    const page = await visitor(town.gateway).get(path);
    expect(page.status).to.equal(200);
    expect(page.html).to.include(`value="${account}"`);
    const changed = await visitor(town.gateway).get(`${path.slice(0, -1)}${path.endsWith('a') ? 'b' : 'a'}`);
    expect(changed.status, 'a changed one opens nothing').to.equal(410);
  });
});
