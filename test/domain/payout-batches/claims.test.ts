import { expect } from 'chai';
import {
  listClaims,
  openClaim,
  type PayoutBatch,
  pursueClaim,
  replaceRows,
  retryRows,
  returnClaim,
} from '../../../src/domain/payout-batches/index.ts';
import { applyLine, StatementRowSchema, StatementSchema } from '../../../src/domain/reconciliation/index.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import {
  approved,
  batchOf,
  type Employer,
  employer,
  fund,
  payAll,
  people,
  ready,
  rowsOf,
  staff,
} from '../../support/batch-stories.ts';
import { type Domain, newReceipt, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  throw new Error('it was not refused');
}

describeOnStores('claims of payouts', (stores) => {
  let domain: Domain;
  let own: Employer;
  let batch: PayoutBatch;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain);
    await fund(domain, own, 10_000);
    batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await payAll(domain, batch.id);
  });
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  const which = () => ({ batchId: batch.id, organisationId: own.organisation.id });
  const initiator = () => staff(own.people.initiator, own.organisation.id);
  const finance = staff('finance-person', 'house');
  const claim = () => openClaim(domain.deps, initiator(), { ...which(), rowNo: 1, reason: 'the wrong number' });
  const balance = () => domain.balanceOf(ledgerAccount.organisation(own.organisation.id));
  const replace = () =>
    replaceRows(
      domain.deps,
      initiator(),
      { id: own.people.initiator },
      {
        ...which(),
        changes: new Map([[1, { name: 'Another Person' }]]),
        reason: 'to the right one',
      },
    );

  /** A line of the operator's statement, which counts. */
  async function line(change: { amountMinor?: bigint; linkedReceipt?: string | null; atMs?: number } = {}) {
    const { ids, clock } = domain.deps.runtime;
    const now = clock.now();
    const [statementId, id] = [ids.next(), ids.next()];
    await domain.deps.database.transaction(async (tx) => {
      await tx.insert(StatementSchema, {
        ...{ id: statementId, side: 'operator', party: 'mpesa', source: 'file', fileName: null, contentHash: null },
        ...{ state: 'complete', proof: null, currency: 'KES', lines: 1, faults: 0, inMinor: 0n, outMinor: 0n },
        ...{ closingMinor: null, fromMs: null, toMs: null, problem: null, startedAtMs: now, finishedAtMs: now },
        ...{ comparedAtMs: null, readingKey: null, leaseUntilMs: null },
      });
      await tx.insert(StatementRowSchema, {
        ...{ id, statementId, side: 'operator', party: 'mpesa', lineNo: 1, lineKey: id, lineState: 'accepted' },
        ...{
          lineKind: 'reversal',
          day: '2026-11-21',
          atMs: now,
          receipt: newReceipt(),
          reference: null,
          account: null,
        },
        ...{ amountMinor: 100_000n, currency: 'KES', payer: null, maskedPayer: null, linkedReceipt: null, detail: '' },
        ...change,
      });
    });
    return id;
  }

  it('are followed to the money, which a statement alone shows; then the row is paid anew, with new consent', async () => {
    const before = await balance();
    const { id: claimId } = await claim();
    expect(await refusal(claim())).to.equal('claim.open');
    expect(await refusal(replace())).to.equal('batch.row');
    const pursue = (to: 'asked' | 'granted', caseNumber?: string) =>
      pursueClaim(domain.deps, finance, { ...which(), claimId, to, caseNumber, reason: 'by letter' });
    expect(await refusal(pursue('granted'))).to.equal('claim.state');
    expect(await refusal(pursue('asked'))).to.equal('claim.case-number');
    await pursue('asked', 'C-2026/118');
    expect((await pursue('granted')).state).to.equal('granted');
    expect(await balance(), 'a promise is no money').to.equal(before);
    expect(await refusal(replace())).to.equal('batch.row');

    const back = (statementLineId: string) =>
      returnClaim(domain.deps, finance, { ...which(), claimId, statementLineId, reason: 'seen on the statement' });
    expect(await refusal(back(await line({ amountMinor: 99_900n })))).to.equal('claim.line');
    expect(await refusal(back(await line({ linkedReceipt: 'SGOTHER001' })))).to.equal('claim.line');
    expect(await refusal(back(await line({ atMs: 1 })))).to.equal('claim.line');
    expect(await refusal(back('no-such-line'))).to.equal('claim.line');
    const good = await line();
    const tries = await Promise.allSettled([back(good), back(good)]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    await domain.runOutbox();

    const [first] = await rowsOf(domain, batch.id);
    expect(first?.state).to.equal('reversed');
    expect(await balance(), 'the organisation has it again, as credit').to.equal(before - 100_000n);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    const { claims } = await listClaims(domain.deps, { batchId: batch.id, which: 'all', limit: 10 });
    expect(claims.map(({ state }) => state)).to.deep.equal(['returned']);
    expect(claims[0]?.events.map(({ toState }) => toState)).to.deep.equal(['opened', 'asked', 'granted', 'returned']);

    expect(await refusal(retryRows(domain.deps, initiator(), { ...which(), rowNos: [1], reason: 'again' }))).to.equal(
      'batch.state',
    );
    const anew = await replace();
    expect(anew).to.include({ state: 'draft', rows: 1, totalMinor: 100_000n });
    expect(await refusal(replace()), 'and only once').to.equal('batch.row');
  });

  it('end by themselves when the statement names the payout, claimed or not, and once', async () => {
    const before = await balance();
    const [first] = await rowsOf(domain, batch.id);
    const id = await line({ linkedReceipt: first?.receipt ?? '' });
    await domain.deps.database.transaction((tx) => applyLine(domain.deps as never, tx, id));
    await domain.deps.database.transaction((tx) => applyLine(domain.deps as never, tx, id));
    await domain.runOutbox();
    expect((await rowsOf(domain, batch.id))[0]?.state).to.equal('reversed');
    expect(await balance()).to.equal(before - 100_000n);
    const { claims } = await listClaims(domain.deps, { organisationId: own.organisation.id, which: 'all', limit: 10 });
    expect(claims.map(({ state, openedBy }) => [state, openedBy])).to.deep.equal([['returned', 'operator']]);
    expect((await batchOf(domain, batch.id)).state, 'what is closed stays closed').to.equal('closed');
  });

  it('are nobody else’s', async () => {
    const { id: claimId } = await claim();
    const foreign = { claimId, organisationId: 'another', to: 'refused', reason: 'x' } as const;
    expect(await refusal(pursueClaim(domain.deps, finance, foreign))).to.equal('claim.not-found');
  });
});
