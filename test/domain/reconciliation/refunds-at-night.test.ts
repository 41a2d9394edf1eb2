import { expect } from 'chai';
import {
  BreakEventSchema,
  reconcileDay,
  runNight,
  StatementRowSchema,
  StatementSchema,
} from '../../../src/domain/reconciliation/index.ts';
import type { Refund } from '../../../src/domain/refunds/index.ts';
import { addDays, businessDay, dayWindow } from '../../../src/kernel/index.ts';
import { type Domain, newReceipt, openDomain } from '../../support/domain-deps.ts';
import type { PlantedItem } from '../../support/planted-day.ts';
import { openBreaks, plantDay, reconDepsOf, statementOf, TIME_ZONE } from '../../support/recon-world.ts';
import { giveBack, propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payByCallback, prompt } from '../../support/stories.ts';

const { signal } = new AbortController();

describeOnStores('a refund of which no answer came, at night', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  /** A payment of the day that all three books have, with a refund that the operator was asked for on the same day. */
  async function refundOfTheDay(): Promise<{ day: string; item: PlantedItem; refund: Refund }> {
    const day = businessDay(domain.clock.now(), TIME_ZONE);
    const planted = await plantDay(domain, day, [{ fault: 'agrees', amountMinor: 50_000n }]);
    await planted.addNextDay();
    const item = planted.items[0] as PlantedItem;
    const refund = await propose(domain.deps, item.payment?.id ?? '');
    await vote(domain.deps, refund);
    await domain.runOutbox();
    expect((await refundNow(domain, refund)).state).to.equal('granted');
    return { day, item, refund };
  }

  async function night(day: string, asOf: string): Promise<void> {
    await reconcileDay(reconDepsOf(domain), { day, asOf }, { signal });
    await domain.runOutbox();
  }

  const breakTypes = async () => (await openBreaks(domain)).map(({ breakType }) => breakType);

  it('is paid when the statement has the line, on the first night', async () => {
    const { day, item, refund } = await refundOfTheDay();
    const [paid] = item.operatorLines;
    const receipt = newReceipt();
    await domain.deps.database.transaction((tx) =>
      tx.insert(StatementRowSchema, {
        ...(paid as NonNullable<typeof paid>),
        ...{ id: domain.deps.runtime.ids.next(), lineKey: 'reversal', lineKind: 'reversal', amountMinor: -50_000n },
        ...{ receipt, linkedReceipt: paid?.receipt ?? null, reference: null, account: null },
      }),
    );
    for (const asOf of [day, addDays(day, 2)]) {
      await night(day, asOf);
      const now = await refundNow(domain, refund);
      expect(now.state).to.equal('paid');
      expect(await domain.transfer({ id: now.reversalId ?? '' })).to.include({ receipt, evidenceRank: 'statement' });
      expect((await domain.payment({ id: refund.paymentId })).state).to.equal('refunded');
      expect(await breakTypes()).to.deep.equal([]);
    }
    expect(await domain.balanceOf('float:mpesa')).to.equal(-50_000n);
    await domain.expectSound();
  });

  it('waits for two days, and has failed when a complete statement lacks it; what the biller gave up is no break', async () => {
    const { day, refund } = await refundOfTheDay();
    await night(day, day);
    expect((await refundNow(domain, refund)).state).to.equal('granted');
    expect(await breakTypes()).to.deep.equal([]);
    await night(day, addDays(day, 2));
    const now = await refundNow(domain, refund);
    expect(now.state).to.equal('failed');
    expect(await domain.transfer({ id: now.reversalId ?? '' })).to.include({ state: 'failed', resultCode: 'absent' });
    expect((await domain.payment({ id: refund.paymentId })).state).to.equal('refund-due');
    expect(await breakTypes()).to.deep.equal(['refund-failed']);
    await domain.expectSound();
  });
});

describeOnStores('breaks of money that went back', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  /** That no statement came is true, and another story. */
  const breakTypes = async () =>
    (await openBreaks(domain)).map(({ breakType }) => breakType).filter((type) => type !== 'statement-missing');
  const night = () => {
    const day = businessDay(domain.clock.now(), TIME_ZONE);
    return runNight({ ...reconDepsOf(domain), nightPhases: { before: [], after: [] } }, day, { signal });
  };
  async function payBack(paymentId: string, change: { transferId?: string; code?: string } = {}): Promise<Refund> {
    const { code, ...proposal } = change;
    const refund = await propose(domain.deps, paymentId, proposal);
    await vote(domain.deps, refund);
    await domain.runOutbox();
    const asked = await domain.transfer({ id: (await refundNow(domain, refund)).reversalId ?? '' });
    await giveBack(domain, asked, code === undefined ? {} : { code, receipt: undefined as never });
    await domain.runOutbox();
    return refund;
  }

  it('end by themselves: paid twice, and a refund that had failed', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { payment } = await current(domain, story.payment.id);
    const second = await domain.transfer({ purpose: 'second-money' });
    await payBack(payment.id, { transferId: second.id, code: '21' });
    expect(await breakTypes()).to.deep.equal(['paid-twice', 'refund-failed']);
    await night();
    expect(await breakTypes(), 'it is owed still').to.deep.equal(['paid-twice', 'refund-failed']);
    await payBack(payment.id, { transferId: second.id });
    const day = businessDay(domain.clock.now(), TIME_ZONE);
    const window = dayWindow(day, TIME_ZONE);
    await night();
    expect(await breakTypes()).to.deep.equal([]);
    // The day is looked at once more when its statement comes.
    await domain.clock.advance(24 * 3_600_000);
    const statement = statementOf(domain.deps, window);
    const { id, receipt, amountMinor, currency, completedAtMs } = second;
    await domain.deps.database.transaction(async (tx) => {
      await tx.insert(StatementSchema, statement);
      await tx.insert(StatementRowSchema, {
        ...{ id, statementId: statement.id, side: 'operator', party: 'mpesa', lineNo: 1, lineKey: id, receipt },
        ...{ lineState: 'accepted', lineKind: 'payment', day, atMs: completedAtMs ?? 0, reference: null },
        ...{ account: null, amountMinor, currency, payer: null, maskedPayer: null, linkedReceipt: null, detail: '' },
      });
    });
    for (let nights = 0; nights < 2; nights += 1) {
      await night();
      await domain.clock.advance(24 * 3_600_000);
    }
    const again = await domain.deps.database.reader.findBy(BreakEventSchema, { fromState: 'resolved' });
    expect(again, 'none was opened again').to.deep.equal([]);
  });

  it('end by themselves: money that was late, and a refund that was thought of', async () => {
    domain.deps.paymentSettings.delays = { payerMs: 1_000, staffMs: 2_000, refundMs: 3_000 };
    domain.water.postScript.push(...Array.from({ length: 30 }, () => ({ kind: 'unknown' as const, description: '' })));
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runFor(10_000);
    expect((await breakTypes()).sort()).to.deep.equal(['payment-delayed', 'refund-proposed']);
    await night();
    expect(await breakTypes()).to.have.length(2);
    await payBack(story.payment.id);
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refunded');
    await night();
    expect(await breakTypes()).to.deep.equal([]);
  });
});
