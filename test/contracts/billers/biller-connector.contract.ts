import { expect } from 'chai';
import { addDays, money, newReference, systemChance, systemClock } from '../../../src/kernel/index.ts';
import type { BillsAnswer, DueBill, PostRequest, StatementLine } from '../../../src/providers/billers/index.ts';
import type { BillerWorld } from './biller-world.ts';

/** What every biller's connector must do, whatever its wire. */
export function describeBillerConnector(name: string, start: () => Promise<BillerWorld>): void {
  describe(`biller connector contract: ${name}`, () => {
    let world: BillerWorld;

    before(async () => {
      world = await start();
    });
    after(() => world.stop());
    afterEach(() => world.arrange('answered'));

    const request = (change: Partial<PostRequest> = {}): PostRequest => ({
      reference: newReference(systemChance),
      account: world.account,
      amount: money(50_000n, world.currency),
      operatorReceipt: 'SG71234567',
      paidAtMs: systemClock.now(),
      ...change,
    });

    it('finds an account with its holder and what is due', async () => {
      const found = await world.connector.lookUp(world.account, 1_000);
      if (found.kind !== 'found') throw new Error(`not found: ${JSON.stringify(found)}`);
      expect(found.account).to.equal(world.account);
      expect(found.holderName).to.not.equal('');
      expect(found.due.currency).to.equal(world.currency);
    });

    it('tells a missing account from one that cannot be asked about', async () => {
      expect(await world.connector.lookUp(world.missingAccount, 1_000)).to.deep.equal({ kind: 'not-found' });
      await world.arrange('html');
      expect(await world.connector.lookUp(world.missingAccount, 1_000)).to.include({
        kind: 'unknown',
        timedOut: false,
      });
    });

    it('tells a closed account', async () => {
      expect(await world.connector.lookUp(world.closedAccount, 1_000)).to.deep.equal({ kind: 'closed' });
      const answer = await world.connector.post(request({ account: world.closedAccount }));
      expect(answer).to.include({ kind: 'rejected', why: 'account-closed' });
    });

    it('gives up a lookup in time, and says so', async () => {
      await world.arrange('hang');
      const startedMs = systemClock.now();
      expect(await world.connector.lookUp(world.account, 150)).to.include({ kind: 'unknown', timedOut: true });
      expect(systemClock.now() - startedMs).to.be.below(1_000);
    });

    it('books once, however often the same payment is posted', async () => {
      const payment = request();
      const first = await world.connector.post(payment);
      const again = await world.connector.post(payment);
      expect(first.kind).to.equal('posted');
      expect(again).to.deep.equal(first);
      expect(await world.connector.findByReference(payment.reference)).to.deep.equal(first);
    });

    it('gives tokens of twenty digits, key changes first, for a meter; a balance for a bill', async () => {
      const posted = await world.connector.post(request());
      if (posted.kind !== 'posted') throw new Error(`not posted: ${JSON.stringify(posted)}`);
      expect(posted.billerReference).to.not.equal('');
      if (world.kind === 'postpaid') {
        expect(posted.tokens).to.deep.equal([]);
        expect(posted.balance?.currency).to.equal(world.currency);
        return;
      }
      expect(posted.tokens.length).to.be.at.least(1);
      for (const { digits } of posted.tokens) expect(digits).to.match(/^\d{20}$/);
      const firstOther = posted.tokens.findIndex((token) => token.kind !== 'KEY_CHANGE');
      const lastKeyChange = posted.tokens.findLastIndex((token) => token.kind === 'KEY_CHANGE');
      expect(lastKeyChange).to.be.below(firstOther);
    });

    it('refuses a payment to a missing account for good', async () => {
      const payment = request({ account: world.missingAccount });
      expect(await world.connector.post(payment)).to.include({ kind: 'rejected', why: 'account-not-found' });
      expect(await world.connector.findByReference(payment.reference)).to.deep.equal({ kind: 'absent' });
    });

    it('proves that nothing is booked under a reference', async () => {
      expect(await world.connector.findByReference(newReference(systemChance))).to.deep.equal({ kind: 'absent' });
    });

    it('finds what was booked although the answer was lost', async () => {
      const payment = request();
      await world.arrange('lost-answer');
      expect((await world.connector.post(payment)).kind).to.equal('unknown');
      await world.arrange('answered');
      const found = await world.connector.findByReference(payment.reference);
      expect(found.kind).to.equal('posted');
      expect(await world.connector.post(payment)).to.deep.equal(found);
    });

    it('takes a booking back for good, however often it is asked to', async () => {
      const payment = request();
      await world.connector.post(payment);
      expect(await world.connector.cancel(payment.reference)).to.deep.equal({ kind: 'cancelled' });
      expect(await world.connector.cancel(payment.reference)).to.deep.equal({ kind: 'cancelled' });
      expect(await world.connector.findByReference(payment.reference)).to.deep.equal({ kind: 'absent' });
      expect(await world.connector.post(payment)).to.include({ kind: 'rejected', why: 'refused' });
    });

    it('ends a reference under which nothing was booked, so that a late request books nothing', async () => {
      const payment = request();
      expect(await world.connector.cancel(payment.reference)).to.deep.equal({ kind: 'not-booked' });
      expect(await world.connector.post(payment)).to.include({ kind: 'rejected', why: 'refused' });
    });

    it('says when a booking can never be taken back', async () => {
      const payment = request({ account: world.usedAccount });
      expect((await world.connector.post(payment)).kind).to.equal('posted');
      expect((await world.connector.cancel(payment.reference)).kind).to.equal('refused');
      expect((await world.connector.findByReference(payment.reference)).kind).to.equal('posted');
    });

    for (const fate of ['http-500', 'html', 'lost-answer'] as const) {
      it(`does not know whether it was taken back on ${fate}`, async () => {
        await world.arrange(fate);
        expect((await world.connector.cancel(newReference(systemChance))).kind).to.equal('unknown');
      });
    }

    for (const fate of ['http-500', 'html'] as const) {
      it(`decides nothing on ${fate}`, async () => {
        const payment = request();
        await world.arrange(fate);
        expect((await world.connector.post(payment)).kind).to.equal('unknown');
        expect((await world.connector.findByReference(payment.reference)).kind).to.equal('unknown');
        expect((await world.connector.lookUp(world.account, 1_000)).kind).to.equal('unknown');
      });
    }

    it('decides nothing when nobody listens', async () => {
      const connector = await world.unreachable();
      expect((await connector.post(request())).kind).to.equal('unknown');
      expect((await connector.findByReference('MAAAAAAAAA')).kind).to.equal('unknown');
      expect(await connector.lookUp(world.account, 1_000)).to.include({ kind: 'unknown', timedOut: false });
    });

    it('lists a booked payment in the statement of its day', async () => {
      const payment = request();
      const posted = await world.connector.post(payment);
      if (posted.kind !== 'posted') throw new Error(`not posted: ${JSON.stringify(posted)}`);
      const lines: StatementLine[] = [];
      for await (const line of world.connector.statement(world.today())) lines.push(line);
      const line = lines.find((one) => one.reference === payment.reference);
      expect(line).to.deep.include({
        account: payment.account,
        amount: payment.amount,
        billerReference: posted.billerReference,
      });
    });

    it('tells unpaid bills of a range of days, page by page, or that it tells none', async () => {
      const range = { fromDay: world.today(), toDay: addDays(world.today(), 30) };
      const bills: DueBill[] = [];
      let cursor: string | null = null;
      do {
        const page: BillsAnswer = await world.connector.dueBills({ ...range, cursor });
        if (world.kind === 'prepaid') return expect(page).to.deep.equal({ kind: 'not-offered' });
        if (page.kind !== 'page') throw new Error(`no page: ${JSON.stringify(page)}`);
        bills.push(...page.bills);
        cursor = page.next;
      } while (cursor !== null);
      expect(bills.length).to.be.at.least(1);
      expect(new Set(bills.map(({ bill }) => bill)).size).to.equal(bills.length);
      for (const { due, dueDay } of bills) {
        expect(due.currency).to.equal(world.currency);
        expect(due.amountMinor > 0n).to.equal(true);
        expect(dueDay >= range.fromDay && dueDay <= range.toDay, dueDay).to.equal(true);
      }
      await world.arrange('html');
      expect((await world.connector.dueBills({ ...range, cursor: null })).kind).to.equal('unknown');
    });

    it('throws rather than end a statement early', async () => {
      await world.arrange('html');
      let thrown: unknown;
      try {
        for await (const _line of world.connector.statement(world.today()));
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.be.instanceOf(Error);
    });
  });
}
