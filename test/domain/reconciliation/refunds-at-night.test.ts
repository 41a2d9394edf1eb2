import { expect } from 'chai';
import { reconcileDay, StatementRowSchema } from '../../../src/domain/reconciliation/index.ts';
import type { Refund } from '../../../src/domain/refunds/index.ts';
import { addDays, businessDay } from '../../../src/kernel/index.ts';
import { type Domain, newReceipt, openDomain } from '../../support/domain-deps.ts';
import type { PlantedItem } from '../../support/planted-day.ts';
import { openBreaks, plantDay, reconDepsOf, TIME_ZONE } from '../../support/recon-world.ts';
import { propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';

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
