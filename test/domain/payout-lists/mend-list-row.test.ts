import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import {
  countsOf,
  findListRows,
  type ListRules,
  makersOfList,
  mendListRow,
  type PayoutList,
  PayoutListSchema,
  readPayoutList,
} from '../../../src/domain/payout-lists/index.ts';
import { type Refusal, systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { makeSigner } from '../../../src/platform/sealing/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { describeOnStores } from '../../support/stores.ts';
import { rules, words } from './list-kit.ts';

const ownerId = 'owner-who-mends';
const hassan = { kind: 'staff', id: 'hassan-login', address: '10.0.0.1', scope: ownerId } as const;

const read = (before: string | null, after: string | null) => ({
  ...{ before: JSON.parse(before ?? ''), after: JSON.parse(after ?? '') },
});

describeOnStores('mending a row of a list', (stores) => {
  let database: Database;
  let folder: Folder;
  let files = 0;
  const auditSigner = makeSigner(Buffer.alloc(32, 9), 'audit log');
  const deps = () => ({ runtime: systemRuntime, database, log: silentLog, listWords: words, auditSigner });

  before(async function () {
    this.timeout(60_000);
    folder = await makeFolder();
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(async () => {
    await database?.close();
    await folder?.drop();
  });

  async function list(...lines: string[]): Promise<PayoutList> {
    files += 1;
    const path = await folder.file(`mend-${files}`, `Phone,Amount,Name\n${lines.join('\n')}\n`);
    return readPayoutList(deps(), { ownerId, givenBy: 'grace', path, fileName: `${files}.csv`, rules });
  }

  const mend = (of: PayoutList, rowNo: number, cells: Record<number, string>, own: Partial<ListRules> = {}) =>
    mendListRow(deps(), hassan, {
      ...{ listId: of.id, ownerId, menderId: 'hassan', rowNo, rules: { ...rules, ...own } },
      cells: new Map(Object.entries(cells).map(([at, text]) => [Number(at), text])),
    });

  const standings = async (of: PayoutList) =>
    (await findListRows({ database }, of, { most: 100 })).map(({ rowNo, standing, findings }) =>
      [rowNo, standing, ...findings.map(({ code, values }) => `${code}${values.row ? ` ${values.row}` : ''}`)].join(
        ' ',
      ),
    );

  it('checks it anew and counts the list anew, in one commit', async () => {
    const of = await list('0711000001,500,A', '071100,700,B', '0711000003,"1,250",C');
    expect(of).to.include({ faultRows: 2, totalMinor: 50_000n });
    const first = await mend(of, 3, { 0: '0711 000 002' });
    expect(first.list).to.include({ faultRows: 1, totalMinor: 120_000n });
    expect(first.row).to.include({ standing: 'ok', msisdn: '+254711000002', findings: null });
    const { list: after } = await mend(of, 4, { 1: '1250' });
    expect(after).to.include({ faultRows: 0, warningRows: 0, totalMinor: 245_000n });
    expect(countsOf(after)).to.deep.equal({});
    expect(await database.reader.findOneByOrFail(PayoutListSchema, { id: of.id })).to.deep.equal(after);
  });

  it('remembers who wrote what, and what stood there before, with the list', async () => {
    const of = await list('0711000001,500,A', '0711000002,700,B');
    expect(makersOfList(of)).to.deep.equal(['grace']);
    await mend(of, 3, { 0: '0711000092', 2: 'Brian' });
    const { list: after } = await mend(of, 3, { 1: '900' });
    expect(makersOfList(after)).to.deep.equal(['grace', 'hassan']);
    const where = { subjectId: of.id };
    const acts = await database.reader.find(AuditEntrySchema, { where, order: { position: 'ASC' } });
    const row = { rowNo: 3, standing: 'ok', purpose: null, reference: null };
    expect(
      acts.map(({ act, actorId, scope, before, after }) => ({ act, actorId, scope, ...read(before, after) })),
    ).to.deep.equal([
      {
        ...{ act: 'list.row-mended', actorId: 'hassan-login', scope: ownerId },
        before: { ...row, phone: '+254******002', amountMinor: '70000', name: 'B' },
        after: { ...row, phone: '+254******092', amountMinor: '70000', name: 'Brian', changed: 'A C' },
      },
      {
        ...{ act: 'list.row-mended', actorId: 'hassan-login', scope: ownerId },
        before: { ...row, phone: '+254******092', amountMinor: '70000', name: 'Brian' },
        after: { ...row, phone: '+254******092', amountMinor: '90000', name: 'Brian', changed: 'B' },
      },
    ]);
  });

  it('still says what is wrong with it', async () => {
    const of = await list('071100,700,B');
    const { list: after, row } = await mend(of, 2, { 0: '0711000002', 1: '70.55' });
    expect(row.standing).to.equal('fault');
    expect(countsOf(after)).to.deep.equal({ 'amount.not-whole': 1 });
    expect(after.faultRows).to.equal(1);
  });

  it('looks for the same payment in all rows, and lets go those that are repeated no more', async () => {
    const of = await list('0711000001,500,A', '0711000001,500,A', '0711000001,600,A', '0711000009,500,B');
    expect(await standings(of)).to.deep.equal([
      '2 ok',
      '3 fault row.repeated-payment 2',
      '4 warning row.repeated-phone 2',
      '5 ok',
    ]);
    // The first goes elsewhere: the second is the first now, and the fifth is paid twice.
    const { list: after } = await mend(of, 2, { 0: '0711000009' });
    expect(await standings(of)).to.deep.equal([
      '2 ok',
      '3 ok',
      '4 warning row.repeated-phone 3',
      '5 fault row.repeated-payment 2',
    ]);
    expect(countsOf(after)).to.deep.equal({ 'row.repeated-payment': 1, 'row.repeated-phone': 1 });
    expect(after).to.include({ faultRows: 1, warningRows: 1, totalMinor: 160_000n });
  });

  it('keeps count while two mend at once', async () => {
    const of = await list('0711000001,x,A', '0711000002,x,B', '0711000003,x,C', '0711000004,x,D');
    await Promise.all([2, 3, 4, 5].map((rowNo) => mend(of, rowNo, { 1: '100' })));
    const after = await database.reader.findOneByOrFail(PayoutListSchema, { id: of.id });
    expect(after).to.include({ faultRows: 0, totalMinor: 40_000n });
    expect(countsOf(after)).to.deep.equal({});
  });

  it('says when all together become too much, and no longer when they are not', async () => {
    const of = await list('0711000001,500,A', '0711000002,x,B');
    const own = { mostTotalMinor: 100_000n };
    const { list: much } = await mend(of, 3, { 1: '600' }, own);
    expect(JSON.parse(much.findings)[0].code).to.equal('list.total');
    const { list: less } = await mend(of, 3, { 1: '500' }, own);
    expect(less.findings).to.equal('[]');
  });

  it('is refused for a list of others, one that a batch has, and a row that is not there', async () => {
    const of = await list('0711000001,x,A');
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: Refusal) => error.code,
      );
    expect(await refused(mend({ ...of, id: 'no-such-list' }, 2, {}))).to.equal('list.not-found');
    expect(await refused(mend(of, 77, {}))).to.equal('list.row');
    await database.transaction((tx) => tx.update(PayoutListSchema, { id: of.id }, { batchId: 'some-batch' }));
    expect(await refused(mend(of, 2, { 1: '5' }))).to.equal('list.used');
  });
});
