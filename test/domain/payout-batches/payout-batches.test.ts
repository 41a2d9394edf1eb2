import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { OrganisationSchema, releasePayouts } from '../../../src/domain/organisations/index.ts';
import { hashOfRows } from '../../../src/domain/payout-batches/check-batch.ts';
import { fundBatch } from '../../../src/domain/payout-batches/fund-batch.ts';
import {
  batchHistory,
  cancelBatch,
  checkBatch,
  closeBatch,
  compareBatches,
  listRows,
  lookAtWaiting,
  onOrganisationFree,
  type PayoutBatch,
  PayoutBatchSchema,
  PayoutRowSchema,
  pauseBatch,
  reopenBatch,
  replaceRows,
  resumeBatch,
  retryRows,
  stopBatch,
  voteOnBatch,
  withdrawBatch,
} from '../../../src/domain/payout-batches/index.ts';
import { onBatchGranted } from '../../../src/domain/payout-batches/submit-batch.ts';
import { withdrawRows } from '../../../src/domain/payout-batches/withdraw-rows.ts';
import { StaffMemberSchema } from '../../../src/domain/staff/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import {
  answerAll,
  approved,
  batchOf,
  employer,
  fund,
  payAll,
  people,
  ready,
  rowsOf,
  staff,
  stoppedAfterOne,
  vote,
} from '../../support/batch-stories.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { tell } from '../../support/payout-stories.ts';
import { describeOnStores } from '../../support/stores.ts';

const statesOf = async (domain: Domain, id: string) => (await rowsOf(domain, id)).map(({ state }) => state);

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  throw new Error('it was not refused');
}

describeOnStores('batches of payouts', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(() => domain.reset());
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  it('are made by one, granted by another, funded, paid, closed, and every shilling is accounted for', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(12));
    expect(batch).to.include({ state: 'ready', rows: 12, totalMinor: 1_206_600n });
    await approved(domain, own, batch);
    expect((await batchOf(domain, batch.id)).state).to.equal('submitted');
    await payAll(domain, batch.id);
    const paid = await batchOf(domain, batch.id);
    expect(paid.state).to.equal('closed');
    const rows = await rowsOf(domain, batch.id);
    expect(rows.every(({ state, receipt, paidAtMs }) => state === 'paid' && receipt && paidAtMs)).to.equal(true);
    expect(await domain.rows('transfer.succeeded'), 'taken in with its proof').to.deep.equal([]);
    expect(domain.payouts.payouts).to.have.length(12);
    expect(new Set(domain.payouts.payouts.map(({ recipient }) => recipient))).to.have.property('size', 12);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    const { id: organisationId } = own.organisation;
    expect(await domain.balanceOf(ledgerAccount.payoutFees(organisationId))).to.equal(0n);
    const spent = paid.totalMinor + paid.chargesMinor + paid.feeMinor + paid.taxMinor;
    expect(await domain.balanceOf(ledgerAccount.organisation(organisationId))).to.equal(-(5_000_000n - spent));
  });

  it('are voted on by nobody who made them, and by nobody twice', async () => {
    const own = await employer(domain);
    const batch = await ready(domain, own, people(4, 200_000));
    await approved(domain, own, batch, []);
    expect(await refusal(vote(domain, own, batch.id, 'initiator', 'grant'))).to.equal('approval.own');
    await vote(domain, own, batch.id, 'approver', 'grant');
    expect((await batchOf(domain, batch.id)).state).to.equal('in-approval');
    expect(await refusal(vote(domain, own, batch.id, 'approver', 'grant'))).to.equal('approval.voted');
    await vote(domain, own, batch.id, 'second', 'reject');
    await domain.runOutbox();
    expect(await batchOf(domain, batch.id)).to.include({ state: 'draft', version: 2, contentHash: null });
    const stranger = await employer(domain);
    const voter = { id: stranger.people.approver, roles: ['approver'], scope: stranger.organisation.id };
    const vote2 = {
      approvalId: batch.approvalId ?? 'none',
      voter,
      verdict: 'grant' as const,
      subjectHash: '',
      reason: '',
    };
    expect(await refusal(voteOnBatch(domain.deps, staff(voter.id, voter.scope), vote2))).to.equal('approval.not-found');
  });

  it('wait for money, and go on when it comes', async () => {
    const own = await employer(domain);
    await fund(domain, own, 1_000);
    const batch = await ready(domain, own, people(3));
    await approved(domain, own, batch);
    await domain.runOutbox();
    expect(await batchOf(domain, batch.id)).to.include({ state: 'approved', pauseReason: 'float' });
    expect(domain.payouts.payouts).to.have.length(0);
    await fund(domain, own, 10_000);
    const { organisationId } = batch;
    await resumeBatch(domain.deps, staff(own.people.initiator, organisationId), {
      ...{ batchId: batch.id, organisationId, reason: 'it came' },
    });
    await payAll(domain, batch.id);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'closed', pauseReason: null });
  });

  it('of one organisation never spend what another brought, or the same money twice', async () => {
    const rich = await employer(domain);
    const poor = await employer(domain);
    await fund(domain, rich, 100_000);
    const batch = await ready(domain, poor, people(1));
    await approved(domain, poor, batch);
    await domain.runOutbox();
    expect((await batchOf(domain, batch.id)).pauseReason).to.equal('float');
    await fund(domain, poor, 2_700);
    const second = await ready(domain, poor, people(1));
    await approved(domain, poor, second);
    await Promise.all([domain.runOutbox(), domain.runOutbox()]);
    await domain.runFor(1_000);
    const states = [await batchOf(domain, batch.id), await batchOf(domain, second.id)].map(({ state }) => state).sort();
    expect(states).to.deep.equal(['approved', 'paying']);
    expect((await domain.balanceOf(ledgerAccount.organisation(poor.organisation.id))) <= 0n).to.equal(true);
  });

  it('give the money of a failed row back, and pay it again only then, as a new attempt', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(3);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    const bad = rows[1]?.msisdn ?? '';
    await payAll(domain, batch.id, new Map([[bad, '2040']]));
    expect((await batchOf(domain, batch.id)).state).to.equal('partly-paid');
    expect(await statesOf(domain, batch.id)).to.deep.equal(['paid', 'failed', 'paid']);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    const { organisationId } = batch;
    const which = { batchId: batch.id, organisationId, reason: 'she is registered now' };
    expect(
      await retryRows(domain.deps, staff(own.people.initiator, organisationId), { ...which, rowNos: 'all' }),
    ).to.equal(1);
    await payAll(domain, batch.id);
    expect((await batchOf(domain, batch.id)).state).to.equal('closed');
    const sent = domain.payouts.payouts.filter(({ recipient }) => recipient === bad);
    expect(new Set(sent.map(({ reference }) => reference))).to.have.property('size', 2);
  });

  it('are halted at the first row when the operator refuses us, and no row is lost', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(25);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await domain.runOutbox();
    const [first] = (await domain.transfers()).filter(({ route }) => route === 'payout');
    if (!first) throw new Error('nothing was asked for');
    await tell(domain, first, { code: '2001' });
    await domain.runOutbox();
    const organisation = await domain.deps.database.reader.findOneByOrFail(OrganisationSchema, {
      id: own.organisation.id,
    });
    expect(organisation.haltReason).to.equal('operator-refuses-us');
    const before = domain.payouts.payouts.length;
    await answerAll(domain);
    await domain.runFor(60_000);
    expect(domain.payouts.payouts.length).to.be.at.most(before + 10);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'paying', pauseReason: 'organisation' });
    await domain.deps.database.transaction((tx) =>
      releasePayouts(domain.deps, tx, organisation.id, { actor: 'staff:1', reason: 'a new credential' }),
    );
    await payAll(domain, batch.id);
    expect(new Set(await statesOf(domain, batch.id))).to.deep.equal(new Set(['paid']));
  });

  it('try a credential that is refused once, and take back what waits in the queue', async () => {
    domain.deps.transferSettings.payoutPace = { perSecond: 1, burst: 1 };
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(8));
    await approved(domain, own, batch);
    await domain.runOutbox();
    const [first] = (await domain.transfers()).filter(({ state }) => state === 'submitted');
    if (!first) throw new Error('nothing was sent');
    await tell(domain, first, { code: '2001' });
    await domain.runOutbox();
    await domain.runFor(60_000);
    expect(domain.payouts.payouts).to.have.length(1);
    expect(new Set(await statesOf(domain, batch.id))).to.deep.equal(new Set(['ready']));
    const { organisationId } = batch;
    await domain.deps.database.transaction((tx) =>
      releasePayouts(domain.deps, tx, organisationId, { actor: 'staff:1', reason: 'a new credential' }),
    );
    await payAll(domain, batch.id);
    expect((await batchOf(domain, batch.id)).state).to.equal('closed');
  });

  it('go on by themselves when the float of the operator was short and money came', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await domain.runOutbox();
    for (const transfer of await domain.transfers()) await tell(domain, transfer, { code: '1' });
    await domain.runFor(60_000);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'paying', pauseReason: 'organisation' });
    await onOrganisationFree(domain.deps, batch);
    await payAll(domain, batch.id);
    expect((await batchOf(domain, batch.id)).state).to.equal('closed');
  });

  it('believe late proof: a failed row that was paid after all is paid, and its money is gone', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    const [row] = await rowsOf(domain, batch.id);
    await payAll(domain, batch.id, new Map([[row?.msisdn ?? '', '2040']]));
    const { organisationId } = batch;
    const before = await domain.balanceOf(ledgerAccount.organisation(organisationId));
    const [failed] = (await domain.transfers()).filter(({ state }) => state === 'failed');
    if (!failed) throw new Error('none has failed');
    await tell(domain, failed);
    await domain.runFor(2_000);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['paid', 'paid']);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    const held = await domain.balanceOf(ledgerAccount.organisation(organisationId));
    expect(held - before >= failed.amountMinor - batch.chargesMinor - batch.feeMinor - batch.taxMinor).to.equal(true);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.include('contradiction');
  });

  it('show a person what was paid although its failure was proven, also when the news of that was still on its way', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(1));
    await approved(domain, own, batch);
    await domain.runOutbox();
    const [sent] = await domain.transfers();
    if (!sent) throw new Error('nothing was sent');
    const apply = domain.handlers.get('inbox.mpesa.b2c');
    for (const said of [{ code: '2040' }, {}]) {
      await tell(domain, sent, said);
      const work = (await domain.rows('inbox.mpesa.b2c')).at(-1);
      await apply?.handle(JSON.parse(work?.payload ?? '{}'), work as never);
    }
    expect(await domain.transfer({ id: sent.id })).to.include({ state: 'succeeded' });
    await domain.runFor(2_000);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['paid']);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.deep.equal(['contradiction']);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
  });

  it('book what was paid twice by late proof as overpaid, and tell people', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    const [row] = await rowsOf(domain, batch.id);
    await payAll(domain, batch.id, new Map([[row?.msisdn ?? '', '2040']]));
    const { organisationId } = batch;
    const which = { batchId: batch.id, organisationId, rowNos: 'all' as const, reason: 'again' };
    await retryRows(domain.deps, staff(own.people.initiator, organisationId), which);
    await domain.runFor(1_000);
    const [failed] = (await domain.transfers()).filter(({ state }) => state === 'failed');
    if (!failed) throw new Error('none has failed');
    await tell(domain, failed);
    await domain.runFor(1_000);
    await answerAll(domain);
    await domain.runFor(1_000);
    expect(await domain.balanceOf(ledgerAccount.overpaid(organisationId))).to.equal(failed.amountMinor);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.include('contradiction');
  });

  it('keep a row that is paid again when the news of its first failure comes once more', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    const [row] = await rowsOf(domain, batch.id);
    await payAll(domain, batch.id, new Map([[row?.msisdn ?? '', '2040']]));
    const { organisationId } = batch;
    await retryRows(domain.deps, staff(own.people.initiator, organisationId), {
      ...{ batchId: batch.id, organisationId, rowNos: [1], reason: 'again' },
    });
    await domain.runFor(1_000);
    const held = await domain.balanceOf(ledgerAccount.organisation(organisationId));
    const [news] = await domain.rows('transfer.failed');
    await domain.handlers.get('transfer.failed')?.handle(JSON.parse(news?.payload ?? '{}'), news as never);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['queued', 'paid']);
    expect(await domain.balanceOf(ledgerAccount.organisation(organisationId))).to.equal(held);
    await answerAll(domain);
    await domain.runFor(1_000);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['paid', 'paid']);
  });

  it('are begun with one row, whose answer is waited for: what the operator refuses because of us is asked once', async () => {
    const own = await employer(domain);
    await fund(domain, own, 500_000);
    const batch = await ready(domain, own, people(9));
    await approved(domain, own, batch);
    const sent = () => domain.payouts.payouts.length;
    await domain.runFor(30_000);
    expect(sent(), 'its result takes long').to.equal(1);
    await answerAll(domain, new Map([[String(domain.payouts.payouts[0]?.recipient), '2001']]));
    await domain.runFor(120_000);
    expect(sent()).to.equal(1);
    const again = { actor: 'staff:1', reason: 'a new credential' };
    await domain.deps.database.transaction((tx) => releasePayouts(domain.deps, tx, own.organisation.id, again));
    await domain.runFor(60_000);
    expect(sent(), 'after a halt too').to.equal(2);
    await answerAll(domain, new Map());
    await domain.runFor(1_000);
    expect(sent(), 'then as many as may be under way').to.equal(10);
    await payAll(domain, batch.id);
    expect(new Set(await statesOf(domain, batch.id))).to.deep.equal(new Set(['paid']));
  });

  it('wait for a row of which nobody knows, and send it never again', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(2);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    domain.payouts.payScript.push(() => ({ kind: 'unknown', code: 'none', description: 'hung up' }));
    await domain.runOutbox();
    const lost = (await rowsOf(domain, batch.id)).find(({ state }) => state === 'unknown');
    expect(lost?.transferId).to.be.a('string');
    await domain.runFor(1_000);
    for (const transfer of await domain.transfers()) {
      if (transfer.id !== lost?.transferId && transfer.route === 'payout') await tell(domain, transfer);
    }
    await domain.runFor(3_600_000);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'paying' });
    expect(domain.payouts.payouts).to.have.length(2);
    await tell(domain, await domain.transfer({ id: lost?.transferId ?? '' }));
    await domain.runFor(60_000);
    expect((await batchOf(domain, batch.id)).state).to.equal('closed');
  });

  it('pause, go on and stop as a person says; what was not sent is given back', async () => {
    const own = await employer(domain);
    await fund(domain, own, 100_000);
    const batch = await ready(domain, own, people(30));
    await approved(domain, own, batch);
    await domain.runOutbox();
    const { organisationId } = batch;
    const actor = staff(own.people.initiator, organisationId);
    const which = { batchId: batch.id, organisationId, reason: 'wait' };
    await pauseBatch(domain.deps, actor, which);
    await answerAll(domain);
    const sent = domain.payouts.payouts.length;
    await domain.runFor(120_000);
    expect(domain.payouts.payouts.length).to.be.at.most(sent + 10);
    await resumeBatch(domain.deps, actor, which);
    await domain.runFor(2_000);
    expect(domain.payouts.payouts.length).to.be.above(sent);
    await stopBatch(domain.deps, actor, which);
    await payAll(domain, batch.id);
    const states = await statesOf(domain, batch.id);
    expect(states).to.include('excluded');
    expect(states.filter((state) => state !== 'excluded' && state !== 'paid')).to.deep.equal([]);
    expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
  });

  for (const late of ['', ', also when another takes rows back late'])
    it(`hand nothing over after a stop, take back what was queued, and give the money of all that back once${late}`, async () => {
      const { payoutPace } = domain.deps.transferSettings;
      domain.deps.transferSettings.payoutPace = { perSecond: 1, burst: 1 };
      const own = await employer(domain);
      await fund(domain, own, 100_000);
      const batch = await ready(domain, own, people(30));
      await approved(domain, own, batch);
      await domain.runOutbox();
      // The first row goes alone; the others are handed over when it is decided.
      await answerAll(domain);
      await domain.runFor(1_000);
      domain.deps.transferSettings.payoutPace = payoutPace;
      const sent = domain.payouts.payouts.length;
      expect(await statesOf(domain, batch.id)).to.include('queued');
      const { organisationId } = batch;
      const actor = staff(own.people.initiator, organisationId);
      const which = { batchId: batch.id, organisationId, reason: 'the wrong list' };
      await stopBatch(domain.deps, actor, which);
      await stopBatch(domain.deps, actor, which);
      expect(await refusal(pauseBatch(domain.deps, actor, which))).to.equal('batch.stopped');
      expect(await refusal(resumeBatch(domain.deps, actor, which))).to.equal('batch.stopped');
      if (late !== '') await withdrawRows(domain.deps, batch.id, 'late');
      await domain.runFor(60_000);
      expect(domain.payouts.payouts, 'nothing goes out after the stop').to.have.length(sent);
      const left = (await rowsOf(domain, batch.id)).filter(({ state }) => state === 'excluded');
      expect(left).to.have.length(30 - sent);
      await answerAll(domain, new Map([[domain.payouts.payouts.at(-1)?.recipient ?? '', '2040']]));
      await domain.runFor(60_000);
      expect(await statesOf(domain, batch.id)).to.have.members([
        ...['failed', ...new Array(sent - 1).fill('paid')],
        ...new Array(30 - sent).fill('excluded'),
      ]);
      const ended = await batchOf(domain, batch.id);
      const leftOutMinor = left.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      expect(ended).to.include({ state: 'partly-paid', rows: sent, leftOutRows: 30 - sent, leftOutMinor });
      expect((await batchHistory(domain.deps, batch.id)).map(({ reason }) => reason)).to.include(
        'stopped: the wrong list',
      );
      const again = retryRows(domain.deps, actor, { ...which, rowNos: 'all' });
      expect(await refusal(again), 'nothing of it is paid again').to.equal('batch.stopped');
      await closeBatch(domain.deps, actor, which);
      expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
      expect(await domain.balanceOf(ledgerAccount.payoutFees(organisationId))).to.equal(0n);
    });

  it('pay nothing without three different people, also when one leaves after the vote', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await domain.deps.database.transaction((tx) =>
      tx.update(StaffMemberSchema, { id: own.people.administrator }, { state: 'disabled' }),
    );
    await domain.runOutbox();
    expect(await batchOf(domain, batch.id)).to.include({
      ...{ state: 'approved', pauseReason: 'organisation', pauseDetail: 'organisation.people-missing' },
    });
  });

  it('take rows with a change into a batch of their own, which others approve', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(2);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map([[rows[0]?.msisdn ?? '', '2040']]));
    const { organisationId } = batch;
    const maker = { id: own.people.approver };
    const changes = new Map([[1, { msisdn: people(1)[0]?.msisdn as never }]]);
    const which = { batchId: batch.id, organisationId, reason: 'another number' };
    const next = await replaceRows(domain.deps, staff(maker.id, organisationId), maker, { ...which, changes });
    expect(next).to.include({ state: 'draft', rows: 1, previousId: batch.id });
    expect(await statesOf(domain, batch.id)).to.deep.equal(['excluded', 'paid']);
    const again = await ready(domain, own, people(1), { previousId: batch.id });
    const changed = await compareBatches(domain.deps, again);
    // Also he whose row was taken over was in it.
    expect(changed).to.include({ newcomers: 1, leavers: 2 });
  });

  it('are stopped and taken over only as they are behind their locks: proof that comes meanwhile wins', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(3);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map(rows.slice(0, 2).map(({ msisdn }) => [String(msisdn), '2040'])));
    const { organisationId } = batch;
    const maker = { id: own.people.approver };
    const which = { batchId: batch.id, organisationId, reason: 'another number' };
    const replace = (rowNo: number) =>
      replaceRows(domain.deps, staff(maker.id, organisationId), maker, { ...which, changes: new Map([[rowNo, {}]]) });
    // The row is locked by who has the proof; who replaces it waits, and finds it paid.
    let waiting: Promise<string> | undefined;
    await domain.deps.database.transaction(async (tx) => {
      const row = await tx.lockOne(PayoutRowSchema, { batchId: batch.id, rowNo: 1 });
      await tx.update(PayoutRowSchema, { id: row?.id ?? '' }, { state: 'paid' });
      waiting = refusal(replace(1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    expect(await waiting).to.equal('batch.row');
    // The proof is booked, and its news has not reached the row.
    const second = (await rowsOf(domain, batch.id))[1];
    const failed = await domain.transfer({ id: second?.transferId ?? '' });
    await tell(domain, failed);
    const [work] = (await domain.rows('inbox.mpesa.b2c')).slice(-1);
    await domain.handlers.get('inbox.mpesa.b2c')?.handle(JSON.parse(work?.payload ?? '{}'), work as never);
    expect((await domain.transfer({ id: failed.id })).state).to.equal('succeeded');
    expect(await refusal(replace(2))).to.equal('batch.row');
    await domain.deps.database.transaction((tx) =>
      tx.update(PayoutRowSchema, { batchId: batch.id, rowNo: 1 }, { state: 'failed' }),
    );
    await domain.runFor(2_000);
  });

  for (const moment of ['before its batch is paid', 'while it waits in the queue'] as const) {
    it(`pay nobody again in place of a row that turns out to be paid ${moment}`, async () => {
      const own = await employer(domain);
      await fund(domain, own, 50_000);
      const rows = people(2);
      const batch = await ready(domain, own, rows);
      await approved(domain, own, batch);
      await payAll(domain, batch.id, new Map([[String(rows[0]?.msisdn), '2040']]));
      const { organisationId } = batch;
      const maker = { id: own.people.initiator };
      const actor = staff(maker.id, organisationId);
      const another = newMsisdn();
      const changes = new Map([[1, { msisdn: another }]]);
      const next = await replaceRows(domain.deps, actor, maker, {
        ...{ batchId: batch.id, organisationId, reason: 'another number', changes },
      });
      const [failed] = await rowsOf(domain, batch.id);
      const late = async () => tell(domain, await domain.transfer({ id: failed?.transferId ?? '' }));
      await checkBatch(domain.deps, actor, { batchId: next.id, organisationId });
      await domain.runOutbox();
      await approved(domain, own, next, ['second']);
      if (moment === 'before its batch is paid') await late();
      else {
        // It is handed over, and the operator's pace holds it back until the proof has come.
        const { pace } = domain.deps;
        domain.deps.pace = { ...pace, take: async () => 5_000 };
        await domain.runOutbox();
        expect((await rowsOf(domain, next.id))[0]?.state).to.equal('queued');
        domain.deps.pace = pace;
        await late();
        // The queue goes on first.
        const [work] = (await domain.rows('inbox.mpesa.b2c')).slice(-1);
        await domain.handlers.get('inbox.mpesa.b2c')?.handle(JSON.parse(work?.payload ?? '{}'), work as never);
      }
      await domain.runFor(120_000);
      expect(domain.payouts.payouts.map(({ recipient }) => recipient)).not.to.include(another);
      const [row] = await rowsOf(domain, next.id);
      expect(row?.state).to.equal(moment === 'before its batch is paid' ? 'excluded' : 'failed');
      const over = await batchOf(domain, next.id);
      expect(over.state).not.to.equal('paying');
      // What was paid late is the organisation's to bear, once; of the other nothing stays set aside but its fees.
      expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
      await closeBatch(domain.deps, actor, { batchId: over.id, organisationId, reason: 'nobody is left in it' });
    });
  }

  it('stand still while the operator cannot be reached, say so, and go on by themselves, each row under its reference', async () => {
    const own = await employer(domain);
    await fund(domain, own, 500_000);
    const batch = await ready(domain, own, people(7));
    await approved(domain, own, batch);
    await domain.runOutbox();
    await answerAll(domain);
    let isDown = true;
    const down = {
      kind: 'not-sent',
      why: 'unreachable',
      retryAfterMs: 10_000,
      code: 'not-sent',
      description: 'refused',
    };
    const { pay } = domain.payouts;
    let tried = 0;
    domain.payouts.pay = async (request) => {
      if (!isDown) return pay(request);
      tried += 1;
      return down as never;
    };
    await domain.runFor(60_000);
    expect(await batchOf(domain, batch.id)).to.include({ pauseReason: 'operator', pauseDetail: 'out-of-reach' });
    const underWay = (await statesOf(domain, batch.id)).filter((state) => state === 'queued').length;
    tried = 0;
    await domain.runFor(2 * 3_600_000);
    expect(tried, 'one every half minute').to.be.within(230, 241);
    expect(await statesOf(domain, batch.id), 'nobody has them').to.deep.equal([
      'paid',
      ...Array(underWay).fill('queued'),
      ...Array(6 - underWay).fill('ready'),
    ]);
    const references = (await domain.transfers()).map(({ reference }) => reference);
    isDown = false;
    await domain.runFor(120_000);
    await payAll(domain, batch.id);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'closed', pauseReason: null });
    expect((await domain.transfers()).map(({ reference }) => reference)).to.include.members(references);
    expect(await domain.transfers(), 'one attempt a row').to.have.length(7);
    domain.payouts.pay = pay;
  });

  it('take back at a person’s word what the operator proved not to have', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(1));
    await approved(domain, own, batch);
    const down = {
      kind: 'not-sent',
      why: 'unreachable',
      retryAfterMs: 10_000,
      code: 'not-sent',
      description: '',
    } as const;
    domain.payouts.payScript.push(down);
    await domain.runOutbox();
    expect(await statesOf(domain, batch.id)).to.deep.equal(['queued']);
    const which = { batchId: batch.id, organisationId: batch.organisationId, reason: 'wait' };
    await pauseBatch(domain.deps, staff(own.people.initiator, batch.organisationId), which);
    await domain.runFor(60_000);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['ready']);
    expect(domain.payouts.payouts, 'tried once').to.have.length(1);
    await resumeBatch(domain.deps, staff(own.people.initiator, batch.organisationId), which);
    await domain.runFor(60_000);
    await payAll(domain, batch.id);
    expect((await domain.transfers()).map(({ state }) => state)).to.deep.equal(['failed', 'succeeded']);
  });

  it('hand an operator that has fallen silent no more than may be under way, and say so', async () => {
    const own = await employer(domain);
    await fund(domain, own, 500_000);
    const { window } = domain.deps.payoutSettings;
    domain.deps.payoutSettings = { ...domain.deps.payoutSettings, window: 3 };
    const batch = await ready(domain, own, people(8));
    await approved(domain, own, batch);
    domain.payouts.payScript.push(
      ...Array.from({ length: 8 }, () => ({ kind: 'unknown', code: 'hung', description: 'no answer' }) as const),
    );
    await domain.runFor(120_000);
    expect(domain.payouts.payouts).to.have.length(3);
    expect(await batchOf(domain, batch.id)).to.include({ pauseReason: 'operator', pauseDetail: 'silent' });
    domain.payouts.payScript.length = 0;
    domain.deps.payoutSettings = { ...domain.deps.payoutSettings, window };
    await payAll(domain, batch.id);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'closed', pauseReason: null });
  });

  it('pay nothing of which a row is not what was approved, say so once, and pay what is agreed to anew', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    const [row] = await rowsOf(domain, batch.id);
    await domain.deps.database.transaction((tx) =>
      tx.update(PayoutRowSchema, { id: row?.id ?? '' }, { msisdn: people(1)[0]?.msisdn as Msisdn }),
    );
    await domain.runFor(60_000);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'approved', pauseReason: 'content' });
    expect(domain.payouts.payouts).to.have.length(0);
    await lookAtWaiting(domain.deps);
    await domain.runFor(60_000);
    const told = await domain.deps.database.reader.findBy(AuditEntrySchema, { act: 'batch.not-as-approved' });
    expect(told.map(({ subjectId, scope }) => [subjectId, scope])).to.deep.equal([[batch.id, batch.organisationId]]);
    const which = { batchId: batch.id, organisationId: batch.organisationId };
    const initiator = staff(own.people.initiator, batch.organisationId);
    await resumeBatch(domain.deps, initiator, { ...which, reason: 'looked at' });
    await domain.runFor(60_000);
    expect(await batchOf(domain, batch.id), 'it is what it was').to.include({ pauseReason: 'content' });
    await reopenBatch(domain.deps, initiator, { id: own.people.initiator }, { ...which, reason: 'agreed to anew' });
    await checkBatch(domain.deps, initiator, which);
    await domain.runOutbox();
    await approved(domain, own, await batchOf(domain, batch.id), ['second']);
    await payAll(domain, batch.id);
    expect(await batchOf(domain, batch.id)).to.include({ state: 'closed', pauseReason: null });
    expect(domain.payouts.payouts).to.have.length(2);
  });

  for (const [what, change] of [
    ['total', { totalMinor: 100n }],
    ['number of rows', { rows: 1 }],
    ['fee', { feeMinor: 0n }],
  ] as const) {
    it(`pay nothing of which the ${what} is not what was approved`, async () => {
      const own = await employer(domain);
      await fund(domain, own, 50_000);
      const batch = await ready(domain, own, people(2));
      await approved(domain, own, batch);
      await domain.deps.database.transaction((tx) => tx.update(PayoutBatchSchema, { id: batch.id }, change));
      await domain.runFor(60_000);
      expect(await batchOf(domain, batch.id)).to.include({ state: 'approved', pauseReason: 'content' });
      expect(domain.payouts.payouts).to.have.length(0);
      expect(await domain.balanceOf(ledgerAccount.reserved('mpesa'))).to.equal(0n);
    });
  }

  it('are paid when they were approved before totals were hashed, if their rows still make up the total', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const asBefore = async (change: Partial<PayoutBatch>) => {
      const { id } = await ready(domain, own, people(2));
      await domain.deps.database.transaction((tx) => tx.update(PayoutBatchSchema, { id }, { hashForm: null }));
      const contentHash = await hashOfRows(domain.deps.database, await batchOf(domain, id));
      await domain.deps.database.transaction((tx) => tx.update(PayoutBatchSchema, { id }, { contentHash }));
      await approved(domain, own, await batchOf(domain, id));
      await domain.deps.database.transaction((tx) =>
        tx.update(PayoutBatchSchema, { id }, { hours: 'at-once', ...change }),
      );
      return id;
    };
    const whole = await asBefore({});
    await payAll(domain, whole);
    expect((await batchOf(domain, whole)).state).to.equal('closed');
    const other = await asBefore({ totalMinor: 100n });
    await domain.runFor(60_000);
    expect(await batchOf(domain, other)).to.include({ state: 'approved', pauseReason: 'content' });
    expect(domain.payouts.payouts).to.have.length(2);
  });

  it('wait for the next day when the limit of this one is reached', async () => {
    const own = await employer(domain, { mostDayMinor: 300_000n });
    await fund(domain, own, 50_000);
    const first = await ready(domain, own, people(2));
    await approved(domain, own, first);
    await payAll(domain, first.id);
    const second = await ready(domain, own, people(2));
    await approved(domain, own, second);
    await domain.runOutbox();
    expect(await batchOf(domain, second.id)).to.include({ state: 'approved', pauseDetail: 'day-limit' });
    await domain.clock.advance(24 * 3_600_000);
    await lookAtWaiting(domain.deps);
    await payAll(domain, second.id);
    expect((await batchOf(domain, second.id)).state).to.equal('closed');
  });

  it('count no batch that was given up, and of a stopped one only what was paid, towards the limit of the day', async () => {
    const own = await employer(domain, { mostDayMinor: 301_000n });
    await fund(domain, own, 50_000);
    const { id: batchId, organisationId } = await ready(domain, own, people(3));
    await approved(domain, own, await batchOf(domain, batchId));
    const { approvalId } = await batchOf(domain, batchId);
    await onBatchGranted(domain.deps, { approvalId: approvalId ?? '', subjectId: batchId });
    await fundBatch(domain.deps, { batchId });
    expect((await batchOf(domain, batchId)).state).to.equal('funded');
    const actor = staff(own.people.initiator, organisationId);
    await cancelBatch(domain.deps, actor, { batchId, organisationId, reason: 'the wrong list' });
    const paid = await stoppedAfterOne(domain, own, people(3));
    expect(paid, 'nothing was left of the day but for the cancelled one').to.include({ state: 'closed', rows: 1 });
    const failed = await stoppedAfterOne(domain, own, people(2), '2040');
    expect(failed).to.include({ state: 'partly-paid', rows: 1 });
    const next = await ready(domain, own, people(2));
    await approved(domain, own, next);
    await payAll(domain, next.id);
    expect((await batchOf(domain, next.id)).state).to.equal('closed');
  });

  it('take what is paid again on another day from the limit of that day, and nothing of it when it is too much', async () => {
    const own = await employer(domain, { mostDayMinor: 350_000n });
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map((await rowsOf(domain, batch.id)).map(({ msisdn }) => [msisdn, '2040'])));
    const { organisationId } = batch;
    const actor = staff(own.people.initiator, organisationId);
    const again = (rowNos: number[] | 'all') =>
      retryRows(domain.deps, actor, { batchId: batch.id, organisationId, rowNos, reason: 'again' });
    // On the day of its batch it was counted with it.
    expect(await again([1])).to.equal(1);
    await payAll(domain, batch.id, new Map([[(await rowsOf(domain, batch.id))[0]?.msisdn ?? '', '2040']]));
    await domain.clock.advance(24 * 3_600_000);
    const second = await ready(domain, own, people(2));
    await approved(domain, own, second);
    await payAll(domain, second.id);
    expect(await refusal(again('all')), 'two of a hundred shillings over what is left').to.equal('batch.day-limit');
    expect(await statesOf(domain, batch.id)).to.deep.equal(['failed', 'failed']);
    expect(await again([2])).to.equal(1);
    expect(await refusal(again([1])), 'what was paid again counts').to.equal('batch.day-limit');
    const third = await ready(domain, own, people(1));
    await approved(domain, own, third);
    await domain.runOutbox();
    expect(await batchOf(domain, third.id), 'for new batches too').to.include({ pauseDetail: 'day-limit' });
    await domain.clock.advance(24 * 3_600_000);
    expect(await again([1])).to.equal(1);
    await lookAtWaiting(domain.deps);
    await payAll(domain, third.id);
    await payAll(domain, batch.id);
    expect(await statesOf(domain, batch.id)).to.deep.equal(['paid', 'paid']);
  });

  for (const [fault, change, rows] of [
    ['too-many-rows', { mostRows: 2 }, () => people(3)],
    ['total', { mostBatchMinor: 250_000n }, () => people(3)],
    ['amount', { mostMinor: 100_100n }, () => people(3)],
    ['amount', { leastMinor: 100_100n }, () => people(3)],
    ['repeated', {}, () => [...people(1), ...people(1)].map((row) => ({ ...row, msisdn: '+254711000900' as Msisdn }))],
  ] as const) {
    it(`are a draft again, with the reason, for ${fault} (${Object.keys(change)[0] ?? 'twice the same'})`, async () => {
      const own = await employer(domain, change);
      const batch = await ready(domain, own, rows());
      expect(batch.state).to.equal('draft');
      const reasons = (await batchHistory(domain.deps, batch.id)).map(({ reason }) => reason);
      expect(reasons).to.include(`batch-fault.${fault}`);
    });
  }

  it('say how well a name fits the one that the operator told of the number, and warn of another', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(3).map((row) => ({ ...row, name: null }));
    const first = await ready(domain, own, rows);
    expect((await rowsOf(domain, first.id)).map(({ nameScore }) => nameScore)).to.deep.equal([null, null, null]);
    await approved(domain, own, first);
    await payAll(domain, first.id);
    const names = ['wanjiku  Jane', 'Peter Otieno', null];
    const again = rows.map((row, at) => ({ ...row, name: names[at] ?? null, amountMinor: row.amountMinor + 100n }));
    const second = await ready(domain, own, again);
    const seen = (await rowsOf(domain, second.id)).map(({ nameScore, warnings }) => [nameScore, warnings]);
    expect(seen).to.deep.equal([
      [100, null],
      [0, 'other-name'],
      [null, null],
    ]);
    // Who was told of it and let it pass is not told again.
    await approved(domain, own, second);
    await payAll(domain, second.id);
    const later = again.map((row) => ({ ...row, amountMinor: row.amountMinor + 100n }));
    const marks = (await rowsOf(domain, (await ready(domain, own, later)).id)).map((row) => row.warnings);
    expect(marks).to.deep.equal([null, null, null]);
    // Once it is paid it is compared with what the operator said then.
    const third = await ready(domain, own, [...people(1).map((row) => ({ ...row, name: 'Jane Otieno' }))]);
    await approved(domain, own, third);
    await payAll(domain, third.id);
    expect((await rowsOf(domain, third.id))[0]?.nameScore).to.equal(null);
    const { rows: paid } = await listRows(domain.deps, { batchId: third.id, limit: 5 });
    expect(paid.map(({ nameScore }) => nameScore)).to.deep.equal([50]);
  });

  it('warn of whom another batch of these days pays the same, and want a reason', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const rows = people(2).map((row) => ({ ...row, name: 'Jane Wanjiku' }));
    const first = await ready(domain, own, rows);
    await approved(domain, own, first);
    await payAll(domain, first.id);
    const second = await ready(domain, own, rows);
    expect((await rowsOf(domain, second.id)).map(({ warnings }) => warnings)).to.deep.equal(['repeated', 'repeated']);
    const { organisationId } = second;
    await approved(domain, own, second, []);
    const { approvalId } = await batchOf(domain, second.id);
    await withdrawBatch(domain.deps, staff(own.people.initiator, organisationId), {
      ...{ approvalId: approvalId ?? '', makerId: own.people.initiator, reason: 'twice indeed' },
    });
    await cancelBatch(domain.deps, staff(own.people.initiator, organisationId), {
      ...{ batchId: second.id, organisationId, reason: 'twice indeed' },
    });
    expect((await batchOf(domain, second.id)).state).to.equal('cancelled');
  });
});
