import { expect } from 'chai';
import { setCredential } from '../../../src/domain/organisations/index.ts';
import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import {
  findReturnLine,
  openClaim,
  type PayoutBatch,
  retryRows,
  returnClaim,
} from '../../../src/domain/payout-batches/index.ts';
import {
  partyOf,
  runNight,
  type StatementRow,
  StatementRowSchema,
  StatementSchema,
} from '../../../src/domain/reconciliation/index.ts';
import { addDays, businessDay, dayWindow } from '../../../src/kernel/index.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import { type Transfer, TransferEventSchema, TransferSchema } from '../../../src/money/transfers/index.ts';
import {
  answerAll,
  approved,
  batchOf,
  type Employer,
  employer,
  fund,
  people,
  ready,
  rowsOf,
  staff,
} from '../../support/batch-stories.ts';
import { type Domain, newReceipt, openDomain } from '../../support/domain-deps.ts';
import { payout, tell } from '../../support/payout-stories.ts';
import { openBreaks, reconDepsOf, statementOf, TIME_ZONE } from '../../support/recon-world.ts';
import { actorOf } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';

const { signal } = new AbortController();
const SHORT_CODE = '700111';
const PARTY = partyOf({ operator: 'mpesa', ownShortCode: SHORT_CODE });
const UNKNOWN = { kind: 'unknown', code: 'timeout', description: '' } as const;

describeOnStores('an organisation’s own short code at night', (stores) => {
  let domain: Domain;
  let own: Employer;
  let batch: PayoutBatch;
  let day: string;
  /** Of the rows, in their order: the first was paid, of the others nobody knows. */
  let sent: [Transfer, Transfer, Transfer];

  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    day = businessDay(domain.clock.now(), TIME_ZONE);
    own = await employer(domain);
    await setCredential(domain.deps as unknown as Parameters<typeof setCredential>[0], actorOf('lucy'), {
      ...{ organisationId: own.organisation.id, shortCode: SHORT_CODE, reason: 'its own' },
      initiator: { name: 'kilimo-payer', credential: 'Q'.repeat(344) },
    });
    await fund(domain, own, 50_000);
    batch = await ready(domain, own, people(3));
    await approved(domain, own, batch);
    domain.payouts.payScript.push(undefined as never, UNKNOWN, UNKNOWN);
    await domain.runOutbox();
    const [first] = await rowsOf(domain, batch.id);
    await tell(domain, await domain.transfer({ id: first?.transferId ?? '' }));
    await domain.runFor(1_000);
    const rows = await rowsOf(domain, batch.id);
    sent = (await Promise.all(rows.map(({ transferId }) => domain.transfer({ id: transferId ?? '' })))) as typeof sent;
    expect((await states()).sort()).to.deep.equal(['paid', 'unknown', 'unknown']);
  });
  afterEach(() => domain.expectSound());

  const states = async () => (await rowsOf(domain, batch.id)).map(({ state }) => state);
  const now = ({ id }: Transfer) => domain.transfer({ id });
  const breaks = async () => (await openBreaks(domain)).map(({ breakType, party }) => `${breakType} ${party}`).sort();
  async function night(asOf: string): Promise<void> {
    await runNight({ ...reconDepsOf(domain), nightPhases: { before: [], after: [] } }, asOf, { signal });
    await domain.runOutbox();
  }
  /** A complete statement of an account that covers the day and its night. */
  async function statement(
    lines: readonly Partial<StatementRow>[],
    party = PARTY,
    finishedAtMs = domain.clock.now(),
  ): Promise<string[]> {
    const { fromMs, toMs } = dayWindow(day, TIME_ZONE);
    const one = statementOf(domain.deps, { party, fromMs, toMs: toMs + 7_200_000, finishedAtMs, lines: lines.length });
    const rows = lines.map((line, index) => {
      const id = domain.deps.runtime.ids.next();
      return {
        ...{ id, statementId: one.id, lineNo: index + 1, lineKey: id, side: 'operator', party, lineState: 'accepted' },
        ...{ lineKind: 'payout', day, atMs: domain.clock.now(), receipt: newReceipt(), reference: null, account: null },
        ...{ amountMinor: -100_000n, currency: 'KES', payer: null, maskedPayer: null, linkedReceipt: null, detail: '' },
        ...line,
      } as StatementRow;
    });
    await domain.deps.database.transaction(async (tx) => {
      await tx.insert(StatementSchema, one);
      await tx.insertMany(StatementRowSchema, rows);
    });
    return rows.map(({ id }) => id);
  }
  const lineOf = async (payout: Transfer, change: Partial<StatementRow> = {}): Promise<Partial<StatementRow>> => {
    const { receipt, reference, amountMinor } = await now(payout);
    return { receipt: receipt ?? newReceipt(), reference, amountMinor: -amountMinor, ...change };
  };

  it('decides what nobody knew of: the line pays, its absence in a complete statement is a failure, two days later', async () => {
    const line = await lineOf(sent[1]);
    await statement([await lineOf(sent[0]), line]);
    await night(day);
    expect(await states()).to.deep.equal(['paid', 'paid', 'unknown']);
    expect(await now(sent[1])).to.include({ state: 'succeeded', receipt: line.receipt, evidenceRank: 'statement' });
    await night(addDays(day, 2));
    expect(await now(sent[2])).to.include({ state: 'failed', resultCode: 'absent' });
    await domain.runFor(60_000);
    expect(await states()).to.deep.equal(['paid', 'paid', 'failed']);
    expect((await batchOf(domain, batch.id)).state).to.equal('partly-paid');
    expect(await breaks()).to.deep.equal([]);
    const { id: organisationId } = own.organisation;
    const initiator = staff(own.people.initiator, organisationId);
    await retryRows(domain.deps, initiator, { batchId: batch.id, organisationId, rowNos: [3], reason: 'it failed' });
    await domain.runOutbox();
    await answerAll(domain);
    expect(await states()).to.deep.equal(['paid', 'paid', 'paid']);
    expect(domain.payouts.payouts.map(({ account }) => account?.shortCode)).to.deep.equal(Array(4).fill(SHORT_CODE));
  });

  it('is decided by no statement of another account, whatever that one says or lacks', async () => {
    await statement([await lineOf(sent[1])], partyOf({ operator: 'mpesa', ownShortCode: '700222' }));
    await statement(
      [
        await lineOf(sent[0], {
          lineKind: 'reversal',
          linkedReceipt: (await now(sent[0])).receipt,
          receipt: newReceipt(),
          amountMinor: sent[0].amountMinor,
          reference: null,
        }),
      ],
      'mpesa',
    );
    for (const asOf of [day, addDays(day, 2)]) await night(asOf);
    expect(await states()).to.deep.equal(['paid', 'unknown', 'unknown']);
    const events = await domain.deps.database.reader.findBy(TransferEventSchema, { transferId: sent[1].id });
    expect(events.map(({ toState }) => toState)).to.deep.equal(['requested', 'submitted', 'unknown']);
  });

  it('leaves what is absent unknown while a line of its amount names nothing, or the statement is not whole', async () => {
    const line = await lineOf(sent[2], { reference: null });
    await statement([await lineOf(sent[0]), await lineOf(sent[1]), line]);
    await night(addDays(day, 2));
    expect(await states()).to.deep.equal(['paid', 'paid', 'unknown']);
    await domain.deps.database.transaction(async (tx) => {
      await tx.manager.delete(StatementRowSchema, { receipt: line.receipt });
      await tx.manager.update(StatementSchema, { party: PARTY }, { proof: 'none' });
    });
    await night(addDays(day, 3));
    expect(await states()).to.deep.equal(['paid', 'paid', 'unknown']);
  });

  it('leaves what is absent unknown while the day of its first sending is not covered, or a line of the waited days may be it', async () => {
    const [, first, second] = sent;
    const dayBefore = { createdAtMs: dayWindow(day, TIME_ZONE).fromMs - 60_000 };
    await domain.deps.database.transaction((tx) => tx.update(TransferSchema, { id: first.id }, dayBefore));
    const late = { day: addDays(day, 2), reference: null, receipt: newReceipt() };
    await statement([await lineOf(sent[0]), await lineOf(second, late)]);
    await night(addDays(day, 2));
    expect([(await now(first)).state, (await now(second)).state]).to.deep.equal(['unknown', 'unknown']);
    await domain.deps.database.transaction((tx) =>
      tx.manager.update(StatementRowSchema, { receipt: late.receipt }, { day: addDays(day, 3) }),
    );
    await night(addDays(day, 3));
    expect([(await now(first)).state, (await now(second)).state]).to.deep.equal(['unknown', 'failed']);
  });

  it('shows to a person what is paid and not in the statement, of another amount there, or paid once more; once', async () => {
    const twice = await lineOf(sent[1]);
    await statement([
      twice,
      await lineOf(sent[1], { receipt: newReceipt() }),
      await lineOf(sent[2], { amountMinor: -5n }),
    ]);
    for (const asOf of [day, addDays(day, 2), addDays(day, 3)]) await night(asOf);
    expect(await breaks()).to.deep.equal([
      `contradiction ${PARTY}`,
      `contradiction ${PARTY}`,
      `missing-at-operator ${PARTY}`,
    ]);
    expect(await states()).to.deep.equal(['paid', 'paid', 'unknown']);
  });

  it('compares a day too whose statement came later than its lines were waited for', async () => {
    await night(addDays(day, 2));
    expect(await breaks()).to.deep.equal([]);
    const later = addDays(day, 6);
    await statement([], PARTY, dayWindow(later, TIME_ZONE).fromMs);
    await night(later);
    expect(await breaks()).to.include(`missing-at-operator ${PARTY}`);
    expect(await states()).to.deep.equal(['paid', 'failed', 'failed']);
  });

  it('keeps out of our books what else moves there: what the organisation brings, pays by itself, or is charged', async () => {
    const other = { reference: null, account: 'ANYTHING' };
    await statement([
      await lineOf(sent[0]),
      { ...other, lineKind: 'payment', amountMinor: 7_000_000n, payer: '+254700000001' as never },
      { ...other, lineKind: 'charge', amountMinor: -2_300n },
      { ...other, lineKind: 'payout', amountMinor: -123_400n, reference: 'AG_20261120_0001' },
    ]);
    const before = [await domain.balanceOf('float:mpesa'), (await domain.transfers()).length];
    for (const asOf of [day, addDays(day, 1)]) await night(asOf);
    expect([await domain.balanceOf('float:mpesa'), (await domain.transfers()).length]).to.deep.equal(before);
    expect(await domain.deps.database.reader.find(PaymentSchema)).to.deep.equal([]);
    expect(await breaks()).to.deep.equal([]);
  });

  it('is not the only one: ours that only pays, where it is not the paybill, is decided by its own statement too', async () => {
    const known = domain.deps.payoutOperators;
    domain.deps.payoutOperators = new Map([...known, ['mpesa-b2c', { ...domain.payouts, name: 'mpesa-b2c' }]]);
    try {
      domain.payouts.payScript.push(UNKNOWN, UNKNOWN);
      const [there, absent] = [
        await payout(domain, { operator: 'mpesa-b2c' }),
        await payout(domain, { operator: 'mpesa-b2c' }),
      ];
      const line = await lineOf(there);
      await statement([await lineOf(absent, { receipt: newReceipt() })], 'mpesa');
      await statement([line], 'mpesa-b2c');
      for (const asOf of [day, addDays(day, 2)]) await night(asOf);
      expect(await now(there)).to.include({ state: 'succeeded', receipt: line.receipt });
      expect(await now(absent)).to.include({ state: 'failed', resultCode: 'absent' });
    } finally {
      domain.deps.payoutOperators = known;
    }
  });

  describe('with money that came back', () => {
    const claimed = async () => {
      const { id: organisationId } = own.organisation;
      const initiator = staff(own.people.initiator, organisationId);
      const { id } = await openClaim(domain.deps, initiator, {
        ...{ batchId: batch.id, organisationId, rowNo: 1, reason: 'the wrong number' },
      });
      return { claimId: id, organisationId };
    };
    const back = async () => ({
      lineKind: 'reversal' as const,
      amountMinor: sent[0].amountMinor,
      receipt: newReceipt(),
    });

    it('ends a claim by a line that names the payout', async () => {
      await claimed();
      const { receipt: linkedReceipt } = await now(sent[0]);
      const balance = () => domain.balanceOf(ledgerAccount.organisation(own.organisation.id));
      const before = await balance();
      await statement([await lineOf(sent[0]), { ...(await back()), linkedReceipt }]);
      for (const asOf of [day, addDays(day, 1)]) {
        await night(asOf);
        expect((await states())[0]).to.equal('reversed');
        expect(await balance(), 'its own again, once').to.equal(before - sent[0].amountMinor);
      }
    });

    it('lets a person say which line it is, of that account and of no other', async () => {
      const which = await claimed();
      const [elsewhere, here] = [await back(), await back()];
      await statement([{ ...elsewhere, lineKind: 'payment' }], 'mpesa');
      await statement([{ ...here, lineKind: 'payment' }]);
      const missed = await findReturnLine(domain.deps, { ...which, receipt: elsewhere.receipt }).catch(
        (error) => error,
      );
      expect(missed).to.include({ code: 'claim.line' });
      const { id: statementLineId } = await findReturnLine(domain.deps, { ...which, receipt: here.receipt });
      await returnClaim(domain.deps, staff('finance-person', 'house'), {
        ...which,
        statementLineId,
        reason: 'it is this',
      });
      await domain.runOutbox();
      expect((await states())[0]).to.equal('reversed');
    });
  });
});
