import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import {
  announceFunding,
  cancelFunding,
  claimStep,
  confirmStep,
  type Doer,
  dropClaim,
  type Funding,
  type FundingDeps,
  FundingEventSchema,
  FundingSchema,
  type FundingStep,
  getFunding,
  makeQuotation,
  matchOrder,
  NotABankStatement,
  ORGANISATION_FUNDED,
  pageFunding,
  readBankStatement,
  recordOrder,
  stepDays,
} from '../../../src/domain/funding/index.ts';
import type { Organisation } from '../../../src/domain/organisations/index.ts';
import { isBalanced, trialBalance } from '../../../src/money/ledger/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores, type StorePair } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';
import { finance, fundingDeps, other, plantOrganisation, THOUSAND, theirs } from './funding-kit.ts';

const DAY_MS = 86_400_000;

describeOnStores('the funding of an organisation', (stores: () => StorePair) => {
  let domain: Domain;
  let deps: FundingDeps;
  let organisation: Organisation;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
    deps = fundingDeps(domain);
  });
  beforeEach(async () => {
    await domain.reset();
    organisation = await plantOrganisation(domain);
  });
  afterEach(async () => expect(isBalanced(await trialBalance(deps.database))).to.equal(true));
  after(() => domain?.close());

  const announce = (amount = kes(50_000)) =>
    announceFunding(deps, theirs.actor, { organisationId: organisation.id, amountMinor: amount.amountMinor });
  const which = ({ id }: Funding) => ({ fundingId: id, organisationId: organisation.id });
  const claim = (funding: Funding, step: FundingStep, by: Doer = finance, evidence = 'bank slip 4711') =>
    claimStep(deps, by, { ...which(funding), step, evidence });
  const confirm = (funding: Funding, by: Doer = other) =>
    confirmStep(deps, by, {
      ...which(funding),
      ...{ step: funding.claimedStep ?? 'banked', claimedAtMs: funding.claimedAtMs ?? 0 },
    });
  const take = async (funding: Funding, step: FundingStep) => confirm(await claim(funding, step));
  const now = (funding: Funding) => deps.database.reader.findOneByOrFail(FundingSchema, { id: funding.id });
  const balances = async () => ({
    bank: await domain.balanceOf('bank'),
    incoming: await domain.balanceOf(`incoming:${organisation.id}`),
    float: await domain.balanceOf('float:mpesa'),
    own: await domain.balanceOf(`organisation:${organisation.id}`),
  });
  const NOTHING = { bank: 0n, incoming: 0n, float: 0n, own: 0n };

  it('goes from its announcement over the bank to the float, each step by two people, and is then the organisation’s to spend', async () => {
    const funding = await announce();
    expect(funding.reference).to.match(/^F[2-9A-HJ-NP-Z]{9}$/);
    expect(await balances()).to.deep.equal(NOTHING);
    await domain.clock.advance(2 * DAY_MS);
    const banked = await take(funding, 'banked');
    expect(banked).to.include({ state: 'banked', bankEvidence: 'bank slip 4711', claimedBy: null, claimedStep: null });
    expect(await balances()).to.deep.equal({ ...NOTHING, bank: 5_000_000n, incoming: -5_000_000n });
    await domain.clock.advance(DAY_MS);
    const available = await take(banked, 'available');
    expect(await balances()).to.deep.equal({ ...NOTHING, float: 5_000_000n, own: -5_000_000n });
    const days = stepDays(available, domain.clock.now() + 9 * DAY_MS, 'Africa/Nairobi');
    expect(days).to.deep.equal({ toBank: 2, toAvailable: 1, soFar: undefined });
    const events = await deps.database.reader.find(FundingEventSchema, { order: { id: 'ASC' } });
    expect(events.map(({ fromState, toState, actor }) => [fromState, toState, actor])).to.deep.equal([
      ['none', 'expected', 'staff:tabitha'],
      ['expected', 'banked', 'staff:otieno'],
      ['banked', 'available', 'staff:otieno'],
    ]);
    const news = await domain.rows(ORGANISATION_FUNDED);
    expect(news.map(({ payload }) => JSON.parse(payload))).to.deep.equal([{ organisationId: organisation.id }]);
    const acts = await deps.database.reader.find(AuditEntrySchema, { order: { position: 'ASC' } });
    expect(acts.map(({ act, actorId, scope }) => [act, actorId, scope === organisation.id])).to.deep.equal([
      ['funding.announced', 'tabitha', true],
      ['funding.banked-claimed', 'faith', true],
      ['funding.banked-confirmed', 'otieno', true],
      ['funding.available-claimed', 'faith', true],
      ['funding.available-confirmed', 'otieno', true],
    ]);
  });

  it('is not confirmed by the person who claimed it, whatever login he uses', async () => {
    const claimed = await claim(await announce(), 'banked');
    const secondLogin: Doer = { actor: { ...finance.actor, id: 'faith-2' }, personId: finance.personId };
    for (const doer of [finance, secondLogin]) {
      expect((await refusalOf(confirm(claimed, doer))).code).to.equal('funding.same-person');
    }
    expect(await now(claimed)).to.include({ state: 'expected', claimedBy: finance.personId });
    expect(await balances()).to.deep.equal(NOTHING);
  });

  it('is booked once when two confirm at the same time', async () => {
    const claimed = await claim(await announce(), 'banked');
    const third: Doer = { actor: { ...other.actor, id: 'third' }, personId: 'person-third' };
    const outcomes = await Promise.allSettled([confirm(claimed, other), confirm(claimed, third), confirm(claimed)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).to.equal('funding.claim-changed');
    }
    expect(await balances()).to.deep.equal({ ...NOTHING, bank: 5_000_000n, incoming: -5_000_000n });
  });

  it('is confirmed as it was read: a word that was changed since is not agreed to', async () => {
    const read = await claim(await announce(), 'banked');
    const changed = await claim(read, 'banked', finance, 'another slip');
    expect((await refusalOf(confirm(read))).code).to.equal('funding.claim-changed');
    expect((await refusalOf(claim(read, 'banked', other))).code).to.equal('funding.claimed');
    expect((await confirm(changed)).bankEvidence).to.equal('another slip');
  });

  it('takes no step before the one in front of it, and none after the last', async () => {
    const funding = await announce();
    expect((await refusalOf(claim(funding, 'available'))).code).to.equal('funding.state');
    const available = await take(await take(funding, 'banked'), 'available');
    for (const step of ['banked', 'available'] as const) {
      expect((await refusalOf(claim(available, step))).code).to.equal('funding.state');
    }
    expect((await refusalOf(confirm(available))).code).to.equal('funding.claim-changed');
  });

  it('leaves nothing of a step when the process dies in its middle, and takes it when it is said again', async () => {
    const claimed = await claim(await take(await announce(), 'banked'), 'available');
    const outbox = { ...deps.outbox, emit: () => Promise.reject(new Error('killed')) };
    const dying = { ...deps, outbox };
    const step = { ...which(claimed), step: 'available', claimedAtMs: claimed.claimedAtMs ?? 0 } as const;
    const [died] = await Promise.allSettled([confirmStep(dying, other, step)]);
    expect(died?.status).to.equal('rejected');
    expect(await now(claimed)).to.deep.equal(claimed);
    expect(await balances()).to.deep.equal({ ...NOTHING, bank: 5_000_000n, incoming: -5_000_000n });
    expect((await confirm(claimed)).state).to.equal('available');
  });

  it('is given up while nothing came, and not while somebody says that it did', async () => {
    const funding = await announce();
    const claimed = await claim(funding, 'banked');
    const cancel = () => cancelFunding(deps, theirs.actor, { ...which(funding), reason: 'sent elsewhere' });
    expect((await refusalOf(cancel())).code).to.equal('funding.claimed');
    const wrong = { ...which(funding), step: 'banked', claimedAtMs: claimed.claimedAtMs ?? 0, reason: 'no such slip' };
    await dropClaim(deps, other.actor, { ...wrong, step: 'banked' });
    expect((await cancel()).state).to.equal('cancelled');
    expect((await refusalOf(claim(funding, 'banked'))).code).to.equal('funding.state');
    expect(await balances()).to.deep.equal(NOTHING);
  });

  it('of another organisation is not found, whatever is asked of it', async () => {
    const funding = await announce();
    const foreign = { fundingId: funding.id, organisationId: (await plantOrganisation(domain)).id };
    const tries = [
      () => claimStep(deps, finance, { ...foreign, step: 'banked', evidence: 'bank slip' }),
      () => cancelFunding(deps, theirs.actor, { ...foreign, reason: 'not ours' }),
      () => recordOrder(deps, theirs.actor, { ...foreign, orderNumber: 'PO 1', orderMinor: 1n }),
      () => getFunding(deps.database, foreign.organisationId, funding.id),
    ];
    for (const attempt of tries) expect((await refusalOf(attempt())).code).to.equal('funding.not-found');
  });

  it('holds the purchase order against our fee and its tax', async () => {
    const quotation = await makeQuotation(deps, theirs.actor, { organisationId: organisation.id, ...THOUSAND });
    const funding = await announceFunding(deps, theirs.actor, {
      organisationId: organisation.id,
      quotationId: quotation.id,
    });
    expect(funding.amountMinor).to.equal(kes(4_000_000 + 9_000 + 22_000 + 3_520).amountMinor);
    expect(matchOrder(funding, quotation)).to.equal('missing');
    const order = (orderMinor: bigint, orderNumber = 'LPO 2026/114') =>
      recordOrder(deps, theirs.actor, { ...which(funding), orderNumber, orderMinor });
    expect(matchOrder(await order(kes(22_000).amountMinor), quotation)).to.equal('differs');
    expect(matchOrder(await order(kes(25_520).amountMinor), quotation)).to.equal('agrees');
    expect((await refusalOf(order(1n, ' \u0007'))).code).to.equal('funding.order-number');
  });

  it('of one quotation is announced once, also by two at a time, and not after its last day', async () => {
    const quotation = await makeQuotation(deps, theirs.actor, { organisationId: organisation.id, ...THOUSAND });
    const again = () =>
      announceFunding(deps, theirs.actor, { organisationId: organisation.id, quotationId: quotation.id });
    const outcomes = await Promise.allSettled([again(), again()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect((await refusalOf(again())).code).to.equal('funding.quotation-used');
    const late = await makeQuotation(deps, theirs.actor, { organisationId: organisation.id, ...THOUSAND });
    await domain.clock.advance(30 * DAY_MS);
    const refusal = await refusalOf(
      announceFunding(deps, theirs.actor, { organisationId: organisation.id, quotationId: late.id }),
    );
    expect(refusal).to.include({ code: 'funding.quotation-over' });
  });

  it('is confirmed by a line of the bank’s statement with its reference and its amount, and by no other', async () => {
    const [exact, short, given, mine] = [await announce(), await announce(), await announce(), await announce()];
    await cancelFunding(deps, theirs.actor, { ...which(given), reason: 'not sent' });
    await claim(mine, 'banked', other);
    const path = join(stores().dataDir, 'bank.csv');
    const line = (reference: string, amount = '50000.00') => `2026-11-25,TRF,${reference},${amount}`;
    const lines = [
      'Date,Narration,Reference,Amount',
      ...[line(exact.reference), line(short.reference, '49999.99'), line(given.reference), line(mine.reference)],
      ...[line(exact.reference), line('F222222222'), line('salaries'), line(exact.reference, '-50000.00')],
      ...[line(short.reference, '50,000'), line(` ${short.reference.toLowerCase()}`), '25/11/2026,TRF,F222222223,1'],
    ];
    await writeFile(path, lines.join('\n').replace('2026-11-25,TRF,F222222222', '"2026-11-25","TRF","F222222222"'));
    const read = () => readBankStatement(deps, other, { path, currency: 'KES' });
    const report = await read();
    expect(report.shown.map(({ lineNo, fate }) => `${lineNo} ${fate}`)).to.deep.equal([
      ...['2 banked', '3 amount', '4 cancelled', '5 own-claim', '6 twice', '7 unknown', '8 unknown'],
      ...['10 unreadable', '11 unknown', '12 unreadable'],
    ]);
    expect(report.counts.out).to.equal(1);
    const banked = await now(exact);
    expect(banked.state).to.equal('banked');
    expect(banked.bankEvidence).to.match(/^bank, 2026-11-25: bank\.csv \([0-9a-f]{12}\), line 2$/);
    expect(await balances()).to.deep.equal({ ...NOTHING, bank: 5_000_000n, incoming: -5_000_000n });
    expect((await read()).counts)
      .to.include({ before: 1, amount: 1 })
      .and.not.to.have.property('banked');
    for (const funding of [short, mine]) expect((await now(funding)).state).to.equal('expected');
  });

  it('confirms nothing from a file that names no columns, or breaks off', async () => {
    const funding = await announce();
    const path = join(stores().dataDir, 'broken.csv');
    const tries = ['', 'day,ref,sum\n', 'date,amount,reference,amount\n'];
    for (const text of tries) {
      await writeFile(path, text);
      const [outcome] = await Promise.allSettled([readBankStatement(deps, other, { path, currency: 'KES' })]);
      expect(outcome?.status, text).to.equal('rejected');
      if (outcome?.status === 'rejected' && text !== '') expect(outcome.reason).to.be.instanceOf(NotABankStatement);
    }
    await writeFile(path, `date,reference,amount\n2026-11-25,${funding.reference},50000.00\n2026-11-25,"open`);
    const [broken] = await Promise.allSettled([readBankStatement(deps, other, { path, currency: 'KES' })]);
    expect(broken?.status).to.equal('rejected');
    expect((await now(funding)).state).to.equal('expected');
  });

  it('is listed by the page, newest first, without a gap or a repeat', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.unshift((await announce()).id);
      if (count % 2 === 0) await domain.clock.advance(1_000);
    }
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await pageFunding(deps.database, organisation.id, { before, limit: 2 });
      seen.push(...page.fundings.map(({ id }) => id));
      before = page.next;
    } while (before !== undefined);
    expect(seen).to.deep.equal(ids);
    expect(await deps.database.reader.countBy(OutboxRowSchema, { topic: ORGANISATION_FUNDED })).to.equal(0);
  });
});
