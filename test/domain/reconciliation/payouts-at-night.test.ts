import { expect } from 'chai';
import { reconcileDay, StatementRowSchema } from '../../../src/domain/reconciliation/index.ts';
import { addDays, businessDay } from '../../../src/kernel/index.ts';
import type { Transfer } from '../../../src/money/transfers/index.ts';
import { type Domain, newReceipt, openDomain } from '../../support/domain-deps.ts';
import { payout, tell } from '../../support/payout-stories.ts';
import { openBreaks, plantDay, reconDepsOf, resultsOf, TIME_ZONE } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';

const { signal } = new AbortController();

describeOnStores('payouts at night', (stores) => {
  let domain: Domain;
  let day: string;
  let statementId: string;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    day = businessDay(domain.clock.now(), TIME_ZONE);
    const planted = await plantDay(domain, day, [{ fault: 'agrees', amountMinor: 70_000n }]);
    await planted.addNextDay();
    statementId = planted.place.statementIds.operator;
  });

  const now = ({ id }: Transfer) => domain.transfer({ id });
  const breakTypes = async () => (await openBreaks(domain)).map(({ breakType }) => breakType);
  async function night(asOf: string): Promise<void> {
    await reconcileDay(reconDepsOf(domain), { day, asOf }, { signal });
    await domain.runOutbox();
  }
  /** A line of the operator's complete statement of the day. */
  async function line(change: { receipt: string; reference?: string; amountMinor?: bigint }): Promise<string> {
    const id = domain.deps.runtime.ids.next();
    await domain.deps.database.transaction((tx) =>
      tx.insert(StatementRowSchema, {
        ...{ id, statementId, lineNo: 900, lineKey: id, side: 'operator', party: 'mpesa', lineState: 'accepted' },
        ...{ lineKind: 'payout', day, atMs: domain.clock.now(), account: null, currency: 'KES', payer: null },
        ...{ maskedPayer: '2547 ***** 001', linkedReceipt: null, detail: 'Salary Payment', reference: null },
        ...{ amountMinor: -50_000n, ...change },
      }),
    );
    return id;
  }
  /** No answer ever came. */
  async function lost(): Promise<Transfer> {
    domain.payouts.payScript.push({ kind: 'unknown', code: 'timeout', description: '' });
    return payout(domain);
  }

  it('agree with their lines', async () => {
    const transfer = await payout(domain);
    const receipt = await tell(domain, transfer);
    await domain.runOutbox();
    await line({ receipt, reference: transfer.reference });
    for (const asOf of [day, addDays(day, 2)]) {
      await night(asOf);
      const result = (await resultsOf(domain, day)).get(transfer.id);
      expect(result).to.include({ resultSet: 'agrees', operatorSet: 'agrees', oursMinor: -50_000n });
      expect(await breakTypes()).to.deep.equal([]);
    }
  });

  it('are a break when the line has another amount, or when there is none', async () => {
    const [differs, absent] = [await payout(domain), await payout(domain)];
    const receipt = await tell(domain, differs);
    await tell(domain, absent);
    await domain.runOutbox();
    await line({ receipt, reference: differs.reference, amountMinor: -60_000n });
    await night(addDays(day, 2));
    expect((await breakTypes()).sort()).to.deep.equal(['differs-at-operator', 'missing-at-operator']);
  });

  it('that were unknown are paid by a line under their reference, on the first night', async () => {
    const transfer = await lost();
    const receipt = newReceipt();
    await line({ receipt, reference: transfer.reference });
    for (const asOf of [day, addDays(day, 2)]) {
      await night(asOf);
      expect(await now(transfer)).to.include({ state: 'succeeded', receipt, evidenceRank: 'statement' });
      expect(await breakTypes()).to.deep.equal([]);
    }
    expect(await domain.balanceOf('float:mpesa')).to.equal(0n);
    expect(await domain.balanceOf('reserved:mpesa')).to.equal(0n);
    await domain.expectSound();
  });

  it('that were unknown have failed when a complete statement lacks them for two days, and not before', async () => {
    const transfer = await lost();
    const other = await payout(domain);
    const receipt = await tell(domain, other);
    await domain.runOutbox();
    await line({ receipt, reference: other.reference });
    await night(day);
    expect(await now(transfer)).to.include({ state: 'unknown' });
    await night(addDays(day, 2));
    expect(await now(transfer)).to.include({ state: 'failed', resultCode: 'absent' });
    expect(await domain.balanceOf('reserved:mpesa'), 'whose it is again').to.equal(-50_000n);
    await domain.expectSound();
  });

  it('that were unknown stay so while one line of their amount names no request of ours', async () => {
    const transfer = await lost();
    await line({ receipt: newReceipt(), reference: 'AG_20261120_0001' });
    await night(addDays(day, 2));
    expect(await now(transfer)).to.include({ state: 'unknown' });
    expect(await breakTypes()).to.include('not-ours');
  });

  describe('from somebody’s own account', () => {
    const ownAccount = { id: 'organisation-1', shortCode: '600123' };
    let find: Domain['deps']['findPayoutAccount'];
    beforeEach(() => {
      find = domain.deps.findPayoutAccount;
      domain.deps.findPayoutAccount = async () => ({
        ...{ shortCode: '600123', initiator: 'own', securityCredential: 'own' },
      });
      domain.payouts.payScript.push({ kind: 'unknown', code: 'timeout', description: '' });
    });
    afterEach(() => {
      domain.deps.findPayoutAccount = find;
    });

    it('are not looked for in our statement: it proves nothing of them', async () => {
      const unknown = await payout(domain, { ownAccount });
      const paid = await payout(domain, { ownAccount });
      await tell(domain, paid);
      await domain.runOutbox();
      await night(day);
      await night(addDays(day, 2));
      expect(await now(unknown), 'it may be paid all the same').to.include({ state: 'unknown' });
      const results = await resultsOf(domain, day);
      expect([results.get(unknown.id), results.get(paid.id)]).to.deep.equal([undefined, undefined]);
      expect(await breakTypes()).to.deep.equal([]);
    });

    it('are a person’s when our statement shows one of them', async () => {
      const unknown = await payout(domain, { ownAccount });
      const id = await line({ receipt: newReceipt(), reference: unknown.reference });
      await night(addDays(day, 2));
      expect(await now(unknown)).to.include({ state: 'unknown' });
      expect((await resultsOf(domain, day)).get(id)).not.to.equal(undefined);
      expect(await breakTypes()).to.deep.equal(['missing-here']);
    });
  });

  it('that we did not ask for are a person’s', async () => {
    const id = await line({ receipt: newReceipt() });
    await night(addDays(day, 2));
    expect((await resultsOf(domain, day)).get(id)).to.include({ resultSet: 'not-ours' });
    expect(await breakTypes()).to.deep.equal(['not-ours']);
  });

  it('that went twice are a person’s: the second line books nothing', async () => {
    const transfer = await payout(domain);
    const receipt = await tell(domain, transfer);
    await domain.runOutbox();
    await line({ receipt, reference: transfer.reference });
    await line({ receipt: newReceipt(), reference: transfer.reference });
    await night(addDays(day, 2));
    expect(await now(transfer)).to.include({ state: 'succeeded', receipt });
    expect((await breakTypes()).sort()).to.deep.equal(['contradiction', 'missing-here']);
    expect(await domain.balanceOf('float:mpesa')).to.equal(0n);
  });
});
