import { expect } from 'chai';
import fc from 'fast-check';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Transfer, TransferSchema } from '../../../src/money/transfers/index.ts';
import {
  type Database,
  gatherWork,
  openDatabase,
  type Tx,
  transactMany,
} from '../../../src/platform/database/index.ts';
import { plainTransfer as transfer } from '../../support/plain-transfer.ts';
import { describeOnStores } from '../../support/stores.ts';

/** Few rows, so that what is done meets what was done. */
const ROWS = 4;
const place = fc.nat(ROWS - 1);
const text = fc.constantFrom('a', 'b', null);
const step = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), row: place }),
  fc.record({ do: fc.constant('update' as const), row: place, payerName: text, resultCode: text }),
  fc.record({ do: fc.constant('update-if' as const), row: place, from: text, to: text }),
  fc.record({ do: fc.constant('update-all' as const), from: text, to: text }),
  fc.record({ do: fc.constant('find' as const), row: place, by: fc.constantFrom('id', 'reference') }),
  fc.record({ do: fc.constant('lock' as const), row: place, by: fc.constantFrom('id', 'reference') }),
  fc.record({ do: fc.constant('find-all' as const), purposeId: fc.constantFrom('even', 'odd') }),
  fc.record({ do: fc.constant('update-each' as const), payerName: text }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface World {
  rows: Transfer[];
  there: Set<number>;
}

const seen = (row: Transfer | null) => row && `${row.reference.slice(-1)} ${row.payerName} ${row.resultCode}`;

async function take(tx: Tx, { rows, there }: World, one: Step): Promise<unknown> {
  const row = 'row' in one ? (rows[one.row] as Transfer) : (rows[0] as Transfer);
  const where = 'by' in one && one.by === 'reference' ? { reference: row.reference } : { id: row.id };
  switch (one.do) {
    case 'insert':
      if (there.has(one.row)) return 'there';
      there.add(one.row);
      return tx.insert(TransferSchema, row);
    case 'update':
      return tx.update(TransferSchema, where, { payerName: one.payerName, resultCode: one.resultCode });
    case 'update-if':
      if (one.from === null) return 'nothing to look for';
      return tx.update(TransferSchema, { ...where, payerName: one.from }, { payerName: one.to });
    case 'update-all':
      if (one.from === null) return 'nothing to look for';
      return tx.update(TransferSchema, { purpose: rows[0]?.purpose ?? '', payerName: one.from }, { payerName: one.to });
    case 'find':
      return seen(await tx.findOne(TransferSchema, where));
    case 'lock':
      return seen(await tx.lockOne(TransferSchema, where));
    case 'find-all': {
      const purposeId = `${rows[0]?.purpose}-${one.purposeId}`;
      return (await tx.findAll(TransferSchema, { purposeId }, ['createdAtMs', 'id'])).map(seen);
    }
    case 'update-each': {
      const changes = [...there].map((at): [string, Partial<Transfer>] => [
        rows[at]?.id ?? '',
        { payerName: one.payerName, resultCode: at === 0 ? 'a' : `${at}` },
      ]);
      return tx.updateEach(TransferSchema, new Map(changes));
    }
  }
}

let worlds = 0;
function world(): World {
  worlds += 1;
  const purpose = `unit${worlds}`;
  const rows = Array.from({ length: ROWS }, (_, at) =>
    transfer({
      reference: `${purpose}-${at}`,
      purpose,
      operator: at === 0 ? 'airtel' : 'mpesa',
      purposeId: `${purpose}-${at % 2 === 0 ? 'even' : 'odd'}`,
      createdAtMs: 1_800_000_000_000 - at,
    }),
  );
  return { rows, there: new Set() };
}

describeOnStores('a unit of work', (stores) => {
  let database: Database;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());

  it('does what is done row by row, whatever was fetched before and however it was', async function () {
    this.timeout(60_000);
    const fetched = fc.record({
      key: fc.constantFrom('id' as const, 'reference' as const, 'purposeId' as const),
      isLocked: fc.boolean(),
      within: fc.constantFrom({}, { operator: 'mpesa' }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(Array.from({ length: ROWS }, (_, at) => at)),
        fc.array(fetched, { maxLength: 2 }),
        fc.array(step, { minLength: 1, maxLength: 14 }),
        async (present, fetches, then) => {
          const one = world();
          const other = world();
          await database.transaction(async (tx) => {
            for (const each of [one, other]) {
              for (const row of present) await take(tx, each, { do: 'insert', row });
            }
          });
          const alone: unknown[] = [];
          await database.transaction(async (tx) => {
            for (const each of then) alone.push(await take(tx, one, each));
          });
          const together: unknown[] = [];
          await transactMany(database, async (unit) => {
            for (const { key, isLocked, within } of fetches) {
              const values = other.rows.map((row) => row[key]);
              await (isLocked ? unit.lockAll : unit.fetchAll)(TransferSchema, key, values, within);
            }
            for (const each of then) together.push(await take(unit, other, each));
          });
          expect(together).to.deep.equal(alone);
          const all = async ({ rows }: World) =>
            (
              await database.reader.find(TransferSchema, {
                where: { purpose: rows[0]?.purpose ?? '' },
                order: { reference: 'ASC' },
              })
            ).map(seen);
          expect(await all(other)).to.deep.equal(await all(one));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is begun anew row by row when a key is taken, so that whoever asked sees whose', async () => {
    const taken = transfer();
    await database.transaction((tx) => tx.insert(TransferSchema, taken));
    const asked: string[] = [];
    const isNew = await transactMany(database, async (unit) => {
      const results: boolean[] = [];
      for (const reference of [`${taken.reference}x`, taken.reference]) {
        asked.push(reference);
        results.push(await unit.insertOnce(TransferSchema, transfer({ reference })));
      }
      return results;
    });
    expect(isNew).to.deep.equal([true, false]);
    expect(asked).to.have.length(4);
  });

  it('fails whole for another reason, and nothing of it stays', async () => {
    const row = transfer();
    const failed = await transactMany(database, async (unit) => {
      await unit.insert(TransferSchema, row);
      await unit.flush();
      throw new Error('no');
    }).catch((error: Error) => error.message);
    expect(failed).to.equal('no');
    expect(await database.reader.findOneBy(TransferSchema, { id: row.id })).to.equal(null);
  });

  it('gives many a few statements, and each of them its own end when one of them fails', async () => {
    const rows = Array.from({ length: 50 }, () => transfer());
    await database.transaction((tx) => tx.insertMany(TransferSchema, rows));
    let runs = 0;
    const settle = gatherWork(database, {
      prepare: (unit, ids: readonly string[]) => unit.lockAll(TransferSchema, 'id', ids),
      async each(tx, id) {
        runs += 1;
        const row = await tx.lockOne(TransferSchema, { id });
        if (!row || row.resultCode !== null) throw new Error('settled before');
        await tx.update(TransferSchema, { id }, { resultCode: row.reference });
        return row.reference;
      },
    });
    const [first = '', second = '', ...others] = rows.map(({ id }) => id);
    await database.transaction((tx) => tx.update(TransferSchema, { id: second }, { resultCode: '1' }));
    const ends = await Promise.allSettled([first, second, ...others].map(settle));
    expect(ends.flatMap((end, at) => (end.status === 'rejected' ? [`${at} ${end.reason.message}`] : []))).to.deep.equal(
      ['1 settled before'],
    );
    expect(runs, 'together up to the one that fails, and then each').to.equal(52);
    const stored = await database.reader.findBy(TransferSchema, { purpose: rows[0]?.purpose ?? '' });
    const codeOf = new Map(stored.map(({ id, resultCode }) => [id, resultCode]));
    for (const { id, reference } of rows) expect(codeOf.get(id)).to.equal(id === second ? '1' : reference);
  });

  it('asks anew, behind the lock, for what was fetched without one', async function () {
    // The embedded store lets nobody else write meanwhile.
    if (database.kind === 'sqlite') return this.skip();
    const rows = [transfer(), transfer()];
    const [one, other] = rows as [Transfer, Transfer];
    await database.transaction((tx) => tx.insertMany(TransferSchema, rows));
    await transactMany(database, async (unit) => {
      await unit.fetchAll(TransferSchema, 'id', [one.id]);
      await unit.fetchAll(TransferSchema, 'reference', [other.reference]);
      await database.transaction(async (tx) => {
        for (const { id } of rows) await tx.update(TransferSchema, { id }, { resultCode: 'changed' });
      });
      expect((await unit.findOne(TransferSchema, { id: one.id }))?.resultCode).to.equal(null);
      expect((await unit.lockOne(TransferSchema, { id: one.id }))?.resultCode).to.equal('changed');
      expect((await unit.findOne(TransferSchema, { reference: other.reference }))?.resultCode).to.equal(null);
      expect(await unit.lockOne(TransferSchema, { reference: other.reference, resultCode: 'changed' })).not.to.equal(
        null,
      );
    });
  });

  it('takes a lock on what it fetched for good before it is changed by another', async () => {
    const row = transfer({ resultCode: '0' });
    await database.transaction((tx) => tx.insert(TransferSchema, row));
    const add = gatherWork(database, {
      prepare: (unit, ids: readonly string[]) => unit.lockAll(TransferSchema, 'id', ids),
      async each(tx, id) {
        const before = await tx.lockOne(TransferSchema, { id });
        await tx.update(TransferSchema, { id }, { resultCode: String(Number(before?.resultCode) + 1) });
      },
    });
    const alone = () =>
      database.transaction(async (tx) => {
        const before = await tx.lockOne(TransferSchema, { id: row.id });
        await tx.update(TransferSchema, { id: row.id }, { resultCode: String(Number(before?.resultCode) + 1) });
      });
    await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? alone() : add(row.id))));
    const after = await database.reader.findOneByOrFail(TransferSchema, { id: row.id });
    expect(after.resultCode).to.equal('20');
  });
});
