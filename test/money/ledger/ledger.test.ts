import { expect } from 'chai';
import fc from 'fast-check';
import { money } from '../../../src/kernel/index.ts';
import {
  isBalanced,
  LedgerEntrySchema,
  type LedgerPosting,
  LedgerPostingSchema,
  type NewEntry,
  postEntry,
  trialBalance,
} from '../../../src/money/ledger/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('ledger', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  const post = (entry: NewEntry) => domain.deps.database.transaction((tx) => postEntry(domain.deps, tx, entry));
  const refused = async (work: Promise<unknown>): Promise<boolean> =>
    (await Promise.allSettled([work]))[0]?.status === 'rejected';
  const balance = () => trialBalance(domain.deps.database);
  const plant = (posting: Partial<LedgerPosting>) =>
    domain.deps.database.transaction((tx) =>
      tx.insert(LedgerPostingSchema, {
        id: domain.deps.runtime.ids.next(),
        entryId: '',
        account: 'a',
        amountMinor: 1n,
        currency: 'KES',
        ...posting,
      }),
    );

  it('is balanced after any entries, and each entry sums to zero in each currency', async () => {
    const movement = fc.record({
      debit: fc.constantFrom('a', 'b', 'c'),
      credit: fc.constantFrom('d', 'e'),
      amount: fc
        .tuple(fc.bigInt({ min: 1n, max: 100_000_000n }), fc.constantFrom('KES', 'UGX'))
        .map(([minor, currency]) => money(minor, currency)),
    });
    let subject = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 4 }), async (movements) => {
        subject += 1;
        await post({ kind: 'test', subjectId: `subject-${subject}`, movements });
        const postings = await domain.deps.database.reader.find(LedgerPostingSchema);
        const sums = new Map<string, bigint>();
        for (const { entryId, currency, amountMinor } of postings) {
          const key = `${entryId} ${currency}`;
          sums.set(key, (sums.get(key) ?? 0n) + amountMinor);
        }
        expect([...sums.values()].filter((sum) => sum !== 0n)).to.deep.equal([]);
        expect(isBalanced(await balance())).to.equal(true);
      }),
      { numRuns: 25 },
    );
  });

  it('adds what it shows exactly', async () => {
    await post({
      kind: 'one',
      subjectId: 's',
      movements: [{ debit: 'float:mpesa', credit: 'suspense', amount: kes(500) }],
    });
    await post({
      kind: 'two',
      subjectId: 's',
      movements: [{ debit: 'suspense', credit: 'payable:x', amount: kes(123.45) }],
    });
    expect((await balance()).accounts).to.deep.equal([
      { account: 'float:mpesa', currency: 'KES', balanceMinor: 50_000n, postings: 1 },
      { account: 'payable:x', currency: 'KES', balanceMinor: -12_345n, postings: 1 },
      { account: 'suspense', currency: 'KES', balanceMinor: -37_655n, postings: 2 },
    ]);
  });

  it('books a fact once, and the second try leaves nothing behind', async () => {
    const entry = { kind: 'collected', subjectId: 't1', movements: [{ debit: 'a', credit: 'b', amount: kes(1) }] };
    await post(entry);
    expect(await refused(post(entry))).to.equal(true);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => post({ ...entry, subjectId: 't2' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await domain.deps.database.reader.count(LedgerPostingSchema)).to.equal(4);
    expect(isBalanced(await balance())).to.equal(true);
  });

  it('refuses an entry that moves nothing, a negative amount, or money to where it came from', async () => {
    const entry = (movements: NewEntry['movements']) => post({ kind: 'k', subjectId: 's', movements });
    expect(await refused(entry([]))).to.equal(true);
    expect(await refused(entry([{ debit: 'a', credit: 'b', amount: kes(0) }]))).to.equal(true);
    expect(await refused(entry([{ debit: 'a', credit: 'b', amount: kes(-1) }]))).to.equal(true);
    expect(await refused(entry([{ debit: 'a', credit: 'a', amount: kes(1) }]))).to.equal(true);
    expect(await domain.deps.database.reader.count(LedgerEntrySchema)).to.equal(0);
  });

  it('rolls back with the fact that it books', async () => {
    const failing = domain.deps.database.transaction(async (tx) => {
      await postEntry(domain.deps, tx, {
        kind: 'k',
        subjectId: 's',
        movements: [{ debit: 'a', credit: 'b', amount: kes(1) }],
      });
      throw new Error('stop');
    });
    expect(await refused(failing)).to.equal(true);
    expect((await balance()).accounts).to.deep.equal([]);
  });

  describe('the trial balance', () => {
    beforeEach(() => post({ kind: 'k', subjectId: 's', movements: [{ debit: 'a', credit: 'b', amount: kes(1) }] }));

    it('finds a posting that was changed', async () => {
      const { id } = await domain.deps.database.reader.findOneByOrFail(LedgerPostingSchema, { account: 'a' });
      await domain.deps.database.transaction((tx) => tx.update(LedgerPostingSchema, { id }, { amountMinor: 101n }));
      const found = await balance();
      expect(isBalanced(found)).to.equal(false);
      expect(found.unbalanced).to.deep.equal([{ currency: 'KES', sumMinor: 1n }]);
      expect(found.brokenEntries).to.have.length(1);
    });

    it('finds two broken entries that make each other good', async () => {
      const { entryId } = await domain.deps.database.reader.findOneByOrFail(LedgerPostingSchema, { account: 'a' });
      await post({ kind: 'k', subjectId: 's2', movements: [{ debit: 'a', credit: 'b', amount: kes(1) }] });
      const other = await domain.deps.database.reader.findOneByOrFail(LedgerEntrySchema, { subjectId: 's2' });
      await plant({ entryId, amountMinor: 5n });
      await plant({ entryId: other.id, amountMinor: -5n });
      const found = await balance();
      expect(found.unbalanced).to.deep.equal([]);
      expect([...found.brokenEntries].sort()).to.deep.equal([entryId, other.id].sort());
      expect(isBalanced(found)).to.equal(false);
    });

    it('finds an entry whose currencies only make zero together', async () => {
      const { entryId } = await domain.deps.database.reader.findOneByOrFail(LedgerPostingSchema, { account: 'a' });
      await plant({ entryId, amountMinor: 7n, currency: 'KES' });
      await plant({ entryId, amountMinor: -7n, currency: 'UGX' });
      expect((await balance()).unbalanced).to.have.length(2);
    });

    it('finds an entry without postings, and a posting without its entry', async () => {
      await domain.deps.database.transaction((tx) =>
        tx.insert(LedgerEntrySchema, { id: 'empty', kind: 'k', subjectId: 'none', atMs: 1 }),
      );
      expect((await balance()).brokenEntries).to.deep.equal(['empty']);
      await plant({ entryId: 'nowhere', amountMinor: 3n });
      await plant({ entryId: 'nowhere', amountMinor: -3n });
      expect(new Set((await balance()).brokenEntries)).to.deep.equal(new Set(['empty', 'nowhere']));
      expect(isBalanced(await balance())).to.equal(false);
    });
  });
});
