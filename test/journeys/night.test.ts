import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ReconDaySchema } from '../../src/domain/reconciliation/index.ts';
import { SettlementSchema } from '../../src/domain/settlement/index.ts';
import { addDays, businessDay, dayWindow, makeRuntime, systemClock, systemRuntime } from '../../src/kernel/index.ts';
import { ledgerAccount } from '../../src/money/ledger/index.ts';
import { type CommandEnd, runCommand } from '../support/command.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { type Folder, makeFolder } from '../support/files.ts';
import { type Env, environmentOf, post, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const ZONE = 'Africa/Nairobi';
const DAY = addDays(businessDay(Date.now(), ZONE), -1);
const NEXT = addDays(DAY, 1);
const PARTIES = ['mpesa', 'jua-power', 'maji-water'];

/** Yesterday, from its noon on: the day is over when the night begins. */
function yesterday() {
  const offsetMs = dayWindow(DAY, ZONE).fromMs + 12 * 3_600_000 - Date.now();
  return makeRuntime({ ...systemClock, now: () => systemClock.now() + offsetMs }, systemRuntime.chance);
}

describeOnStores('the night', (stores) => {
  let town: TestService;
  let folder: Folder;
  let env: Env;
  let jane: Phone;
  let amina: Phone;
  const paid = { agreed: '', lost: '', forgotten: '', reversed: '', differs: '' };
  const account = newAccount();

  const command = (name: string, ...args: string[]): Promise<CommandEnd> => runCommand(name, args, env);
  const succeeds = async (name: string, ...args: string[]): Promise<string> => {
    const { code, out, err } = await command(name, ...args);
    expect(code, `${name} ${args.join(' ')}: ${err}${out}`).to.equal(0);
    return out;
  };
  const fetched = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`${town.simulatorUrl}/control/${path}`);
    expect(answer.status, path).to.equal(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const settlements = () => town.books.database.reader.find(SettlementSchema, { where: { day: DAY } });

  /** What happened yesterday: five payments, of which four went wrong afterwards. */
  before(async function () {
    this.timeout(180_000);
    folder = await makeFolder();
    const settings = { SETTLEMENTS_DIR: join(folder.path, 'settlements'), PULL_EVERY_MINUTES: '60' };
    const runtime = yesterday();
    town = await startService(stores(), settings, runtime);
    [jane, amina] = [await town.phone(), await town.phone()];
    paid.agreed = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('paid KES', paid.agreed);
    paid.differs = await jane.pays({ biller: 2, account: newAccount(), amount: 650 });
    await jane.gets('paid KES', paid.differs);
    paid.forgotten = await amina.pays({ biller: 1, account: newAccount(1), amount: 300 });
    await amina.gets('Token', paid.forgotten);
    const reversed = await town.control.payPaybill(jane.msisdn, '400', newAccount());
    await jane.gets('paid KES', reversed.receipt ?? '?');
    paid.reversed = reversed.receipt ?? '';
    await town.control.faults({ seed: 1, daraja: { lostCallback: 1 } });
    const lost = await town.control.payPaybill(jane.msisdn, '700', newAccount());
    paid.lost = lost.receipt ?? '';
    await town.control.faults({});
    for (const [path, body] of [
      ['biller/lose', { biller: 'jua-power', reference: paid.forgotten }],
      ['operator/reverse', { receipt: paid.reversed }],
    ] as const) {
      const answer = await post(`${town.simulatorUrl}/control/${path}`, body);
      expect(answer.status, answer.text).to.equal(200);
    }
    await town.stop();
    town = await startService(stores(), settings);
    [jane, amina] = [await town.phone(jane.msisdn), await town.phone(amina.msisdn)];
    const ports = { web: 0, simulator: Number(new URL(town.simulatorUrl).port) };
    env = { SIMULATORS: 'on', ...environmentOf(stores(), ports, settings) };
  });
  after(async () => {
    await town?.stop();
    await folder?.drop();
  });

  it('takes the statements in: the operator’s file, and a file of a biller that has one amount wrong', async function () {
    this.timeout(120_000);
    const portal = await fetched(`operator/statement?from=${DAY}&to=${NEXT}&format=csv&order=newest&chargeBps=55`);
    const file = await folder.file('ORG.csv', portal);
    const booked = (await fetched(`biller/statement.csv?biller=maji-water&day=${DAY}`)).toString();
    const [row = ''] = booked.match(new RegExp(`^${paid.differs},.*$`, 'm')) ?? [];
    const [sum = ''] = booked.match(/(?<=^TOTAL,,\d+,)[\d.]+/m) ?? [];
    const wrong = booked.replace(row, row.replace(',650.00,', ',660.00,')).replace(sum, (Number(sum) + 10).toFixed(2));
    const water = await folder.file('water.csv', wrong);
    const said = await Promise.all([
      succeeds('statements', 'import', file, '--operator', 'mpesa'),
      succeeds('statements', 'import', water, '--biller', 'maji-water'),
    ]);
    expect(said[0]).to.include('whole by balance-chain');
    expect(said[1]).to.include('whole by control-totals');
  });

  it('can be rehearsed: it says what it would find, and changes nothing', async function () {
    this.timeout(60_000);
    const [out, today] = await Promise.all([
      succeeds('night', '--day', DAY, '--dry-run'),
      command('night', '--day', NEXT),
    ]);
    expect(out)
      .to.match(/maji-water {2}would be version 1\n/)
      .and.include('Nothing was changed');
    expect(out).to.match(/missing-here +1 /);
    expect(await town.books.database.reader.count(ReconDaySchema)).to.equal(0);
    expect([today.code, today.err]).to.deep.equal([2, `${NEXT} is not over yet.\n`]);
  });

  it('is run once by two who begin it at once, and settles what evidence decides', async function () {
    this.timeout(180_000);
    const ended = await Promise.all([command('night', '--day', DAY), command('night', '--day', DAY)]);
    const codes = ended.map(({ code }) => code);
    expect(codes, ended.map(({ err }) => err).join()).to.include(0);
    for (const { code, err } of ended) if (code !== 0) expect(err).to.include('Another process is running a night');
    // One that came only when the other was through may have found what that one had settled: a second version.
    const made = await town.books.database.reader.findBy(ReconDaySchema, { day: DAY });
    expect(made.filter(({ version }) => version === 1).map(({ party }) => party)).to.have.members(PARTIES);
    expect(made.filter(({ state }) => state === 'open').map(({ party }) => party)).to.have.members(PARTIES);
    // A confirmation that never came: the payment is made, booked, and its payer has the receipt.
    await jane.gets('paid KES 700.00', paid.lost);
    const transfers = await town.books.transfers({ receipt: paid.lost });
    expect(transfers.map(({ state }) => state)).to.deep.equal(['succeeded']);
    // A booking that the biller has lost is made again under the same reference, and its token told.
    const again = await eventually('the biller has it again', async () => {
      const [posting, ...more] = await town.control.biller.postings({ reference: paid.forgotten });
      expect(more).to.deep.equal([]);
      return posting ?? expect.fail('not yet');
    });
    await amina.gets('Token', (again.tokens[0] ?? '?').replace(/\d{4}(?=\d)/g, '$&-'));
    // Money that the operator took back: the payer hears of it, and the biller gives its booking up.
    await jane.gets('400.00', paid.reversed);
    const [reversed] = await eventually('it is refunded', async () => {
      const found = await town.books.payments({ operatorReceipt: paid.reversed });
      expect(found.map(({ state }) => state)).to.deep.equal(['refunded']);
      return found;
    });
    await eventually('the biller has cancelled it', async () => {
      expect(await town.control.biller.postings({ reference: reversed?.reference ?? '' })).to.deep.equal([]);
    });
    await town.expectSound();
  });

  it('books what the operator charged, and ties its balance out with our float', async () => {
    expect((await town.books.balanceOf(ledgerAccount.charges('mpesa'))) > 0n).to.equal(true);
    const breaks = await town.books.breaks();
    expect(breaks.map(({ breakType }) => breakType)).not.to.include('float-differs');
  });

  it('leaves to two people what it cannot explain', async function () {
    this.timeout(120_000);
    const found = (await town.books.breaks()).filter(({ state }) => state !== 'resolved');
    expect(found.map(({ breakType, party }) => `${breakType} ${party}`)).to.deep.equal([
      'differs-at-biller maji-water',
    ]);
    const [{ id } = { id: '' }] = found;
    expect(await succeeds('breaks', 'list')).to.match(
      new RegExp(`${id.slice(-8)} +open .*${DAY} +maji-water +differs-at-biller +KES 650\\.00 .*correct-amount`),
    );
    const said = ['--reason', 'their clerk typed 660', '--by', 'Ann Wanjiru'];
    await succeeds('breaks', 'propose', id.slice(-8), '--as', 'corrected', ...said);
    const own = await command('breaks', 'confirm', id.slice(-8), '--by', 'ann wanjiru', '--reason', 'yes');
    expect([own.code, own.err]).to.deep.equal([
      1,
      'Whoever proposed a resolution cannot confirm or reject it: ask another person. Nothing was changed.\n',
    ]);
    const shown = await succeeds('breaks', 'confirm', id.slice(-8), '--by', 'Ben Otieno', '--reason', 'seen in July');
    expect(shown)
      .to.match(/Ann Wanjiru.*their clerk typed 660/)
      .and.match(/Ben Otieno.*seen in July/);
    expect(await succeeds('breaks', 'list')).to.equal('No breaks.\n');
  });

  it('run again, makes a new version of what is known by now, and else nothing', async function () {
    this.timeout(180_000);
    await succeeds('night', '--day', DAY);
    const out = await succeeds('night', '--day', DAY);
    expect(out).to.include('Nothing new: every version stands.');
    const water = (await settlements()).find(({ billerId }) => billerId === 'maji-water');
    // 500, 650 and 700; 400 were taken back. The tariff: 20 for each of the three.
    expect(water).to.include({ state: 'drawn-up', netMinor: 185_000n - 6_000n });
  });

  it('draws up what a biller is owed: signed by one, told to the biller, paid by another', async function () {
    this.timeout(180_000);
    const [{ version } = { version: 0 }] = (await settlements()).filter(({ billerId }) => billerId === 'maji-water');
    expect(await succeeds('settlements', 'list')).to.match(
      new RegExp(`${DAY} {2}maji-water +drawn-up +KES 1790\\.00 {2}version ${version}, `),
    );
    await town.books.untilQuiet();
    const shown = await succeeds('settlements', 'show', 'maji-water', DAY);
    expect(shown).to.include('sound, and what the books say');
    const sign = ['sign', 'maji-water', DAY, '--version', String(version), '--by', 'Ann Wanjiru', '--reason', 'agrees'];
    await succeeds('settlements', ...sign);
    const told = await eventually('the biller was told', async () => {
      const all = JSON.parse((await fetched('webhooks?biller=maji-water')).toString()) as Told[];
      return all.find(({ type }) => type === 'settlement.ready') ?? expect.fail('not yet');
    });
    expect(told.verified).to.equal(true);
    expect(told.body.data).to.include({ day: DAY, payable: '1790.00', currency: 'KES', version });
    const pay = ['paid', 'maji-water', DAY, '--reference', 'FT26330ABC', '--by'];
    const same = await command('settlements', ...pay, 'Ann Wanjiru');
    expect([same.code, same.err]).to.deep.equal([
      1,
      'Whoever signed it cannot record its payment: ask another person. Nothing was changed.\n',
    ]);
    await eventually('the payout instruction is there', async () => {
      const page = join(folder.path, 'settlements', 'maji-water', `${DAY}-v${version}-payout.pdf`);
      expect((await readFile(page)).subarray(0, 5).toString()).to.equal('%PDF-');
    });
    await succeeds('settlements', ...pay, 'Ben Otieno');
    expect(await town.books.balanceOf(ledgerAccount.payable('maji-water'))).to.equal(0n);
    expect(await succeeds('settlements', 'key')).to.match(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  it('keeps a day that was signed', async function () {
    this.timeout(60_000);
    const seen = await succeeds('night', 'show', '--day', DAY);
    const version = Number(seen.match(/maji-water {2}version (\d+), open/)?.[1]);
    const sign = (of: number, by: string) =>
      command('night', 'sign', '--day', DAY, '--party', 'maji-water', '--version', String(of), '--by', by);
    expect((await sign(version + 1, 'Ann Wanjiru')).err).to.equal(
      `Version ${version} of ${DAY} is open by now, not ${version + 1}: look at it first. Nothing was changed.\n`,
    );
    expect((await sign(version, 'Ann Wanjiru')).code).to.equal(0);
    const [shown, again] = await Promise.all([succeeds('night', 'show', '--day', DAY), sign(version, 'Ben Otieno')]);
    expect(shown).to.match(new RegExp(`${DAY} {2}maji-water {2}version \\d+, signed by Ann Wanjiru\n`));
    expect(again.code).to.equal(1);
  });
});

interface Told {
  verified: boolean;
  type: string;
  body: { data: Record<string, unknown> };
}
