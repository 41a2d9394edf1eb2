import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { makeProgressReader, type PayoutBatch, PayoutRowSchema } from '../../../src/domain/payout-batches/index.ts';
import { type Runtime, systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { plantFundedBatch } from '../../support/planted-payouts.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('the progress of a batch that somebody watches', (stores) => {
  let database: Database;
  let nowMs = Date.UTC(2026, 10, 20, 9);
  const runtime: Runtime = { ...systemRuntime, clock: { ...systemRuntime.clock, now: () => nowMs } };
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());

  it('is counted once a second, shown meanwhile as it was, and counted at once when the batch is over', async () => {
    const planted = await plantFundedBatch(database, { rows: 5 });
    const paying: PayoutBatch = { ...planted, state: 'paying', startedAtMs: nowMs };
    const progress = makeProgressReader({ runtime, database });
    const paid = async (batch: PayoutBatch) => (await progress(batch)).byState.paid?.rows ?? 0;
    const pay = (rowNo: number) =>
      database.transaction((tx) =>
        tx.update(PayoutRowSchema, { batchId: planted.id, rowNo }, { state: 'paid', receipt: `R${rowNo}` }),
      );
    const passes = async (ms: number) => {
      nowMs += ms;
      // What is counted beside a look is there by the next one.
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    expect(await paid(paying)).to.equal(0);
    await pay(1);
    await passes(500);
    expect(await paid(paying), 'within the second').to.equal(0);
    await passes(600);
    expect(await paid(paying), 'the one before, while it is counted anew').to.equal(0);
    await passes(100);
    expect(await paid(paying), 'counted by now').to.equal(1);
    await pay(2);
    await passes(10_000);
    expect(await paid(paying), 'nobody has looked for long').to.equal(2);
    await pay(3);
    expect(await paid({ ...paying, state: 'paid' }), 'over').to.equal(3);
  });
});
