import { expect } from 'chai';
import { findApproval } from '../../../src/domain/approvals/index.ts';
import { rulesOf } from '../../../src/domain/organisations/index.ts';
import {
  addRows,
  checkBatch,
  createBatch,
  fillFromList,
  makersOfBatch,
  type PayoutBatch,
  type PayoutBatchDeps,
} from '../../../src/domain/payout-batches/index.ts';
import {
  mendListRow,
  type PayoutList,
  PayoutListSchema,
  readPayoutList,
} from '../../../src/domain/payout-lists/index.ts';
import {
  approved,
  batchOf,
  type Employer,
  employer,
  member,
  people,
  rowsOf,
  staff,
  vote,
} from '../../support/batch-stories.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { describeOnStores } from '../../support/stores.ts';

const PAYERS = [{ name: 'mpesa', country: 'KE', hasWholeAmountsOnly: true }];

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  throw new Error('it was not refused');
}

describeOnStores('filling a batch from a list', (stores) => {
  let domain: Domain;
  let folder: Folder;
  let own: Employer;
  let files = 0;
  before(async () => {
    domain = await openDomain(stores());
    folder = await makeFolder();
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain);
  });
  afterEach(() => domain.expectSound());
  after(async () => {
    await domain.close();
    await folder.drop();
  });

  /** A list of so many people of one name. */
  async function list(name: string, count: number, givenBy = own.people.initiator): Promise<PayoutList> {
    files += 1;
    const lines = Array.from({ length: count }, () => `${newMsisdn()},1000,${name}\n`);
    const path = await folder.file(`fill-${files}`, `Phone,Amount,Name\n${lines.join('')}`);
    const given = { ownerId: own.organisation.id, givenBy, path, fileName: `${name}.csv` };
    return readPayoutList(domain.deps, { ...given, rules: rulesOf(own.organisation, PAYERS) });
  }

  const actor = () => staff(own.people.initiator, own.organisation.id);
  const maker = () => ({ id: own.people.initiator });
  const which = (batch: PayoutBatch) => ({ batchId: batch.id, organisationId: own.organisation.id });

  function draft(): Promise<PayoutBatch> {
    const wanted = { name: 'Pay', purpose: 'salary', hours: 'at-once' } as const;
    return createBatch(domain.deps, actor(), own.organisation, maker(), wanted);
  }

  const fill = (batch: PayoutBatch, { id: listId }: PayoutList, deps: PayoutBatchDeps = domain.deps, by = maker()) =>
    fillFromList(deps, staff(by.id, own.organisation.id), by, { ...which(batch), listId });

  /** Something happens before its so-and-so-many-th commit. */
  function justBefore(commit: number, happens: () => Promise<unknown>): PayoutBatchDeps {
    const { database } = domain.deps;
    let commits = 0;
    const transaction: typeof database.transaction = async (work) => {
      commits += 1;
      if (commits === commit) await happens();
      return database.transaction(work);
    };
    return { ...domain.deps, database: { ...database, reader: database.reader, transaction } };
  }

  const approvalOf = async (batch: PayoutBatch) => ({
    ...{ id: (await batchOf(domain, batch.id)).approvalId ?? '', scope: own.organisation.id },
  });
  const namesIn = async (batch: PayoutBatch) => [...new Set((await rowsOf(domain, batch.id)).map(({ name }) => name))];
  const takenBy = async ({ id }: PayoutList) =>
    (await domain.deps.database.reader.findOneByOrFail(PayoutListSchema, { id })).batchId;

  it('mixes no two lists: of two who fill it at once the last one does, and the other is told', async () => {
    const [batch, big, small] = [await draft(), await list('Big', 5_200), await list('Small', 2)];
    // Take, first piece; then the other comes.
    const slow = justBefore(3, () => fill(batch, small));
    expect(await refusal(fill(batch, big, slow))).to.equal('batch.list-moved');
    expect(await namesIn(batch)).to.deep.equal(['Small']);
    expect(await batchOf(domain, batch.id)).to.include({ listId: small.id, rows: 2, totalMinor: 200_000n });
    expect([await takenBy(big), await takenBy(small)]).to.deep.equal([null, batch.id]);
    // The one that lost can still be put into another.
    expect(await fill(await draft(), big)).to.include({ rows: 5_200 });
  });

  it('holds the whole list when it is put in twice at once, whoever of the two is told so', async () => {
    const [batch, big] = [await draft(), await list('Big', 5_200)];
    for (const commit of [2, 3, 4]) {
      const slow = justBefore(commit, () => fill(batch, big));
      await fill(batch, big, slow);
      expect(await batchOf(domain, batch.id)).to.include({ listId: big.id, rows: 5_200, totalMinor: 520_000_000n });
    }
    const ends = await Promise.allSettled([1, 2, 3].map(() => fill(batch, big)));
    for (const end of ends) if (end.status === 'rejected') expect(end.reason.code).to.equal('batch.list-moved');
    expect(ends.map(({ status }) => status)).to.include('fulfilled');
    expect(await batchOf(domain, batch.id)).to.include({ rows: 5_200 });
    expect(await rowsOf(domain, batch.id)).to.have.length(5_200);
  });

  it('is not checked, and takes no rows, while only a part of a list is in it; filled anew it is whole', async () => {
    const [batch, big] = [await draft(), await list('Big', 5_200)];
    const second = await member(domain, own.organisation.id, 'Juma', 'initiator');
    const dying = justBefore(3, () => Promise.reject(new Error('it died')));
    expect(await refusal(fill(batch, big, dying, { id: second }))).to.equal('Error: it died');
    expect(makersOfBatch(await batchOf(domain, batch.id))).to.include(second);
    const add = () => addRows(domain.deps, actor(), maker(), { ...which(batch), rows: people(1) });
    expect(await refusal(add())).to.equal('batch.half-filled');
    expect(await refusal(checkBatch(domain.deps, actor(), which(batch)))).to.equal('batch.half-filled');
    expect(await fill(batch, big)).to.include({ listId: big.id, rows: 5_200 });
    expect(await add()).to.include({ rows: 5_201 });
    expect(await checkBatch(domain.deps, actor(), which(batch))).to.include({ state: 'checking' });
  });

  it('is approved by nobody who gave the list or wrote a row of it', async () => {
    const { organisation, people: ids } = own;
    const third = await member(domain, organisation.id, 'Achieng', 'approver');
    const [batch, given] = [await draft(), await list('Given', 2, ids.second)];
    const mine = newMsisdn();
    await mendListRow(domain.deps, staff(ids.approver, organisation.id), {
      ...{ listId: given.id, ownerId: organisation.id, menderId: ids.approver, rowNo: 2 },
      ...{ cells: new Map([[0, mine]]), rules: rulesOf(organisation, PAYERS) },
    });
    await fill(batch, given);
    expect((await rowsOf(domain, batch.id)).map(({ msisdn }) => msisdn)).to.include(mine);
    await checkBatch(domain.deps, actor(), which(batch));
    await domain.runOutbox();
    await approved(domain, own, batch, []);
    for (const voter of ['approver', 'second'] as const) {
      expect(await refusal(vote(domain, own, batch.id, voter, 'grant'))).to.equal('approval.own');
    }
    await vote(domain, { ...own, people: { ...ids, second: third } }, batch.id, 'second', 'grant');
    expect((await findApproval(domain.deps, await approvalOf(batch))).approval.state).to.equal('granted');
  });

  it('takes no list of which a row says another purpose, and names the rows', async () => {
    const [batch, first] = [await draft(), await list('First', 2)];
    await fill(batch, first);
    const path = await folder.file(
      'purposes',
      `Phone,Amount,Purpose\n${['', 'dividend', 'salary', 'refund'].map((purpose) => `${newMsisdn()},1000,${purpose}\n`).join('')}`,
    );
    const rules = rulesOf(own.organisation, PAYERS);
    const given = { ownerId: own.organisation.id, givenBy: own.people.initiator, path, fileName: 'purposes.csv' };
    const mixed = await readPayoutList(domain.deps, { ...given, rules });
    const refused = await fill(batch, mixed).catch((error) => error);
    expect(refused).to.deep.include({ code: 'batch.list-purpose', details: { rows: '3, 5' } });
    expect(await batchOf(domain, batch.id)).to.include({ listId: first.id, rows: 2 });
    // Given for this batch they are faults, beside their cells, and left out as others are.
    const meant = await readPayoutList(domain.deps, { ...given, rules: { ...rules, purpose: 'salary' } });
    expect(meant).to.include({ faultRows: 2 });
    expect(await fill(batch, meant)).to.include({ rows: 2 });
  });

  it('leaves what is in it when the list cannot be taken', async () => {
    const [batch, first, other] = [await draft(), await list('First', 3), await list('Other', 2)];
    await fill(batch, first);
    await fill(await draft(), other);
    expect(await refusal(fill(batch, other))).to.equal('batch.list-used');
    expect(await batchOf(domain, batch.id)).to.include({ listId: first.id, rows: 3 });
    expect(await namesIn(batch)).to.deep.equal(['First']);
  });
});
