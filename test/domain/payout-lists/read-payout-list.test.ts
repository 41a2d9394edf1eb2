import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import {
  cleanStaleLists,
  countsOf,
  findingsOf,
  findListRows,
  type GivenList,
  type ListProgress,
  namesOf,
  type PayoutList,
  PayoutListRowSchema,
  PayoutListSchema,
  readPayoutList,
} from '../../../src/domain/payout-lists/index.ts';
import { makeRuntime, systemChance, systemClock } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { describeOnStores } from '../../support/stores.ts';
import { rules, words, workbook } from './list-kit.ts';

/** Time that runs, and can be set on. */
let aheadMs = 0;
const runtime = makeRuntime({ ...systemClock, now: () => systemClock.now() + aheadMs }, systemChance);

const lineOf = (at: number) => `0711${String(at).padStart(6, '0')},${100 + (at % 7)},Payee ${at}\n`;
/** So many rows without a fault. */
const csvOf = (rows: number) => `Phone,Amount,Name\n${Array.from({ length: rows }, (_, at) => lineOf(at)).join('')}`;

describeOnStores('reading a list of payees', (stores) => {
  let database: Database;
  let folder: Folder;
  let nextOwner = 0;
  const deps = () => ({ runtime, database, log: silentLog, listWords: words });
  const given = async (content: string | Buffer, change: Partial<GivenList> = {}): Promise<GivenList> => {
    nextOwner += 1;
    const path = await folder.file(`list-${nextOwner}`, content);
    return { ownerId: `owner-${nextOwner}`, givenBy: 'amina', path, fileName: 'May.csv', rules, ...change };
  };
  const rowsOf = (list: Pick<PayoutList, 'id'>) => database.reader.countBy(PayoutListRowSchema, { listId: list.id });
  const kept = (id: string) => database.reader.findOneByOrFail(PayoutListSchema, { id });

  before(async function () {
    this.timeout(60_000);
    folder = await makeFolder();
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
  });
  after(async () => {
    await database?.close();
    await folder?.drop();
  });

  it('keeps every row with its cells, its meaning and what was found, and the sums of all', async () => {
    const content = await workbook((sheet) => {
      sheet.addRow(['Shop', 'Phone', 'Amount', 'Name']);
      sheet.addRow(['Duka', '0711000001', 1250, 'Amina']);
      sheet.addRow(['Duka', 711000002, 500, 'Otieno']);
      sheet.addRow(['Duka', '2.547E+11', 700, 'Zoë']);
    });
    const list = await readPayoutList(deps(), await given(content, { fileName: 'Mei/Jun.xlsx' }));
    expect(list).to.deep.equal(await kept(list.id));
    expect(list).to.deep.include({
      ...{ state: 'read', rowsRead: 3, faultRows: 1, warningRows: 1, totalMinor: 175_000n, sheet: 'May' },
      ...{ fileName: 'Jun.xlsx', leaseUntilMs: null, givenBy: 'amina' },
    });
    expect(list.contentHash).to.match(/^[0-9a-f]{64}$/);
    expect(list.bytesRead).to.equal(list.bytesTotal).and.to.be.above(0);
    expect(countsOf(list)).to.deep.equal({ 'phone.lost-zero': 1, 'phone.scientific': 1 });
    expect(namesOf(list)?.row).to.equal(1);
    expect(namesOf(list)?.columns.map(({ title, field }) => `${title}=${field}`)).to.deep.equal([
      ...['Shop=null', 'Phone=phone', 'Amount=amount', 'Name=name'],
    ]);
    const [first, , third] = await findListRows(deps(), list, { most: 10 });
    expect(first).to.deep.include({ rowNo: 2, msisdn: '+254711000001', amountMinor: 125_000n, operator: 'mpesa' });
    expect(third?.cells).to.deep.equal(['Duka', '2.547E+11', '700', 'Zoë']);
    expect(third?.findings).to.deep.equal([
      {
        ...{ sheet: 'May', row: 4, column: 'B', title: 'Phone', code: 'phone.scientific', severity: 'fault' },
        values: { text: '2.547E+11' },
      },
    ]);
  });

  it('tells how far it is, and has thousands of rows in their order', async () => {
    const told: ListProgress[] = [];
    const faulty = [17, 2_500, 4_999].map((at) => `x,100,Payee ${at}\n`).join('');
    const content = csvOf(5_000) + faulty;
    const input = await given(content, { id: runtime.ids.next() });
    const list = await readPayoutList(deps(), input, { onProgress: (progress) => told.push(progress) });
    expect(list.id).to.equal(input.id);
    expect(told.length).to.be.above(4);
    expect(told.at(-1)).to.deep.equal({ rows: 5_003, bytes: content.length, totalBytes: content.length });
    expect(told.map(({ rows }) => rows)).to.deep.equal(told.map(({ rows }) => rows).sort((one, other) => one - other));
    expect(await rowsOf(list)).to.equal(5_003);
    const page = await findListRows(deps(), list, { standing: 'fault', afterRow: 5_002, most: 10 });
    expect(page.map(({ rowNo }) => rowNo)).to.deep.equal([5_003, 5_004]);
    expect((await findListRows(deps(), list, { afterRow: 3_000, most: 1 }))[0]?.name).to.equal('Payee 2999');
  });

  it('keeps nothing of a file that cannot be read to its end, but why', async () => {
    const broken = `${csvOf(3_000)}"0711,5\n`;
    for (const [content, code, row] of [
      [broken, 'file.open-quote', 3_002],
      ['', 'file.empty', null],
      ['Phone,Amount\n , \n', 'file.no-rows', null],
    ] as const) {
      const list = await readPayoutList(deps(), await given(content));
      expect(list).to.deep.include({ state: 'refused', rowsRead: 0, totalMinor: 0n, leaseUntilMs: null });
      expect(findingsOf(list).map((one) => [one.code, one.row])).to.deep.equal([[code, row]]);
      expect(await rowsOf(list)).to.equal(0);
    }
  });

  it('is stopped by its signal with nothing kept', async () => {
    const stop = new AbortController();
    const input = await given(csvOf(5_000), { id: runtime.ids.next() });
    const reading = readPayoutList(deps(), input, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('he went away')),
    });
    const [stopped] = await Promise.allSettled([reading]);
    expect(stopped).to.deep.include({ status: 'rejected' });
    const list = await kept(input.id as string);
    expect([list.state, findingsOf(list)[0]?.code, await rowsOf(list)]).to.deep.equal([
      'refused',
      'file.broken-off',
      0,
    ]);
  });

  it('leaves nothing that counts when its process dies, and is cleaned once its lease has run out', async () => {
    const input = await given(csvOf(4_000), { id: runtime.ids.next() });
    const died = new Promise<void>((resolve) => {
      // A process that dies says nothing: its reading never goes on.
      let isDead = false;
      const deadly = {
        ...database,
        reader: database.reader,
        transaction: (work: Parameters<Database['transaction']>[0]) =>
          isDead ? new Promise<never>(() => {}) : database.transaction(work),
      } as Database;
      void readPayoutList({ ...deps(), database: deadly }, input, {
        onProgress({ rows }) {
          if (rows < 2_000) return;
          isDead = true;
          resolve();
        },
      });
    });
    await died;
    const id = input.id as string;
    expect((await kept(id)).state).to.equal('reading');
    expect((await kept(id)).rowsRead).to.be.within(2_000, 3_999);
    expect(await cleanStaleLists(deps())).to.equal(0);
    expect(await rowsOf({ id })).to.be.within(2_000, 3_999);
    aheadMs += 61_000;
    expect(await cleanStaleLists(deps())).to.equal(1);
    const list = await kept(id);
    expect([list.state, findingsOf(list)[0]?.code, list.leaseUntilMs]).to.deep.equal([
      'refused',
      'file.broken-off',
      null,
    ]);
    expect(await rowsOf({ id })).to.equal(0);
    expect(await cleanStaleLists(deps())).to.equal(0);
  });

  it('ends a reader that was given up for dead and was only slow', async () => {
    const input = await given(csvOf(5_000), { id: runtime.ids.next() });
    let cleaning: Promise<number> | undefined;
    // It writes again only after it was given up.
    const slow = {
      ...database,
      async transaction(work: Parameters<Database['transaction']>[0]) {
        await cleaning;
        return database.transaction(work);
      },
    } as Database;
    const list = await readPayoutList({ ...deps(), database: slow }, input, {
      onProgress() {
        if (cleaning) return;
        aheadMs += 61_000;
        cleaning = cleanStaleLists(deps());
      },
    });
    expect(await cleaning).to.equal(1);
    expect([list.state, findingsOf(list)[0]?.code]).to.deep.equal(['refused', 'file.broken-off']);
    expect(await rowsOf(list)).to.equal(0);
  });

  it('reads two lists at once, and tells the second time that the same file is given', async () => {
    const input = await given(csvOf(1_500));
    const both = await Promise.all([readPayoutList(deps(), input), readPayoutList(deps(), { ...input, ownerId: 'b' })]);
    for (const list of both) {
      expect([list.state, await rowsOf(list), findingsOf(list)]).to.deep.equal(['read', 1_500, []]);
    }
    const again = await readPayoutList(deps(), input);
    expect(findingsOf(again).map(({ code, severity }) => [code, severity])).to.deep.equal([
      ['file.seen-before', 'warning'],
    ]);
    expect(findingsOf(again)[0]?.values.at).to.equal(both[0]?.startedAtMs);
  });

  it('says when all rows together are more than is allowed', async () => {
    const input = await given('Phone,Amount\n0711000001,600\n0711000002,500\nx,5000\n');
    const list = await readPayoutList(deps(), { ...input, rules: { ...rules, mostTotalMinor: 109_999n } });
    expect(findingsOf(list)).to.deep.equal([
      {
        ...{ sheet: null, row: null, column: null, title: null, code: 'list.total', severity: 'fault' },
        values: { total: { minor: '110000', currency: 'KES' }, most: { minor: '109999', currency: 'KES' } },
      },
    ]);
    const enough = await readPayoutList(deps(), { ...input, rules: { ...rules, mostTotalMinor: 110_000n } });
    expect(findingsOf(enough).map(({ code }) => code)).to.deep.equal(['file.seen-before']);
  });
});
