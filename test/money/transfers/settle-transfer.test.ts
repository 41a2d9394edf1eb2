import { expect } from 'chai';
import { settleTransfer } from '../../../src/money/transfers/index.ts';
import type { Evidence } from '../../../src/providers/operators/index.ts';
import { c2bConfirmation, stkCallback } from '../../support/daraja-bodies.ts';
import { type Domain, inboxStates, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { idsOf, kes, query } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import {
  confirm,
  current,
  failByCallback,
  masked,
  payAtPaybill,
  payByCallback,
  prompt,
} from '../../support/stories.ts';

describeOnStores('settling a transfer', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const applyEvidence = (transferId: string, seen: Evidence) =>
    domain.deps.database.transaction((tx) => settleTransfer(domain.deps, tx, transferId, seen));
  const collected = async () => (await domain.balanceOf('float:mpesa')) / 50_000n;
  const breakTypes = async () => (await domain.breaks()).map(({ breakType }) => breakType).sort();

  it('books a success once, however often and by whomever it is told', async () => {
    const story = await prompt(domain);
    const receipt = await payByCallback(domain, story);
    await payByCallback(domain, story, { receipt });
    await payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer), receipt });
    await domain.runOutbox();
    domain.operator.queryScript.push(query('succeeded', '0'));
    await domain.runFor(8_000_000);
    expect(await collected()).to.equal(1n);
    const { payment, transfer } = await current(domain, story.payment.id);
    expect(transfer).to.include({ state: 'succeeded', receipt });
    expect(payment).to.include({ state: 'posted', operatorReceipt: receipt });
    expect(domain.water.vends).to.equal(1);
    expect(await domain.transfers()).to.have.length(1);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('dates the payment by when the money moved, not by when we heard of it', async () => {
    const story = await prompt(domain);
    const completedAtMs = domain.clock.now();
    await domain.clock.advance(3_600_000);
    await applyEvidence(story.transfer.id, {
      ...{ rank: 'callback', outcome: 'succeeded', code: '0', description: 'late' },
      ...{ receipt: newReceipt(), amount: kes(500), payer: story.payer, completedAtMs },
    });
    await domain.runOutbox();
    const { payment, transfer } = await current(domain, story.payment.id);
    expect(transfer).to.include({ completedAtMs, settledAtMs: domain.clock.now() });
    expect(payment.collectedAtMs).to.equal(completedAtMs);
  });

  for (const order of ['prompt first', 'paybill first', 'at the same time'] as const) {
    it(`makes one payment of a prompt's callback and its paybill confirmation: ${order}`, async () => {
      const story = await prompt(domain);
      const receipt = newReceipt();
      const tell = [
        () => payByCallback(domain, story, { receipt }),
        () => payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer), receipt }),
      ];
      if (order === 'paybill first') tell.reverse();
      for (const one of tell) {
        await one();
        if (order !== 'at the same time') await domain.runOutbox();
      }
      const work = [...(await domain.rows('inbox.mpesa.stk')), ...(await domain.rows('inbox.mpesa.c2b'))];
      await Promise.all(
        work.map(({ topic, payload }) => domain.handlers.get(topic)?.handle(JSON.parse(payload), {} as never)),
      );
      await domain.runOutbox();
      expect(await collected()).to.equal(1n);
      expect(await domain.transfers()).to.have.length(1);
      expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
      expect(domain.water.posts).to.have.length(1);
      expect(await domain.messages()).to.have.length(1);
    });
  }

  it('books one of two workers that apply two confirmations of one receipt', async () => {
    const receipt = newReceipt();
    const msisdn = newMsisdn();
    await payAtPaybill(domain, { msisdn, receipt });
    await payAtPaybill(domain, { msisdn: masked(msisdn), receipt });
    const work = await domain.rows('inbox.mpesa.c2b');
    expect(work).to.have.length(2);
    await Promise.all(
      [...work, ...work].map(({ topic, payload }) =>
        domain.handlers.get(topic)?.handle(JSON.parse(payload), {} as never),
      ),
    );
    await domain.runOutbox();
    expect(await collected()).to.equal(1n);
    expect(await domain.transfers()).to.have.length(1);
  });

  it('asks on the schedule, and takes the list at its word', async () => {
    const story = await prompt(domain);
    const since = domain.clock.now();
    const askedAt: number[] = [];
    for (let step = 0; step < 5; step += 1) {
      domain.operator.queryScript.push(() => {
        askedAt.push((domain.clock.now() - since) / 1_000);
        return query('pending', '4999');
      });
    }
    await domain.runFor(1_000_000);
    const receipt = newReceipt();
    domain.operator.movements.push({
      receipt,
      amount: kes(500),
      account: story.payment.reference,
      shortCode: domain.operator.shortCode,
      completedAtMs: since + 5_000,
      payer: story.payer,
    });
    await domain.runFor(900_000);
    expect(askedAt).to.deep.equal([75, 180, 600]);
    expect((await current(domain, story.payment.id)).payment).to.include({ state: 'posted', operatorReceipt: receipt });
    const kinds = (await domain.messages()).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['unknown', 'late', 'receipt-balance']);
  });

  it('tells the customer once that it is not known, and a person after the last question', async () => {
    const story = await prompt(domain);
    const since = domain.clock.now();
    await domain.runFor(8_000_000);
    expect(domain.operator.queries).to.have.length(5);
    const [unknown, late, ...more] = domain.sms.to(story.payer);
    expect(unknown).to.include('Do not pay again');
    expect(late).to.include('takes long: M-PESA has not said yet');
    expect(more).to.deep.equal([]);
    expect(await breakTypes()).to.deep.equal(['unknown-transfer']);
    const [opened] = await domain.breaks();
    expect(Math.round(((opened?.openedAtMs ?? 0) - since) / 1_000)).to.equal(7_200);
    expect(await collected()).to.equal(0n);
  });

  it('an empty list proves nothing', async () => {
    const story = await prompt(domain);
    domain.operator.pullScript.push(
      { kind: 'movements', movements: [] },
      { kind: 'unknown', code: 'x', description: '' },
    );
    await domain.runFor(200_000);
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('unknown');
  });

  it('a code that proves nothing becomes a failure when a query repeats it, and not before', async () => {
    const story = await prompt(domain);
    await failByCallback(domain, story, 17);
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('unknown');
    domain.operator.queryScript.push(query('unproven', '8006'), query('unproven', '8006'));
    await domain.runFor(75_000);
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('unknown');
    await domain.runFor(105_000);
    expect((await current(domain, story.payment.id)).payment.state).to.equal('failed');
    expect(await collected()).to.equal(0n);
  });

  it('can ask about a prompt whose acknowledgement was lost once its callback has named it', async () => {
    domain.operator.collectScript.push({ kind: 'unknown', code: 'timeout', description: 'no answer' });
    const story = await prompt(domain);
    await failByCallback(domain, story, 17);
    await domain.runOutbox();
    domain.operator.queryScript.push(query('unproven', '17'));
    await domain.runFor(75_000);
    expect(domain.operator.queries.map(({ checkoutRequestId }) => checkoutRequestId)).to.deep.equal([
      idsOf(story.payment.reference).checkoutRequestId,
    ]);
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('failed');
  });

  it('does not book the bare yes of a query while the list can be read and shows nothing', async () => {
    const story = await prompt(domain);
    const since = domain.clock.now();
    for (let times = 0; times < 5; times += 1) domain.operator.queryScript.push(query('succeeded', '0'));
    await domain.runFor(700_000);
    const open = await current(domain, story.payment.id);
    expect(open.transfer).to.include({ state: 'unknown', receipt: null });
    expect(open.payment.state).to.equal('prompting');
    expect(await collected()).to.equal(0n);
    const receipt = newReceipt();
    domain.operator.movements.push({
      receipt,
      amount: kes(500),
      account: story.payment.reference,
      shortCode: domain.operator.shortCode,
      completedAtMs: since + 5_000,
    });
    await domain.runFor(1_800_000);
    const closed = await current(domain, story.payment.id);
    expect(closed.transfer).to.include({ state: 'succeeded', receipt });
    expect(closed.payment).to.include({ state: 'posted', operatorReceipt: receipt });
    expect(await collected()).to.equal(1n);
    expect(await domain.transfers()).to.have.length(1);
  });

  it('gives a yes that no list ever shows to a person', async () => {
    const story = await prompt(domain);
    for (let times = 0; times < 5; times += 1) domain.operator.queryScript.push(query('succeeded', '0'));
    await domain.runFor(8_000_000);
    expect((await current(domain, story.payment.id)).payment.state).to.equal('prompting');
    expect(await breakTypes()).to.deep.equal(['unknown-transfer']);
  });

  it('books a yes that a second query repeats when the list cannot be read, and keeps its receipt open', async () => {
    const story = await prompt(domain);
    const since = domain.clock.now();
    for (let times = 0; times < 2; times += 1) {
      domain.operator.queryScript.push(query('succeeded', '0'));
      domain.operator.pullScript.push({ kind: 'unknown', code: 'none', description: 'no list' });
    }
    await domain.runFor(75_000);
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('unknown');
    await domain.runFor(180_000);
    const open = await current(domain, story.payment.id);
    expect(open.transfer).to.include({ state: 'succeeded', receipt: null });
    expect(open.payment.state).to.equal('posted');
    const receipt = newReceipt();
    domain.operator.movements.push({
      receipt,
      amount: kes(500),
      account: story.payment.reference,
      shortCode: domain.operator.shortCode,
      completedAtMs: since + 5_000,
    });
    await domain.runFor(1_800_000);
    const closed = await current(domain, story.payment.id);
    expect(closed.transfer.receipt).to.equal(receipt);
    expect(closed.payment.operatorReceipt).to.equal(receipt);
    expect(await collected()).to.equal(1n);
    expect(await domain.transfers()).to.have.length(1);
  });

  it('takes a failure back only on proof with a receipt', async () => {
    const story = await prompt(domain);
    await failByCallback(domain, story, 1032);
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment).to.include({
      state: 'failed',
      reason: 'reasons.cancelled',
    });
    await applyEvidence(story.transfer.id, query('succeeded', '0'));
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('failed');
    expect(await breakTypes()).to.deep.equal(['contradiction']);
    await payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer) });
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment).to.include({ state: 'posted', reason: null });
    expect(await collected()).to.equal(1n);
  });

  it('does not say that nothing was charged when the proof of money came before it could', async () => {
    const story = await prompt(domain);
    await failByCallback(domain, story, 1032);
    await payByCallback(domain, story);
    // Both are settled before the news of the first has reached the payment.
    for (const { topic, payload } of await domain.rows('inbox.mpesa.stk')) {
      await domain.handlers.get(topic)?.handle(JSON.parse(payload), {} as never);
    }
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
    expect((await domain.messages()).map(({ kind }) => kind)).to.deep.equal(['receipt-balance']);
  });

  it('undoes no success on a query; a person looks', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    await applyEvidence(story.transfer.id, query('failed', '1032'));
    await failByCallback(domain, story, 1037);
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('succeeded');
    expect(await breakTypes()).to.deep.equal(['contradiction']);
    expect(await collected()).to.equal(1n);
  });

  it('books money that came twice as owed to its payer, once, and tells him', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const second = await payByCallback(domain, story);
    await payByCallback(domain, story, { receipt: second });
    await payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer), receipt: second });
    await domain.runOutbox();
    expect(await domain.balanceOf('float:mpesa')).to.equal(100_000n);
    expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
    expect(await breakTypes()).to.deep.equal(['paid-twice']);
    expect(domain.sms.to(story.payer).filter((text) => text.includes(second))).to.have.length(1);
    expect(domain.water.vends).to.equal(1);
  });

  it('finds out who paid a second time at the paybill, and tells him too', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const receipt = await payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer) });
    await domain.runOutbox();
    domain.operator.movements.push({
      receipt,
      amount: kes(500),
      account: story.payment.reference,
      shortCode: domain.operator.shortCode,
      completedAtMs: domain.clock.now(),
      payer: story.payer,
    });
    await domain.runFor(3_600_000);
    expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
    expect(domain.sms.to(story.payer).filter((text) => text.includes(receipt))).to.have.length(1);
    expect(domain.failures).to.deep.equal([]);
  });

  it('gives no dead work when the list later names who paid a second time', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const receipt = await payAtPaybill(domain, { account: story.payment.reference, msisdn: masked(story.payer) });
    await domain.runOutbox();
    await payAtPaybill(domain, { account: story.payment.reference, msisdn: story.payer, receipt });
    await domain.runFor(20_000_000);
    expect(domain.failures.map(({ topic }) => topic)).to.deep.equal([]);
  });

  it('books a receipt once when it was taken for a paybill payment before its prompt told of it', async () => {
    const story = await prompt(domain);
    const receipt = await payAtPaybill(domain, { msisdn: story.payer });
    await domain.runOutbox();
    await payByCallback(domain, story, { receipt });
    await domain.runFor(20_000_000);
    expect(await collected()).to.equal(1n);
    expect(await breakTypes()).to.include('callback-unmatched');
  });

  it('changes nothing on another amount; a person looks', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story, { amount: kes(5) });
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).transfer).to.include({ state: 'submitted', receipt: null });
    expect(await collected()).to.equal(0n);
    expect(await inboxStates(domain)).to.deep.equal(['staff']);
    expect(await breakTypes()).to.deep.equal(['callback-unmatched']);
  });

  it('changes nothing when another payer is named, or token and request id disagree', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, { ...story, payer: newMsisdn() });
    const { checkoutRequestId } = idsOf('MOTHER');
    const paid = { amount: kes(500), receipt: newReceipt(), payer: story.payer, atMs: domain.clock.now() };
    await domain.arrive('stk', stkCallback({ checkoutRequestId, paid }), story.transfer.callbackToken);
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).transfer.state).to.equal('submitted');
    expect(await inboxStates(domain)).to.deep.equal(['staff', 'staff']);
    expect(await collected()).to.equal(0n);
  });

  it('keeps a callback that fits nothing and matches it when the prompt is there', async () => {
    const story = await confirm(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect(await inboxStates(domain)).to.deep.equal(['unmatched']);
    expect(await collected()).to.equal(0n);
    await domain.runFor(10_000);
    expect(await inboxStates(domain)).to.deep.equal(['applied']);
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
  });

  it('gives a callback that still fits nothing after ten minutes to staff', async () => {
    const paid = { amount: kes(500), receipt: newReceipt(), payer: newMsisdn(), atMs: domain.clock.now() };
    await domain.arrive('stk', stkCallback({ checkoutRequestId: 'ws_CO_nobody', paid }), 'f'.repeat(40));
    await domain.arrive('stk', stkCallback({ checkoutRequestId: 'ws_CO_nobody', paid }));
    await domain.runFor(590_000);
    expect(await inboxStates(domain)).to.deep.equal(['unmatched', 'unmatched']);
    await domain.runFor(120_000);
    expect(await inboxStates(domain)).to.deep.equal(['staff', 'staff']);
    expect(await breakTypes()).to.deep.equal(['callback-unmatched', 'callback-unmatched']);
    expect(await collected()).to.equal(0n);
  });

  it("finds a prompt by the operator's own id when the address has no token", async () => {
    const story = await prompt(domain);
    const { checkoutRequestId } = idsOf(story.payment.reference);
    const paid = { amount: kes(500), receipt: newReceipt(), payer: story.payer, atMs: domain.clock.now() };
    await domain.arrive('stk', stkCallback({ checkoutRequestId, paid }));
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
  });

  it('keeps a contradicting callback beside the first, and the same one once', async () => {
    const story = await prompt(domain);
    const { checkoutRequestId } = idsOf(story.payment.reference);
    const body = stkCallback({ checkoutRequestId, code: 1032 });
    expect(await domain.arrive('stk', body, story.transfer.callbackToken)).to.equal(true);
    expect(await domain.arrive('stk', body, story.transfer.callbackToken)).to.equal(false);
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect(await inboxStates(domain)).to.deep.equal(['applied', 'applied']);
    expect(await collected()).to.equal(1n);
  });

  it('tells another amount under a known receipt to a person', async () => {
    const story = await prompt(domain);
    const receipt = await payByCallback(domain, story);
    await domain.runOutbox();
    await payAtPaybill(domain, { account: story.payment.reference, msisdn: story.payer, receipt, amount: kes(700) });
    await domain.runOutbox();
    expect(await collected()).to.equal(1n);
    expect(await breakTypes()).to.have.length(1);
  });

  it('books nothing that came to another short code', async () => {
    const atMs = domain.clock.now();
    const body = { receipt: newReceipt(), amount: kes(500), account: '100200300', msisdn: newMsisdn(), atMs };
    await domain.arrive('c2b', c2bConfirmation({ ...body, shortCode: '600000' }));
    await domain.runOutbox();
    expect(await inboxStates(domain)).to.deep.equal(['staff']);
    expect(await collected()).to.equal(0n);
  });
});
