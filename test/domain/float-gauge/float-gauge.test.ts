import { expect } from 'chai';
import {
  askForBalances,
  BALANCE_EVERY_MS,
  floatAlarms,
  floatGauge,
  heldBy,
  refreshBalance,
} from '../../../src/domain/float-gauge/index.ts';
import { announceFunding, claimStep, confirmStep, type FundingDeps } from '../../../src/domain/funding/index.ts';
import type { Organisation } from '../../../src/domain/organisations/index.ts';
import {
  type PayoutBatch,
  PayoutBatchSchema,
  PayoutRowSchema,
  type RowState,
} from '../../../src/domain/payout-batches/index.ts';
import { findBalance, OperatorBalanceSchema } from '../../../src/money/floats/index.ts';
import { ledgerAccount, postEntry } from '../../../src/money/ledger/index.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { finance, fundingDeps, other, plantOrganisation, theirs } from '../funding/funding-kit.ts';

const minor = (major: number) => kes(major).amountMinor;
const HOUR_MS = 3_600_000;

describeOnStores('the gauge of a float', (stores) => {
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
  after(() => domain?.close());

  const gauge = (of = organisation) => floatGauge({ ...domain.deps, ...deps }, of);

  async function fund(amount: number, until: 'banked' | 'available', of = organisation): Promise<void> {
    const announced = { organisationId: of.id, amountMinor: minor(amount) };
    const which = { organisationId: of.id, fundingId: (await announceFunding(deps, theirs.actor, announced)).id };
    for (const step of ['banked', 'available'] as const) {
      const { claimedAtMs } = await claimStep(deps, finance, { ...which, step, evidence: 'slip' });
      await confirmStep(deps, other, { ...which, step, claimedAtMs: claimedAtMs ?? 0 });
      if (step === until) return;
    }
  }

  let batches = 0;
  async function batch(needed: number, change: Partial<PayoutBatch> = {}): Promise<PayoutBatch> {
    batches += 1;
    const now = domain.clock.now();
    const planted: PayoutBatch = {
      ...{
        id: deps.runtime.ids.next(),
        organisationId: organisation.id,
        number: `B${batches}`,
        name: `salaries ${batches}`,
      },
      ...{ purpose: 'salary', currency: 'KES', operator: 'mpesa', state: 'approved', version: 1, contentHash: null },
      ...{ listId: null, titles: null, previousId: null, scheduleId: null, rows: 2, totalMinor: minor(needed - 30) },
      ...{ chargesMinor: minor(10), feeMinor: minor(15), taxMinor: minor(5), reservedAtMs: null, makers: '[]' },
      ...{
        approvalId: null,
        hours: 'at-once',
        notBeforeMs: null,
        pauseReason: null,
        pauseDetail: null,
        pausedBy: null,
      },
      ...{ pausedAtMs: null, createdAtMs: now, submittedAtMs: now, approvedAtMs: now + batches, startedAtMs: null },
      ...{ hashForm: null, stopReason: null, leftOutRows: null, leftOutMinor: null },
      ...{ finishedAtMs: null, closedAtMs: null },
      ...change,
    };
    await deps.database.transaction((tx) => tx.insert(PayoutBatchSchema, planted));
    return planted;
  }

  async function rows({ id: batchId }: PayoutBatch, amounts: readonly [RowState, number][]): Promise<void> {
    for (const [at, [state, amount]] of amounts.entries()) {
      await deps.database.transaction((tx) =>
        tx.insert(PayoutRowSchema, {
          ...{ id: deps.runtime.ids.next(), batchId, rowNo: at + 1, state, msisdn: newMsisdn(), currency: 'KES' },
          ...{ amountMinor: minor(amount), name: null, reference: null, extra: null, warnings: null, transferId: null },
          ...{
            receipt: null,
            failureCause: null,
            paidAtMs: null,
            changedAtMs: 0,
            nameScore: null,
            replacesRowId: null,
            answer: null,
            askedAtMs: null,
            answeredAtMs: null,
            untoldAtMs: null,
          },
        }),
      );
    }
  }

  const told = (change: object = {}) =>
    deps.database.transaction((tx) =>
      tx.insert(OperatorBalanceSchema, {
        ...{ operator: 'mpesa', currency: 'KES', callbackToken: 'a'.repeat(40), conversationId: 'AG_1' },
        ...{ askedAtMs: domain.clock.now(), toldAtMs: domain.clock.now(), asOfMs: domain.clock.now() - 5_000 },
        ...{ utilityMinor: minor(700_000), workingMinor: null, chargesMinor: null, ...change },
      }),
    );

  it('of who brought nothing is empty', async () => {
    const empty = { ownMinor: 0n, reservedMinor: 0n, feesMinor: 0n, incomingMinor: 0n, missingMinor: 0n };
    expect(await gauge()).to.deep.equal({ currency: 'KES', ...empty, told: undefined, batches: [] });
  });

  it('says what is there, what is on its way and what is set aside', async () => {
    await fund(10_000, 'available');
    await fund(2_500, 'banked');
    const paying = await batch(4_030, { state: 'paying', reservedAtMs: domain.clock.now() });
    await rows(paying, [
      ...([
        ['ready', 100],
        ['queued', 200],
        ['submitted', 300],
        ['unknown', 400],
      ] as [RowState, number][]),
      ...([
        ['paid', 5_000],
        ['failed', 6_000],
        ['excluded', 7_000],
        ['reversed', 8_000],
      ] as [RowState, number][]),
    ]);
    const own = ledgerAccount.organisation(organisation.id);
    await deps.database.transaction((tx) =>
      postEntry(deps, tx, {
        ...{ kind: 'payouts-reserved', subjectId: paying.id },
        movements: [
          { debit: own, credit: ledgerAccount.reserved('mpesa'), amount: kes(4_000) },
          { debit: own, credit: ledgerAccount.payoutFees(organisation.id), amount: kes(30) },
        ],
      }),
    );
    const shown = await gauge();
    expect(shown).to.include({ ownMinor: minor(5_970), feesMinor: minor(30), incomingMinor: minor(2_500) });
    expect(shown.reservedMinor).to.equal(minor(1_000));
    expect(heldBy(shown)).to.deep.equal(kes(5_970 + 30 + 1_000));
  });

  it('says which of the approved batches of today fit, in the order of their approval, and what the rest lacks', async () => {
    await fund(1_000, 'available');
    const tomorrow = domain.clock.now() + 24 * HOUR_MS;
    const [large, fits, paused, , later] = [
      ...[await batch(1_500), await batch(600), await batch(300, { pauseReason: 'by-person' })],
      ...[await batch(100, { notBeforeMs: tomorrow }), await batch(500), await batch(90, { state: 'draft' })],
    ];
    const { batches: shown, missingMinor } = await gauge();
    expect(shown.map(({ id, missingMinor: lack, isPaused }) => [id, lack, isPaused])).to.deep.equal([
      [large?.id, minor(500), false],
      [fits?.id, 0n, false],
      [paused?.id, 0n, true],
      [later?.id, minor(100), false],
    ]);
    expect(missingMinor).to.equal(minor(1_500 + 600 + 500 - 1_000));
  });

  it('shows nothing of anybody else', async () => {
    const neighbour = await plantOrganisation(domain);
    await fund(9_000, 'available', neighbour);
    await batch(50, { organisationId: neighbour.id });
    expect(await gauge())
      .to.include({ ownMinor: 0n, incomingMinor: 0n })
      .and.to.have.deep.property('batches', []);
  });

  it('has beside it what the operator told, and when; not for an account that is not the one that was asked', async () => {
    await told();
    const asOfMs = domain.clock.now() - 5_000;
    const expected = { utilityMinor: minor(700_000), asOfMs, isOutdated: false, reservedMinor: 0n };
    expect((await gauge()).told).to.deep.equal(expected);
    await domain.clock.advance(BALANCE_EVERY_MS + 1);
    expect((await gauge()).told).to.deep.equal({ ...expected, isOutdated: true });
    expect((await gauge({ ...organisation, shortCode: '999999' })).told).to.equal(undefined);
  });

  it('is asked for before it is shown when it is old, once for all who look', async () => {
    const looks = await Promise.all(Array.from({ length: 5 }, () => refreshBalance(domain.deps, organisation)));
    expect(looks.filter(Boolean)).to.have.length(1);
    expect(await refreshBalance(domain.deps, { ...organisation, operator: 'airtel' })).to.equal(false);
    await domain.clock.advance(61_000);
    expect(await refreshBalance(domain.deps, organisation), 'no answer came').to.equal(true);
    const { callbackToken } = (await findBalance(domain.deps, 'mpesa')) ?? {};
    await deps.database.transaction((tx) =>
      tx.update(
        OperatorBalanceSchema,
        { callbackToken: callbackToken ?? '' },
        { toldAtMs: domain.clock.now(), utilityMinor: 5n },
      ),
    );
    expect(await refreshBalance(domain.deps, organisation)).to.equal(false);
    await domain.clock.advance(BALANCE_EVERY_MS + 1);
    await askForBalances(domain.deps);
    expect(await refreshBalance(domain.deps, organisation), 'it has just been asked').to.equal(false);
  });

  it('gives whoever watches the service what was told, its age, and how many batches wait for money', async () => {
    await told({ toldAtMs: domain.clock.now() - HOUR_MS });
    await batch(10_000, { pauseReason: 'float', pauseDetail: '1' });
    await batch(10_000);
    const { told: floats, waitingForMoney } = await floatAlarms(domain.deps);
    expect(floats).to.deep.equal([{ operator: 'mpesa', utility: kes(700_000), ageMs: HOUR_MS }]);
    expect(waitingForMoney).to.equal(1);
  });
});
