import { expect } from 'chai';
import {
  addRows,
  checkBatch,
  compareBatches,
  createBatch,
  createSchedule,
  excludeRow,
  listChanges,
  type NewRow,
  type PayoutBatch,
  PayoutRowSchema,
  pauseBatch,
  replaceRows,
  runDueSchedules,
  runsOfSchedule,
  stopBatch,
} from '../../../src/domain/payout-batches/index.ts';
import {
  approved,
  batchOf,
  type Employer,
  employer,
  fund,
  payAll,
  people,
  rowsOf,
  staff,
} from '../../support/batch-stories.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

const DAY_MS = 86_400_000;

describeOnStores('paying a batch again of which rows have left', (stores) => {
  let domain: Domain;
  let own: Employer;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain);
    await fund(domain, own, 500_000);
  });
  after(() => domain.close());

  const actor = () => staff(own.people.initiator, own.organisation.id);
  const maker = () => ({ id: own.people.initiator });
  const which = ({ id }: PayoutBatch, reason = 'so it is') => ({
    ...{ batchId: id, organisationId: own.organisation.id, reason },
  });
  const workers = (count: number) => people(count).map((row) => ({ ...row, name: 'Jane Wanjiku' }));

  /** A draft of these people; one row of it is taken out by who makes it. */
  async function checked(rows: readonly NewRow[], takenOut: number[] = []): Promise<PayoutBatch> {
    const wanted = { name: 'Pay', purpose: 'salary', hours: 'at-once' } as const;
    const batch = await createBatch(domain.deps, actor(), own.organisation, maker(), wanted);
    await addRows(domain.deps, actor(), maker(), { ...which(batch), rows });
    for (const rowNo of takenOut) {
      await excludeRow(domain.deps, actor(), maker(), { ...which(batch), rowNo, excluded: true });
    }
    await checkBatch(domain.deps, actor(), which(batch));
    await domain.runOutbox();
    return batch;
  }

  /** Failed rows of a batch, with another number and name each. */
  async function takenOver(batch: PayoutBatch, rowNos: number[]) {
    const changes = new Map(rowNos.map((rowNo) => [rowNo, { msisdn: newMsisdn(), name: 'Jane W. Wanjiku' }]));
    const next = await replaceRows(domain.deps, actor(), maker(), { ...which(batch), changes });
    return { next, numbers: [...changes.values()].map(({ msisdn }) => msisdn) };
  }

  /** Checked, agreed to and paid, as far as the operator does. */
  async function paid(batch: PayoutBatch, said?: ReadonlyMap<string, string>): Promise<void> {
    await checkBatch(domain.deps, actor(), which(batch));
    await domain.runOutbox();
    await approved(domain, own, batch);
    await payAll(domain, batch.id, said);
  }

  /** The next run of a schedule that pays the people of a batch. */
  async function runOf(source: PayoutBatch): Promise<PayoutBatch> {
    await domain.runFor(8 * DAY_MS);
    const schedule = await createSchedule(domain.deps, actor(), own.organisation, maker(), {
      ...{ name: 'Salaries', rule: { every: 'month', day: 25, at: '09:00' }, sourceBatchId: source.id },
      ...{ amounts: 'last', hours: 'at-once' },
    });
    await domain.runFor((schedule.nextAtMs ?? 0) - domain.deps.runtime.clock.now());
    await runDueSchedules(domain.deps);
    await domain.runOutbox();
    const [run] = await runsOfSchedule(domain.deps, schedule.id);
    return batchOf(domain, run?.batchId ?? '');
  }

  const numbersIn = async ({ id }: PayoutBatch) =>
    (await rowsOf(domain, id)).map(({ rowNo, msisdn, name }) => `${rowNo} ${msisdn} ${name}`);

  it('pays whoever took a place in the end, drops no one in silence, and shows approvers who is another', async () => {
    const rows = workers(7);
    const source = await checked(rows, [2]);
    await approved(domain, own, source);
    const failing = [3, 4, 5, 6].map((rowNo): [string, string] => [String(rows[rowNo - 1]?.msisdn), '2040']);
    await payAll(domain, source.id, new Map(failing));
    await takenOver(source, [4]);
    const agreed = await takenOver(source, [3]);
    await paid(agreed.next);
    // A correction that was wrong too, and corrected again.
    const first = await takenOver(source, [5]);
    await paid(first.next, new Map([[String(first.numbers[0]), '2040']]));
    const second = await takenOver(first.next, [1]);
    await paid(second.next);
    await domain.expectSound();
    // Money that came back from somebody else: the number is not his.
    await domain.deps.database.transaction((tx) =>
      tx.update(PayoutRowSchema, { batchId: source.id, rowNo: 7 }, { state: 'reversed' }),
    );
    const run = await runOf(source);
    const of = (rowNo: number) => `${rowNo} ${rows[rowNo - 1]?.msisdn} Jane Wanjiku`;
    expect(await numbersIn(run)).to.deep.equal([
      ...[of(1), `3 ${agreed.numbers[0]} Jane W. Wanjiku`, of(4)],
      ...[`5 ${second.numbers[0]} Jane W. Wanjiku`, of(6)],
    ]);
    expect(run).to.include({ rows: 5 });
    const changes = await compareBatches(domain.deps, run);
    expect(changes).to.include({
      newcomers: 2,
      changed: 0,
      leavers: 3,
      differenceMinor: -(rows[6]?.amountMinor ?? 0n),
    });
    const leavers = await listChanges(domain.deps, { batch: run, before: source, kind: 'leaver', limit: 10 });
    expect(leavers.map(({ msisdn }) => msisdn)).to.have.members([rows[2], rows[4], rows[6]].map((row) => row?.msisdn));
  });

  it('keeps those whom a stop left out of the batch before', async () => {
    const rows = workers(30);
    const source = await checked(rows);
    await approved(domain, own, source);
    await domain.runOutbox();
    await pauseBatch(domain.deps, actor(), which(source));
    await stopBatch(domain.deps, actor(), which(source));
    await payAll(domain, source.id);
    expect((await rowsOf(domain, source.id)).map(({ state }) => state)).to.include.members(['paid', 'excluded']);
    const run = await runOf(await batchOf(domain, source.id));
    expect(run).to.include({ rows: 30, totalMinor: rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) });
    expect(await compareBatches(domain.deps, run)).to.include({
      ...{ newcomers: 0, changed: 0, leavers: 0, differenceMinor: 0n },
    });
    await domain.expectSound();
  });

  it('goes on behind rows of which none is paid again, however many they are', async () => {
    const rows = workers(2_100);
    const source = await checked(rows);
    const left = { batchId: source.id, organisationId: own.organisation.id };
    await domain.deps.database.transaction((tx) =>
      tx.manager.query("UPDATE payout_row SET state = 'excluded' WHERE batch_id = ? AND row_no BETWEEN 2 AND 2099", [
        left.batchId,
      ]),
    );
    await domain.deps.database.transaction((tx) =>
      tx.manager.query("UPDATE payout_batch SET state = 'closed' WHERE id = ?", [left.batchId]),
    );
    const run = await runOf(await batchOf(domain, source.id));
    expect((await rowsOf(domain, run.id)).map(({ rowNo }) => rowNo)).to.deep.equal([1, 2_100]);
  });
});
