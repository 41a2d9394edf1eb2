import { expect } from 'chai';
import {
  importStatement,
  reconcileDay,
  StatementRowSchema,
  StatementSchema,
} from '../../../src/domain/reconciliation/index.ts';
import { addDays, businessDay, dayWindow } from '../../../src/kernel/index.ts';
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
  /** A statement of a whole day comes, with one line; what is said of its neighbours. */
  async function give(
    of: string,
    closingMinor: bigint,
    said: { amountMinor: bigint; atMs: number },
    covers = dayWindow(of, TIME_ZONE),
  ): Promise<string[]> {
    const line = { ...said, lineNo: 1, kind: 'payment' as const, currency: 'KES', detail: '', receipt: newReceipt() };
    const result = await importStatement(domain.deps, {
      ...{ side: 'operator', party: 'mpesa', source: 'file', currency: 'KES', timeZone: TIME_ZONE },
      fileName: `${of}.csv`,
      async *read() {
        yield { lines: [line], faults: [] };
        return { proof: 'balance-chain', ...covers, closingMinor };
      },
    });
    return result.kind === 'complete' ? result.apart : expect.fail(result.problem);
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

  it('that were unknown stay so while the day’s file ends with another balance than the next goes on from', async () => {
    const transfer = await lost();
    const next = addDays(day, 1);
    // Exported at noon, and copied the next morning, with a new time.
    const early = { id: statementId, toMs: dayWindow(day, TIME_ZONE).toMs, closingMinor: 70_000n, inMinor: 70_000n };
    await domain.deps.database.transaction((tx) => tx.update(StatementSchema, { id: statementId }, early));
    const evening = { amountMinor: 10_000n, atMs: early.toMs - 3_600_000 };
    const morning = { amountMinor: 5_000n, atMs: early.toMs + 3_600_000 };
    const followed = await give(next, 85_000n, morning);
    const reason =
      /^lines are missing: \S+ ends with 700\.00, 2\S+ goes on from 800\.00; give the first again, exported when its time was over$/;
    expect(followed).to.have.length(1);
    expect(followed[0]).to.match(reason);
    const [apart] = (await openBreaks(domain)).filter(({ breakType }) => breakType === 'balances-apart');
    const about = { side: 'operator', party: 'mpesa', day, amountMinor: 10_000n, suggestedAction: 'read-statement' };
    expect(apart).to.include(about);
    await night(addDays(day, 2));
    expect(await now(transfer), 'it may have been paid in the evening').to.include({ state: 'unknown' });

    expect(await give(day, 80_000n, { ...evening, amountMinor: 80_000n })).to.deep.equal([]);
    expect(await breakTypes()).not.to.include('balances-apart');
    await night(addDays(day, 2));
    expect(await now(transfer)).to.include({ state: 'failed', resultCode: 'absent' });
  });

  it('are told of balances that do not meet whichever of the two comes last, once, and again when a third is no better', async () => {
    const noon = { amountMinor: 10_000n, atMs: dayWindow(day, TIME_ZONE).fromMs + 43_200_000 };
    await domain.deps.database.transaction((tx) => tx.manager.delete(StatementSchema, { id: statementId }));
    const [before, next] = [addDays(day, -1), addDays(day, 1)];
    const dayBefore = { ...noon, atMs: noon.atMs - 86_400_000 };
    expect(await give(before, 100_000n, dayBefore)).to.deep.equal([]);
    expect(await give(next, 150_000n, { ...noon, atMs: noon.atMs + 86_400_000 }), 'a day lies between').to.deep.equal(
      [],
    );
    expect(await give(day, 130_000n, noon), 'neither of its neighbours').to.have.length(2);
    expect(await breakTypes()).to.deep.equal(['balances-apart', 'balances-apart']);
    expect(await give(day, 140_000n, { ...noon, amountMinor: 20_000n })).to.have.length(1);
    expect(await breakTypes(), 'one end is bridged').to.deep.equal(['balances-apart']);
    expect(await give(before, 120_000n, { ...dayBefore, amountMinor: 30_000n })).to.deep.equal([]);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('are not told of two files that only share a row', async () => {
    await domain.deps.database.transaction((tx) => tx.manager.delete(StatementSchema, { id: statementId }));
    const { fromMs, toMs } = dayWindow(day, TIME_ZONE);
    const atMs = fromMs + 43_200_000;
    const row = { amountMinor: 10_000n, atMs };
    expect(await give(day, 60_000n, row, { fromMs, toMs: atMs })).to.deep.equal([]);
    expect(await give(day, 60_000n, row, { fromMs: atMs, toMs })).to.deep.equal([]);
    expect(await breakTypes()).to.deep.equal([]);
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
