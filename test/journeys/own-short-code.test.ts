import { utimes } from 'node:fs/promises';
import { expect } from 'chai';
import { OrganisationSchema } from '../../src/domain/organisations/index.ts';
import { PayoutRowSchema } from '../../src/domain/payout-batches/index.ts';
import { StatementSchema } from '../../src/domain/reconciliation/index.ts';
import { addDays, businessDay, dayWindow, makeRuntime, systemClock, systemRuntime } from '../../src/kernel/index.ts';
import { runCommand } from '../support/command.ts';
import { type Folder, makeFolder } from '../support/files.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { newOrganisation } from '../support/planted-batches.ts';
import { plantFundedBatch } from '../support/planted-payouts.ts';
import { type Env, environmentOf, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const ZONE = 'Africa/Nairobi';
const DAY = addDays(businessDay(Date.now(), ZONE), -3);
/** Nobody is asked: the statement alone decides. */
const SETTINGS = { INQUIRY_DELAYS_S: '172800' };
const ACCOUNT = { shortCode: '700111', initiator: 'kilimo-payer', credential: 'Q'.repeat(344) };

/** Three days ago, from its noon on: every line has had its two days to come. */
function threeDaysAgo() {
  const offsetMs = dayWindow(DAY, ZONE).fromMs + 12 * 3_600_000 - Date.now();
  return makeRuntime({ ...systemClock, now: () => systemClock.now() + offsetMs }, systemRuntime.chance);
}

describeOnStores('an organisation that pays from its own short code', (stores) => {
  let town: TestService;
  let folder: Folder;
  let env: Env;
  const organisation = newOrganisation();
  const batches: string[] = [];

  before(async function () {
    this.timeout(180_000);
    folder = await makeFolder();
    const runtime = threeDaysAgo();
    town = await startService(stores(), SETTINGS, runtime);
    const { database } = town.books;
    await database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
    const lucy = await browserOf(town, await memberOf(town, { scope: 'house', roles: 'administrator' }));
    const page = `/console/organisations/${organisation.id}`;
    await lucy.get(`${page}/settings`);
    const { shortCode, initiator, credential } = ACCOUNT;
    const given = { 'short-code': shortCode, initiator, credential, reason: 'its own paybill' };
    expect((await lucy.post(`${page}/credential`, given)).location).to.include('done=credential-set');
    await fetch(`${town.simulatorUrl}/control/operator/accounts`, {
      ...{ method: 'PUT', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ ...ACCOUNT, amount: '1000' }),
    });
    const own = await database.reader.findOneByOrFail(OrganisationSchema, { id: organisation.id });
    // Two are paid and nobody hears of it; a third never reaches the operator.
    // A result is lost when it is sent, which is after the request was taken.
    for (const fault of [{}, {}, { lostRequest: 1 }]) {
      await town.control.faults({ daraja: { lostCallback: 1, ...fault } });
      const { id } = await plantFundedBatch(database, {
        rows: 1,
        first: 10 * batches.length,
        organisation: own,
        runtime,
      });
      batches.push(id);
      await eventually('every row was sent', async () => {
        const transfers = await town.books.transfers({ ownShortCode: ACCOUNT.shortCode, route: 'payout' });
        const isDone = ({ state, checkoutRequestId }: (typeof transfers)[number]) =>
          state === 'unknown' || (state === 'submitted' && checkoutRequestId !== null);
        expect(transfers.filter(isDone)).to.have.length(batches.length);
      });
    }
    await eventually('two are paid', async () => {
      const moved = await town.control.operator.transactions();
      expect(moved.filter(({ amount }) => amount === '-10.00')).to.have.length(2);
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await town.control.faults({});
    await town.stop();
    town = await startService(stores(), SETTINGS);
    const ports = { web: 0, simulator: Number(new URL(town.simulatorUrl).port) };
    env = { SIMULATORS: 'on', ...environmentOf(stores(), ports, SETTINGS) };
  });
  after(async () => {
    await town?.stop();
    await folder?.drop();
  });

  const command = async (name: string, ...args: string[]): Promise<string> => {
    const { code, out, err } = await runCommand(name, args, env);
    expect(code, `${name} ${args.join(' ')}: ${err}${out}`).to.equal(0);
    return out;
  };
  const states = async (batchId: string | undefined) =>
    (await town.books.database.reader.find(PayoutRowSchema, { where: { batchId: batchId ?? '' } })).map(
      ({ state }) => state,
    );

  it('learns from that account’s statement who was paid and who was not', async function () {
    this.timeout(180_000);
    const period = `from=${DAY}&to=${addDays(DAY, 2)}&shortCode=${ACCOUNT.shortCode}`;
    const exported = async (order: string) =>
      (await fetch(`${town.simulatorUrl}/control/operator/statement?${period}&order=${order}`)).text();
    const whole = await exported('newest');
    const file = await folder.file('ORG_700111.csv', whole);
    const nameless = await folder.file('nameless.csv', whole.replace(/^Short Code:.*$/m, ''));
    const unnamed = await runCommand('statements', ['import', nameless, '--operator', 'mpesa-700111'], env);
    expect(unnamed.err, 'it could be anybody’s').to.include('does not say that it is of short code 700111');
    const early = await folder.file('early.csv', await exported('oldest'));
    const afternoonMs = dayWindow(DAY, ZONE).fromMs + 15 * 3_600_000;
    await utimes(early, new Date(afternoonMs), new Date(afternoonMs));
    await command('statements', 'import', early, '--operator', 'mpesa-700111');
    const [covered] = await town.books.database.reader.findBy(StatementSchema, { state: 'complete' });
    expect(covered?.toMs, 'nothing of what came after it was exported').to.equal(afternoonMs);
    const wrong = await runCommand('statements', ['import', file, '--operator', 'mpesa'], env);
    expect(wrong.code, 'it is not ours').to.equal(1);
    expect(wrong.err).to.include('700111');
    expect(await command('statements', 'import', file, '--operator', 'mpesa-700111')).to.match(
      /[23] lines.*whole by balance-chain/,
    );
    await command('night', '--day', DAY);
    await eventually('those in the statement are paid', async () => {
      for (const paid of batches.slice(0, 2)) expect(await states(paid)).to.deep.equal(['paid']);
    });
    expect(await states(batches[2]), 'its line may still come').to.not.include('failed');
    await command('night', '--day', addDays(DAY, 2));
    await eventually('the one that is not has failed', async () => {
      expect(await states(batches[2])).to.deep.equal(['failed']);
    });
    expect(await town.books.breaks()).to.deep.equal([]);
    await town.books.untilQuiet();
  });
});
