import { expect } from 'chai';
import { askForBalances, floatGauge } from '../../../src/domain/float-gauge/index.ts';
import {
  dropCredential,
  type Organisation,
  OrganisationSchema,
  releasePayouts,
  setCredential,
} from '../../../src/domain/organisations/index.ts';
import { ledgerAccount, postEntry } from '../../../src/money/ledger/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
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
} from '../../support/batch-stories.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { tell } from '../../support/payout-stories.ts';
import { actorOf } from '../../support/refund-stories.ts';
import { embeddedStores, type StorePair } from '../../support/stores.ts';

const INITIATOR = { name: 'kilimo-payer', credential: 'Q'.repeat(344) };
const ACCOUNT = { shortCode: '700111', initiator: INITIATOR.name, securityCredential: INITIATOR.credential };

describe('an organisation with an account of its own', () => {
  let stores: StorePair;
  let domain: Domain;
  let own: Employer;
  before(async function () {
    this.timeout(60_000);
    stores = await embeddedStores();
    domain = await openDomain(stores);
  });
  after(async () => {
    await domain?.close();
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain);
    await setCredential(actDeps(), actorOf('lucy'), {
      ...{ organisationId: own.organisation.id, shortCode: ACCOUNT.shortCode, initiator: INITIATOR, reason: 'its own' },
    });
  });
  afterEach(() => domain.expectSound());

  const actDeps = () => domain.deps as unknown as Parameters<typeof setCredential>[0];
  const organisation = (): Promise<Organisation> =>
    domain.deps.database.reader.findOneByOrFail(OrganisationSchema, { id: own.organisation.id });
  const payouts = async () => (await domain.transfers()).filter(({ route }) => route === 'payout');
  async function begun(rows: number) {
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(rows));
    await approved(domain, own, batch);
    await domain.runOutbox();
    return batch;
  }

  it('is paid from with exactly that, asked about there, and its float is apart from ours', async () => {
    const batch = await begun(2);
    expect(domain.payouts.payouts.map(({ account }) => account)).to.deep.equal([ACCOUNT]);
    const [first] = await payouts();
    expect(first).to.include({ ownAccountId: own.organisation.id, ownShortCode: '700111' });
    const before = await domain.balanceOf('float:mpesa');
    await domain.runFor(80_000);
    expect(domain.payouts.askedFrom.at(-1), 'what became of it').to.deep.equal(ACCOUNT);
    await payAll(domain, batch.id);
    expect((await batchOf(domain, batch.id)).state).to.equal('closed');
    expect(domain.payouts.payouts.map(({ account }) => account)).to.deep.equal([ACCOUNT, ACCOUNT]);
    expect(await domain.balanceOf('float:mpesa')).to.equal(before);
    expect(await domain.balanceOf('float:mpesa:700111')).to.equal(-200_100n);
    const events = await domain.rows('transfer.pay-out');
    expect(JSON.stringify(events)).not.to.include(INITIATOR.credential);
  });

  it('has its own balance asked for, and shown beside what it may spend', async () => {
    domain.payouts.balanceQuestions.length = 0;
    await askForBalances(domain.deps);
    await domain.runOutbox();
    expect(domain.payouts.balanceQuestions).to.have.length(2);
    expect(domain.payouts.askedFrom.slice(-2)).to.have.deep.members([undefined, ACCOUNT]);
    const at = domain.payouts.askedFrom.slice(-2).findIndex((account) => account !== undefined);
    const Value = 'Utility Account|KES|12345.00|12345.00|0|0';
    const Result = { ResultCode: 0, ConversationID: `AG_BAL_${at + 1}` };
    const told = { Result: { ...Result, ResultParameters: { ResultParameter: [{ Key: 'AccountBalance', Value }] } } };
    await domain.arrive('balance', JSON.stringify(told), domain.payouts.balanceQuestions[at]);
    await domain.runOutbox();
    const gauge = await floatGauge(
      { ...domain.deps, fundingSettings: { timeZone: 'Africa/Nairobi' } },
      await organisation(),
    );
    expect(gauge.told).to.include({ utilityMinor: 1_234_500n, reservedMinor: 0n });
  });

  it('is halted at the first row by a wrong credential; once it is mended the row is paid with the new one', async () => {
    domain.deps.transferSettings.payoutPace = { perSecond: 1, burst: 1 };
    const batch = await begun(4);
    const [first] = (await payouts()).filter(({ state }) => state === 'submitted');
    if (!first) throw new Error('nothing was sent');
    await tell(domain, first, { code: '2001' });
    await domain.runOutbox();
    await domain.runFor(60_000);
    expect((await organisation()).haltReason).to.equal('operator-refuses-us');
    expect(domain.payouts.payouts, 'tried once').to.have.length(1);
    const credential = 'R'.repeat(344);
    await setCredential(actDeps(), actorOf('lucy'), {
      ...{ organisationId: own.organisation.id, shortCode: ACCOUNT.shortCode, reason: 'a new one' },
      initiator: { ...INITIATOR, credential },
    });
    await release();
    await payAll(domain, batch.id);
    expect(new Set((await rowsOf(domain, batch.id)).map(({ state }) => state))).to.deep.equal(new Set(['paid']));
    expect(domain.payouts.payouts.at(-1)?.account).to.deep.equal({ ...ACCOUNT, securityCredential: credential });
  });

  it('pays nothing from ours what was asked for from its own: a credential that is gone halts it', async () => {
    domain.deps.transferSettings.payoutPace = { perSecond: 1, burst: 1 };
    await begun(3);
    const [first] = await payouts();
    if (first) await tell(domain, first);
    await domain.runFor(1_000);
    const [sent, waiting] = [
      (await payouts()).find(({ state }) => state === 'submitted'),
      (await payouts()).find(({ state }) => state === 'requested'),
    ];
    expect(sent && waiting).to.be.an('object');
    // Nobody can drop it now. It is gone all the same.
    const gone = { shortCode: null, sealedInitiator: null };
    await domain.deps.database.transaction((tx) => tx.update(OrganisationSchema, { id: own.organisation.id }, gone));
    const asked = domain.payouts.askedFrom.length;
    await domain.runFor(80_000);
    expect(domain.payouts.payouts, 'nothing more went out').to.have.length(2);
    expect(domain.payouts.askedFrom, 'nobody else can ask about it').to.have.length(asked);
    expect((await organisation()).haltReason).to.equal('operator-refuses-us');
  });

  it('is changed for another or dropped only while nothing of the organisation lies anywhere; its credential is renewed at any time', async () => {
    const { id: organisationId } = own.organisation;
    const drop = () => dropCredential(actDeps(), actorOf('lucy'), { organisationId, reason: 'it shares ours' });
    const set = (shortCode: string) =>
      setCredential(actDeps(), actorOf('lucy'), { organisationId, shortCode, initiator: INITIATOR, reason: 'another' });
    const refused = (act: Promise<void>) =>
      act.then(
        () => 'done',
        ({ code, details }) => `${code} ${details.what}`,
      );
    const batch = await begun(2);
    const states: string[] = [];
    const hasMoney = async () => {
      for (const act of [drop(), set('700222')]) states.push(await refused(act));
      await set(ACCOUNT.shortCode);
    };
    await hasMoney();
    await payAll(domain, batch.id);
    await hasMoney();
    // What is left is spent to the last shilling, and all of it under way.
    await spend(await domain.balanceOf(ledgerAccount.organisation(organisationId)));
    await domain.deps.database.transaction((tx) =>
      tx.update(TransferSchema, { ownAccountId: organisationId }, { state: 'unknown' }),
    );
    await hasMoney();
    await domain.deps.database.transaction((tx) =>
      tx.update(TransferSchema, { ownAccountId: organisationId }, { state: 'succeeded' }),
    );
    expect(states).to.deep.equal([
      ...Array(4).fill('organisation.has-money organisation'),
      ...Array(2).fill('organisation.has-money payouts'),
    ]);
    expect((await organisation()).shortCode).to.equal(ACCOUNT.shortCode);
    await set('700222');
    await drop();
    expect(await organisation()).to.include({ shortCode: null, sealedInitiator: null });
    await fund(domain, own, 1_000);
    expect(await refused(set('700222')), 'brought to the one that it shares').to.equal(
      'organisation.has-money organisation',
    );
  });

  const spend = (balanceMinor: bigint) =>
    domain.deps.database.transaction(async (tx) => {
      const { organisation: of, float } = ledgerAccount;
      const amount = { amountMinor: -balanceMinor, currency: 'KES' };
      const movements = [{ debit: of(own.organisation.id), credit: float('mpesa', ACCOUNT.shortCode), amount }];
      await postEntry(domain.deps, tx, { kind: 'opening', subjectId: domain.deps.runtime.ids.next(), movements });
    });

  const release = () =>
    domain.deps.database.transaction((tx) =>
      releasePayouts(domain.deps, tx, own.organisation.id, { actor: 'staff:1', reason: 'mended' }),
    );
});
