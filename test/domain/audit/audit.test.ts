import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { type Act, AuditEntrySchema, AuditHeadSchema, checkAudit, recordAct } from '../../../src/domain/audit/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { describeOnStores } from '../../support/stores.ts';

const signerOf = (key: string) => ({
  tag: (bytes: Buffer, length: number) => createHmac('sha256', key).update(bytes).digest().subarray(0, length),
});

describeOnStores('the audit log', (stores) => {
  let database: Database;
  const deps = { runtime: systemRuntime, auditSigner: signerOf('a key for tests only') };
  const actor = { kind: 'staff', id: 'amina', address: '127.0.0.1', scope: 'house' } as const;
  const record = (change: Partial<Act> = {}) =>
    database.transaction((tx) =>
      recordAct(deps, tx, { actor, act: 'payment.noted', subject: { kind: 'payment', id: 'p1' }, ...change }),
    );
  const check = () => checkAudit({ database, auditSigner: deps.auditSigner });

  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());
  beforeEach(() =>
    database.transaction(async (tx) => {
      await tx.manager.clear(AuditEntrySchema);
      await tx.manager.clear(AuditHeadSchema);
    }),
  );

  it('holds when there is nothing in it', async () => {
    expect(await check()).to.deep.equal({ entries: 0, head: '0'.repeat(64), broken: undefined });
  });

  it('chains each entry to the one before', async () => {
    const first = await record({ reason: 'a call', before: { amountMinor: 5n }, after: { amountMinor: 6n } });
    const second = await record();
    expect(second.previousHash).to.equal(first.hash);
    expect(first).to.include({ position: 1, before: '{"amountMinor":"5"}', after: '{"amountMinor":"6"}' });
    expect(await check()).to.deep.equal({ entries: 2, head: second.hash, broken: undefined });
  });

  it('puts entries that come at once into one order without a gap', async () => {
    const entries = await Promise.all(Array.from({ length: 12 }, () => record()));
    expect(entries.map(({ position }) => position).sort((a, b) => a - b)).to.deep.equal([...Array(13).keys()].slice(1));
    expect((await check()).broken).to.equal(undefined);
  });

  it('is gone with the act when its transaction is rolled back', async () => {
    const act = database.transaction(async (tx) => {
      await recordAct(deps, tx, { actor, act: 'payment.noted', subject: { kind: 'payment', id: 'p1' } });
      throw new Error('the act failed');
    });
    expect((await Promise.allSettled([act]))[0]?.status).to.equal('rejected');
    expect(await check()).to.include({ entries: 0, broken: undefined });
  });

  for (const [field, value] of Object.entries({
    ...{ atMs: 1, actorKind: 'key', actorId: 'juma', address: '10.0.0.1', scope: 'other', act: 'payment.refunded' },
    ...{ subjectKind: 'person', subjectId: 'p2', reason: 'another', before: '{"a":1}', after: null },
  })) {
    it(`finds that ${field} was changed`, async () => {
      await record({ after: { a: 1 } });
      const entry = await record({ after: { a: 2 } });
      await record();
      await database.transaction((tx) => tx.update(AuditEntrySchema, { id: entry.id }, { [field]: value }));
      expect((await check()).broken).to.deep.equal({ position: 2, why: 'it was changed' });
    });
  }

  it('finds that an entry was taken out, at the start, in the middle and at the end', async () => {
    for (const position of [1, 2, 3]) {
      await database.transaction(async (tx) => {
        await tx.manager.clear(AuditEntrySchema);
        await tx.manager.clear(AuditHeadSchema);
      });
      for (let count = 0; count < 3; count += 1) await record();
      await database.transaction((tx) => tx.manager.delete(AuditEntrySchema, { position }));
      expect((await check()).broken?.position).to.equal(position);
    }
  });

  it('finds a chain that was written anew without the key', async () => {
    await record();
    const forged = { ...deps, auditSigner: signerOf('another key') };
    await database.transaction((tx) =>
      recordAct(forged, tx, { actor, act: 'payment.noted', subject: { kind: 'payment', id: 'p1' } }),
    );
    expect((await check()).broken).to.deep.equal({ position: 2, why: 'it was changed' });
  });
});
