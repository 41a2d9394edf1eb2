import { expect } from 'chai';
import type { Payment } from '../../../src/domain/payments/index.ts';
import {
  BreakSchema,
  type LineKind,
  StatementRowSchema,
  StatementSchema,
} from '../../../src/domain/reconciliation/index.ts';
import {
  drawUpSettlements,
  type FloatTieOut,
  FloatTieOutSchema,
  findSettlement,
  recordPayout,
  signSettlement,
  tieOutFloats,
} from '../../../src/domain/settlement/index.ts';
import { businessDay } from '../../../src/kernel/index.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import { bookPayments } from '../../support/booked-payments.ts';
import { type Domain, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { ask, order, tell } from '../../support/payout-stories.ts';
import { describeOnStores } from '../../support/stores.ts';

const HOUR_MS = 3_600_000;
const ZONE = 'Africa/Nairobi';

interface Line {
  receipt?: string | null;
  kind?: LineKind;
  amountMinor: bigint;
  atMs?: number;
}

describeOnStores("the float against the operator's balance", (stores) => {
  let domain: Domain;
  let fromMs: number;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    fromMs = domain.clock.now();
  });
  staysSound(() => domain);

  /** A statement of the hour since the test began, as it stands when it was read. */
  async function read(openingMinor: bigint, lines: readonly Line[]): Promise<bigint> {
    const { ids, clock } = domain.deps.runtime;
    const statementId = ids.next();
    const sum = (sign: 1 | -1) =>
      lines.reduce((total, { amountMinor }) => (amountMinor > 0n === sign > 0 ? total + amountMinor : total), 0n);
    const closingMinor = openingMinor + sum(1) + sum(-1);
    const blank = { party: 'mpesa', currency: 'KES', side: 'operator' } as const;
    await domain.deps.database.transaction(async (tx) => {
      await tx.insert(StatementSchema, {
        ...blank,
        ...{ id: statementId, source: 'file', fileName: null, contentHash: null, state: 'complete' },
        ...{ proof: 'balance-chain', lines: lines.length, faults: 0, inMinor: sum(1), outMinor: -sum(-1) },
        ...{ closingMinor, fromMs, toMs: fromMs + HOUR_MS, problem: null, startedAtMs: clock.now() },
        ...{ finishedAtMs: clock.now(), comparedAtMs: null, readingKey: null, leaseUntilMs: null },
      });
      for (const [at, { receipt = newReceipt(), kind = 'payment', amountMinor, atMs = fromMs }] of lines.entries()) {
        await tx.insert(StatementRowSchema, {
          ...blank,
          ...{
            id: ids.next(),
            statementId,
            lineNo: at + 1,
            lineKey: ids.next(),
            lineState: 'accepted',
            lineKind: kind,
          },
          ...{ day: businessDay(atMs, ZONE), atMs, receipt, reference: null, account: null, amountMinor },
          ...{ payer: null, maskedPayer: null, linkedReceipt: null, detail: 'x' },
        });
      }
    });
    return closingMinor;
  }
  const lineOf = (payment: Payment): Line => ({ receipt: payment.operatorReceipt, amountMinor: payment.amountMinor });
  const book = (...amounts: bigint[]) =>
    bookPayments(
      domain.deps,
      amounts.map((amountMinor) => ({ amountMinor, completedAtMs: fromMs })),
    );
  const tieOut = async (): Promise<FloatTieOut[]> => {
    await domain.clock.advance(2 * HOUR_MS);
    await tieOutFloats(domain.deps);
    return domain.deps.database.reader.find(FloatTieOutSchema, { order: { madeAtMs: 'ASC', id: 'ASC' } });
  };
  const breaks = async () =>
    (await domain.deps.database.reader.findBy(BreakSchema, { breakType: 'float-differs' })).map(
      ({ state, amountMinor }) => ({ state, amountMinor }),
    );
  const nothing = { unbookedMinor: 0n, unbookedChargesMinor: 0n, withoutLineMinor: 0n, remainderMinor: 0n };

  it('agrees: the opening balance and the charges are booked, each once', async () => {
    const payments = await book(50_000n, 30_000n);
    const charges = [-200n, -300n].map((amountMinor): Line => ({ kind: 'charge', amountMinor }));
    const closing = await read(1_000_000n, [...payments.map(lineOf), ...charges]);
    const made = await tieOut();
    expect(made).to.have.length(1);
    expect(made[0]).to.include({ ...nothing, operatorMinor: closing, ledgerMinor: closing });
    expect(await domain.balanceOf(ledgerAccount.charges('mpesa'))).to.equal(500n);
    expect(await domain.balanceOf(ledgerAccount.openingBalances)).to.equal(-1_000_000n);
    expect(await tieOut(), 'the same figures make no new row').to.have.length(1);
    expect(await domain.balanceOf(ledgerAccount.charges('mpesa')), 'once').to.equal(500n);
    expect(await breaks()).to.deep.equal([]);
  });

  it('books the charges of a file that comes months late', async () => {
    const { now } = domain.clock;
    fromMs = now() - 90 * 24 * HOUR_MS;
    const closing = await read(1_000_000n, [
      { amountMinor: 5_000n },
      { kind: 'charge', amountMinor: -200n },
      { kind: 'charge', amountMinor: -300n },
    ]);
    const [made] = await tieOut();
    await tieOut();
    expect(await domain.balanceOf(ledgerAccount.charges('mpesa')), 'once').to.equal(500n);
    expect(made).to.include({ operatorMinor: closing, unbookedChargesMinor: 0n });
    expect(await breaks()).to.deep.equal([]);
  });

  it('says which lines are not booked and which bookings have no line yet; neither is a break', async () => {
    const [known, late] = await book(50_000n, 30_000n);
    if (!known || !late) throw new Error('two were booked');
    await read(0n, [lineOf(known), { amountMinor: 7_000n }, { kind: 'payout', amountMinor: -20_000n }]);
    const [made] = await tieOut();
    expect(made).to.include({
      ...nothing,
      operatorMinor: 37_000n,
      ledgerMinor: 80_000n,
      unbookedMinor: -13_000n,
      unbookedLines: 2,
      withoutLineMinor: -30_000n,
      withoutLineEntries: 1,
    });
    expect(await breaks()).to.deep.equal([]);
  });

  it('leaves out what happened after the balance, however early it was booked here', async () => {
    const [known] = await book(50_000n);
    if (!known) throw new Error('one was booked');
    await read(0n, [lineOf(known)]);
    await domain.clock.advance(90 * 60_000);
    await bookPayments(domain.deps, [{ amountMinor: 11_000n, completedAtMs: domain.clock.now() }]);
    const [made] = await tieOut();
    expect(made).to.include({ ...nothing, operatorMinor: 50_000n, ledgerMinor: 50_000n });
  });

  it('knows a payout by its line, also when finance records it days after the operator made it', async () => {
    const payments = await book(50_000n);
    await read(0n, payments.map(lineOf));
    await tieOut();
    const day = businessDay(fromMs, ZONE);
    await domain.clock.advance(24 * HOUR_MS);
    await drawUpSettlements(domain.deps, { day });
    const name = { billerId: 'maji-water', day };
    const { version, netMinor } = await findSettlement(domain.deps, name);
    await signSettlement(domain.deps, { ...name, version, staff: 'Amina Yusuf', reason: 'agrees' });
    fromMs = domain.clock.now();
    await read(50_000n, [{ receipt: 'UKPAYOUT01', kind: 'payout', amountMinor: -netMinor }]);
    const seen = await tieOut();
    expect(seen.at(-1)).to.include({ ...nothing, unbookedMinor: -netMinor, unbookedLines: 1 });
    await domain.clock.advance(48 * HOUR_MS);
    await recordPayout(domain.deps, { ...name, bankReference: 'UKPAYOUT01', staff: 'Juma', fromOperator: 'mpesa' });
    const recorded = await tieOut();
    expect(recorded.at(-1)).to.include({ ...nothing, ledgerMinor: 50_000n - netMinor, unbookedLines: 0 });
    expect(await breaks()).to.deep.equal([]);
  });

  it('ties out with people who were paid, whether their line has come or not', async () => {
    await read(150_000n, []);
    await tieOut();
    fromMs = domain.clock.now();
    const sent = async () => {
      const asked = await ask(domain, order(domain));
      await domain.runOutbox();
      return domain.transfer({ id: asked?.id ?? '' });
    };
    const [paid, unseen, undecided] = [await sent(), await sent(), await sent()];
    const receipt = await tell(domain, paid, { atMs: fromMs });
    const late = await tell(domain, unseen, { atMs: fromMs });
    await domain.runOutbox();
    const closing = await read(150_000n, [{ receipt, kind: 'payout', amountMinor: -50_000n }]);
    const made = await tieOut();
    expect((await domain.transfer({ id: undecided.id })).state, 'it is nobody’s yet').to.equal('submitted');
    expect(made.at(-1)).to.include({
      ...{ ...nothing, operatorMinor: closing, ledgerMinor: 50_000n, unbookedLines: 0 },
      ...{ withoutLineMinor: 50_000n, withoutLineEntries: 1 },
    });
    fromMs = domain.clock.now();
    await read(closing, [{ receipt: late, kind: 'payout', amountMinor: -50_000n }]);
    const next = await tieOut();
    expect(next.at(-1)).to.include({ ...nothing, operatorMinor: 50_000n, ledgerMinor: 50_000n, withoutLineEntries: 0 });
    expect(await breaks()).to.deep.equal([]);
  });

  it('makes a break of what nothing explains, and ends it when it is gone', async () => {
    const first = await book(50_000n);
    await read(0n, first.map(lineOf));
    await tieOut();
    // The operator's balance says 5.00 more than its lines add up to.
    fromMs = domain.clock.now();
    await read(50_500n, []);
    const made = await tieOut();
    expect(made.at(-1)).to.include({ operatorMinor: 50_500n, ledgerMinor: 50_000n, remainderMinor: 500n });
    expect(await breaks()).to.deep.equal([{ state: 'open', amountMinor: 500n }]);
    fromMs = domain.clock.now();
    await read(50_500n, []);
    await tieOut();
    expect(await breaks(), 'the same difference is one break').to.have.length(1);
    fromMs = domain.clock.now();
    await read(50_000n, []);
    await tieOut();
    expect(await breaks()).to.deep.equal([{ state: 'resolved', amountMinor: 500n }]);
  });
});
