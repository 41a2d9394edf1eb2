import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { loadBillers } from '../../src/domain/billers/index.ts';
import {
  boundsOfDay,
  fileSource,
  type ImportResult,
  importStatement,
  type Statement,
  StatementRowSchema,
  StatementSchema,
} from '../../src/domain/reconciliation/index.ts';
import { businessDay, systemRuntime } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { allJobs } from '../../src/wiring/jobs.ts';
import { openService, type Service } from '../../src/wiring/service.ts';
import { statementParties } from '../../src/wiring/statements.ts';
import { runCommand, startCommand } from '../support/command.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { type Folder, makeFolder } from '../support/files.ts';
import { type Env, environmentOf, post, startService, type TestService } from '../support/service.ts';
import { minorOf } from '../support/service-control.ts';
import { eventually } from '../support/service-eventually.ts';
import { madeUpStatement } from '../support/statement-files.ts';
import { describeOnStores } from '../support/stores.ts';

const TODAY = businessDay(Date.now(), 'Africa/Nairobi');
const startOfToday = boundsOfDay(TODAY, 'Africa/Nairobi').fromMs;
const TOMORROW = businessDay(Date.now() + 86_400_000, 'Africa/Nairobi');

describeOnStores('statements', (stores) => {
  let town: TestService;
  let jane: Phone;
  let folder: Folder;
  let env: Env;
  /** Another process of the same service, as far as the stores can tell. */
  let service: Service;
  const statements = () => town.books.database.reader.find(StatementSchema, { order: { id: 'ASC' } });
  const linesOf = (statementId: string) =>
    town.books.database.reader.find(StatementRowSchema, { where: { statementId }, order: { lineNo: 'ASC' } });
  const command = (...args: string[]) => runCommand('statements', args, env);

  before(async function () {
    this.timeout(60_000);
    folder = await makeFolder();
    await mkdir(join(folder.path, 'dropped'));
    const settings = { STATEMENTS_DIR: join(folder.path, 'dropped'), STATEMENTS_SETTLE_S: '5' };
    // Without the folder: its own worker would read the files at the same time as the job below.
    town = await startService(stores());
    env = { SIMULATORS: 'on', ...environmentOf(stores(), { web: 0, simulator: 0 }, settings) };
    jane = await town.phone();
    const billerIds = loadBillers('menus/billers.yaml')
      .all()
      .map(({ id }) => id);
    service = await openService(systemRuntime, loadConfig(env, billerIds), silentLog);
  });
  after(async () => {
    await service?.close();
    await town?.stop();
    await folder?.drop();
  });
  beforeEach(async () => {
    await town.books.database.transaction(async ({ manager }) => {
      for (const table of ['statement', 'statement_line', 'statement_fault'])
        await manager.query(`DELETE FROM ${table}`);
    });
  });

  async function take(file: string): Promise<ImportResult> {
    const parties = await statementParties(service);
    const mpesa = parties.find(({ party }) => party === 'mpesa') ?? expect.fail('no mpesa');
    return importStatement(service.deps, await fileSource(file, 'file', mpesa));
  }

  /** What the portals would export. */
  async function fetched(path: string): Promise<Buffer> {
    const answer = await fetch(`${town.simulatorUrl}/control/${path}`);
    expect(answer.status, path).to.equal(200);
    return Buffer.from(await answer.arrayBuffer());
  }
  const exported = (query: string) => fetched(`operator/statement?from=${TODAY}&to=${TOMORROW}&${query}`);
  const billed = () => fetched(`biller/statement.csv?biller=maji-water&day=${TODAY}`);

  async function newest(): Promise<Statement> {
    return (await statements()).at(-1) ?? expect.fail('there is no statement');
  }

  describe("of the operator's portal", () => {
    let reversed = '';

    before(async function () {
      this.timeout(60_000);
      const amounts = ['700', '1250', '70000'];
      for (const amount of amounts) await town.control.payPaybill(jane.msisdn, amount, newAccount());
      const paid = await town.control.payPaybill(jane.msisdn, '300', newAccount());
      reversed = paid.receipt ?? '';
      await town.books.untilQuiet();
      const answer = await post(`${town.simulatorUrl}/control/operator/reverse`, { receipt: reversed });
      expect(answer.status, answer.text).to.equal(200);
    });

    const forms = [
      'format=csv&order=newest',
      'format=csv&order=oldest&dates=day-month-year&chargeBps=55',
      'format=xlsx&order=newest&dates=day-month-year&chargeBps=55',
      'format=xlsx&order=oldest',
    ];
    for (const form of forms) {
      it(`say what its books say: ${form}`, async function () {
        this.timeout(60_000);
        const file = await folder.file(`portal.${form.includes('xlsx') ? 'xlsx' : 'csv'}`, await exported(form));
        const result = await take(file);
        expect(result).to.include({ kind: 'complete', repeated: 0 });
        const statement = await newest();
        expect(statement).to.include({ proof: 'balance-chain', fromMs: startOfToday });
        expect(statement.toMs, 'the day is not over, whatever the file says').to.be.at.most(Date.now());
        expect(statement.toMs).to.be.at.least(Math.max(...(await linesOf(statement.id)).map(({ atMs }) => atMs)));
        const lines = await linesOf((await newest()).id);
        const moved = await town.control.operator.transactions();
        const told = lines.filter(({ lineKind }) => lineKind !== 'charge');
        expect(told.map(({ receipt, amountMinor }) => `${receipt} ${amountMinor}`)).to.have.members(
          moved.map(({ receipt, amount }) => `${receipt} ${minorOf(amount)}`),
        );
        for (const line of told) {
          const { at } = moved.find(({ receipt }) => receipt === line.receipt) ?? { at: '' };
          expect(line.atMs, 'to the second').to.equal(Math.floor(Date.parse(at) / 1_000) * 1_000);
          expect(line.day).to.equal(TODAY);
        }
        expect(told.find(({ lineKind }) => lineKind === 'reversal')).to.include({ linkedReceipt: reversed });
        const charges = lines.filter(({ lineKind }) => lineKind === 'charge');
        expect(charges.length).to.equal(form.includes('charge') ? moved.length - 1 : 0);
      });
    }

    it('count once where they overlap', async () => {
      const first = await take(await folder.file('one.csv', await exported('order=oldest')));
      const second = await take(await folder.file('two.csv', await exported('order=newest')));
      const count = first.kind === 'complete' ? first.statement.lines : 0;
      expect(count).to.be.greaterThan(4);
      expect(second).to.include({ kind: 'complete', repeated: count });
    });

    it('are refused with a row cut out, and leave nothing behind', async () => {
      const rows = (await exported('order=oldest')).toString().split('\r\n');
      const cut = rows.filter((_, index) => index !== rows.length - 3).join('\r\n');
      const result = await take(await folder.file('cut.csv', cut));
      expect(result.kind).to.equal('refused');
      const kept = await newest();
      expect(kept.state).to.equal('refused');
      expect(kept.problem).to.match(/^line \d+, column "Balance": it does not follow/);
      expect(await linesOf(kept.id)).to.deep.equal([]);
    });

    it('are given by a command, which refuses the same file a second time under another name', async function () {
      this.timeout(120_000);
      const content = await exported('format=csv');
      const first = await command('import', await folder.file('a.csv', content), '--operator', 'mpesa');
      expect(first.code, first.err).to.equal(0);
      expect(first.out).to.match(/a\.csv: \d+ lines, 0 of them known before; whole by balance-chain\.\n$/);
      const again = await command('import', await folder.file('b.csv', content), '--operator', 'mpesa');
      expect(again.code).to.equal(1);
      expect(again.err).to.match(
        /b\.csv was refused; nothing of it was taken\.\nThis file was read before, as a\.csv at 20/,
      );
      const list = await command('list');
      expect(list.out).to.match(
        /mpesa {10}file {4}complete a\.csv {2}\d+ lines, in [\d.]+, out [\d.]+, whole by balance-chain\n1 statements\n$/,
      );
    });
  });

  it('need a party that gives files, and a file that is there', async function () {
    this.timeout(60_000);
    const file = await folder.file('some.csv', 'x');
    const [unknown, missing] = await Promise.all([
      command('import', file, '--biller', 'jua-power'),
      command('import', `${file}.not`, '--operator', 'mpesa'),
    ]);
    expect([unknown.code, missing.code]).to.deep.equal([2, 2]);
    expect(unknown.err).to.match(/jua-power gives no statements as files; these do: mpesa, maji-water/);
    expect(missing.err).to.match(/there is no such file/);
  });

  describe('that are dropped', () => {
    let water: string;

    before(async () => {
      water = join(folder.path, 'dropped', 'maji-water');
      await mkdir(water);
    });

    async function runJob(): Promise<void> {
      const job = allJobs(service).find(({ name }) => name === 'statement-folder');
      await job?.run({ slotMs: Date.now(), signal: new AbortController().signal });
    }

    const inFolder = async (name: string) => (await readdir(join(water, name)).catch(() => [])).sort();

    it('are taken when they have settled, and say what became of them', async function () {
      this.timeout(60_000);
      const account = newAccount();
      await town.control.payPaybill(jane.msisdn, '1500', account);
      await town.control.biller.booked(account, '1500.00');
      const content = await billed();
      await writeFile(join(water, 'today.csv.part'), content);
      await writeFile(join(water, 'fresh.csv.gz'), gzipSync(content));
      await runJob();
      expect(await statements(), 'one is not settled and one is not finished').to.deep.equal([]);
      await eventually(
        'the folder is read',
        async () => {
          await runJob();
          expect(await inFolder('done')).to.have.length(2);
        },
        30_000,
      );
      const [taken, note] = await inFolder('done');
      expect(taken).to.match(/^\d{8}T\d{6}Z-fresh\.csv\.gz$/);
      expect(note).to.equal(`${taken}.txt`);
      expect(await readFile(join(water, 'done', note ?? ''), 'utf8')).to.match(
        /^fresh\.csv\.gz was taken: \d+ lines, 0 of them/,
      );
      expect(await inFolder('.')).to.deep.equal(['done', 'today.csv.part']);
      const statement = await newest();
      expect(statement).to.include({
        state: 'complete',
        party: 'maji-water',
        source: 'folder',
        proof: 'control-totals',
      });
      const postings = (await town.control.biller.postings()).filter(({ biller }) => biller === 'maji-water');
      const lines = await linesOf(statement.id);
      expect(
        lines.map(({ reference, account: of, amountMinor }) => `${reference} ${of} ${amountMinor}`),
      ).to.have.members(postings.map(({ reference, account: of, amount }) => `${reference} ${of} ${minorOf(amount)}`));
    });

    it('are moved later, and not refused, when the process died between taking and moving them', async function () {
      this.timeout(60_000);
      const content = await billed();
      const old = new Date(Date.now() - 60_000);
      const drop = async () => {
        await writeFile(join(water, 'night.csv'), content);
        await utimes(join(water, 'night.csv'), old, old);
      };
      const handled = (where: 'done' | 'refused') =>
        eventually(
          'the folder is read',
          async () => {
            await runJob();
            expect((await inFolder(where)).filter((name) => name.includes('night.csv'))).to.have.length(2);
          },
          30_000,
        );
      await drop();
      await handled('done');
      for (const name of await inFolder('done')) await rm(join(water, 'done', name));
      await drop();
      await handled('done');
      const [again = ''] = (await inFolder('done')).filter((name) => name.endsWith('night.csv.txt'));
      expect(await readFile(join(water, 'done', again), 'utf8')).to.match(/^night\.csv was taken: \d+ lines/);
      expect(await statements()).to.have.length(1);
      await drop();
      await handled('refused');
    });

    it('are refused when they were seen before or are broken, each with its reason', async function () {
      this.timeout(90_000);
      const good = await billed();
      const bad = good.toString().replace(/TOTAL,,\d+/, 'TOTAL,,9999');
      const old = new Date(Date.now() - 60_000);
      for (const [name, content] of [
        ['1-good.csv', good],
        ['2-again.csv', good],
        ['3-bad.csv', bad],
        ['4-empty.csv', ''],
      ] as const) {
        await writeFile(join(water, name), content);
        await utimes(join(water, name), old, old);
      }
      await eventually(
        'all are handled',
        async () => {
          await runJob();
          expect((await inFolder('refused')).filter((name) => /-[2-4]-/.test(name))).to.have.length(6);
        },
        60_000,
      );
      const notes = (await inFolder('refused')).filter((name) => /-[2-4]-.*\.txt$/.test(name));
      const words = await Promise.all(notes.map((name) => readFile(join(water, 'refused', name), 'utf8')));
      expect(words.join('')).to.match(
        /2-again\.csv was refused.*\nThis file was read before, as 1-good\.csv.*\n3-bad\.csv was refused.*\nline \d+: the file counts 9999 rows; \d+ were read\n4-empty\.csv was refused.*\nthe file is empty\n/,
      );
    });
  });

  describe('whose reader is killed', () => {
    const ROWS = 25_000;

    it('count for nothing, and are taken whole the next time', async function () {
      this.timeout(180_000);
      const { reader } = town.books.database;
      const file = await folder.file('long.csv', madeUpStatement(ROWS));
      const doomed = startCommand('statements', ['import', file, '--operator', 'mpesa'], env);
      await eventually(
        'it is half-way',
        async () => expect(await reader.count(StatementRowSchema)).to.be.greaterThan(3_000),
        60_000,
      );
      doomed.child.kill('SIGKILL');
      await doomed.ended;
      const [left] = await statements();
      expect(left, 'it must die before it is done').to.include({ state: 'reading', proof: null });
      expect(await take(file)).to.include({ kind: 'complete', repeated: 0 });
      const [dead, taken] = await statements();
      expect(dead).to.include({ state: 'refused', problem: 'It was broken off, and begun again.', readingKey: null });
      expect(taken).to.include({
        state: 'complete',
        lines: ROWS,
        inMinor: BigInt(ROWS) * 10_000n,
        proof: 'balance-chain',
      });
      expect(await reader.countBy(StatementRowSchema, { statementId: dead?.id ?? '' })).to.equal(0);
      expect(
        await reader.countBy(StatementRowSchema, { statementId: taken?.id ?? '', lineState: 'accepted' }),
      ).to.equal(ROWS);
    });

    it('are read by one of two that begin at once', async function () {
      this.timeout(180_000);
      const file = await folder.file('both.csv', madeUpStatement(20_000));
      const ended = command('import', file, '--operator', 'mpesa');
      await eventually('it is begun', async () => expect(await statements()).to.have.length(1), 60_000);
      const second = await take(file);
      const first = await ended;
      expect(first.code, first.err).to.equal(0);
      expect(second.kind).to.equal('busy');
      expect(await town.books.database.reader.count(StatementRowSchema)).to.equal(20_000);
    });
  });
});
