import { expect } from 'chai';
import { In, IsNull } from 'typeorm';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { plainTransfer as transfer } from '../../support/plain-transfer.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('the statements of one row', (stores) => {
  let database: Database;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());

  it('write and read what TypeORM does: amounts, instants, nulls, quotes and other alphabets', async () => {
    const odd = transfer({ payerName: 'O\'Brien \\ "x" 😀 محمد', amountMinor: 9_007_199_254_740_991n, settledAtMs: 0 });
    await database.transaction(async (tx) => {
      await tx.insert(TransferSchema, odd);
      const ours = await tx.findOne(TransferSchema, { id: odd.id });
      const theirs = await tx.manager.findOneBy(TransferSchema, { id: odd.id });
      expect(ours).to.deep.equal({ ...theirs });
      expect(ours).to.deep.include(odd);
      expect(await tx.lockOne(TransferSchema, { reference: odd.reference, operator: 'mpesa' })).to.deep.equal(ours);
      const changes = { state: 'succeeded', receipt: 'SG1', settledAtMs: 5, payerName: null } as const;
      expect(await tx.update(TransferSchema, { id: odd.id, state: 'requested' }, changes)).to.equal(1);
      expect(await tx.update(TransferSchema, { id: odd.id, state: 'requested' }, changes)).to.equal(0);
      expect(await tx.manager.findOneBy(TransferSchema, { id: odd.id })).to.deep.include({ ...odd, ...changes });
      expect(await tx.findOne(TransferSchema, { id: 'none' })).to.equal(null);
    });
  });

  it('leave to TypeORM what is not plain', async () => {
    const [one, other] = [transfer({ merchantRequestId: 'm1' }), transfer()];
    await database.transaction(async (tx) => {
      for (const row of [one, other]) expect(await tx.insertOnce(TransferSchema, row)).to.equal(true);
      const ids = In([one.id, other.id]);
      const found = await tx.findOne(TransferSchema, { id: ids, merchantRequestId: IsNull() });
      expect(found?.id).to.equal(other.id);
      expect(await tx.update(TransferSchema, { id: ids }, { resultCode: () => "'7'" })).to.equal(2);
      expect((await tx.findOne(TransferSchema, { id: one.id }))?.resultCode).to.equal('7');
    });
  });

  it('refuse an integer that no store keeps exactly, and see a key that is taken', async () => {
    const row = transfer();
    await database.transaction(async (tx) => {
      await tx.insert(TransferSchema, row);
      expect(await tx.insertOnce(TransferSchema, { ...transfer(), reference: row.reference })).to.equal(false);
    });
    const rounded = database.transaction((tx) => tx.insert(TransferSchema, transfer({ amountMinor: 2n ** 53n })));
    expect(String(await rounded.catch((error: unknown) => error))).to.include('2^53');
  });
});
