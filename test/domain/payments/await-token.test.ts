import { expect } from 'chai';
import { getPayment, PaymentTokenSchema, paymentTopic, sendReceiptAgain } from '../../../src/domain/payments/index.ts';
import type { PostedPayment } from '../../../src/providers/billers/index.ts';
import { type Domain, METER, openDomain, staysSound, TOKEN } from '../../support/domain-deps.ts';
import { propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, type Prompted, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };
const PRINTED = '9876-5432-1098-7654-3210';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describeOnStores('a prepaid sale that is booked before its token is there', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const withoutToken = (posted: PostedPayment): PostedPayment => {
    const { units, debtTaken, ...rest } = posted;
    return { ...rest, tokens: [] };
  };
  /** Booked at once, and looked up so many times in vain. */
  function tokenComesAfter(looks: number): void {
    domain.power.postScript.push((request) => withoutToken(domain.power.book(request)));
    for (let look = 0; look < looks; look += 1) {
      domain.power.findScript.push((reference) => {
        const booked = domain.power.booked.get(reference);
        return booked ? withoutToken(booked) : { kind: 'absent' };
      });
    }
  }
  async function booked(): Promise<Prompted> {
    const story = await prompt(domain, PREPAID);
    await payByCallback(domain, story);
    await domain.runOutbox();
    return current(domain, story.payment.id);
  }
  const tokens = (paymentId: string) => domain.deps.database.reader.countBy(PaymentTokenSchema, { paymentId });

  it('stays collected, is only looked up, and has one receipt when the token is there', async () => {
    tokenComesAfter(3);
    const { payment, payer } = await booked();
    expect(payment).to.include({ state: 'collected', postedAtMs: null });
    expect(payment.billerReference, 'kept that it is booked').to.be.a('string');
    expect(domain.sms.to(payer)).to.deep.equal([]);
    expect(await domain.balanceOf('payable:jua-power')).to.equal(0n);
    const view = await getPayment(domain.deps, { id: payment.id, msisdn: payer });
    expect(view.situation).to.equal('token-due');
    const again = sendReceiptAgain(domain.deps, { paymentId: payment.id, msisdn: payer, language: 'en', turnKey: 't' });
    expect((await refusalOf(again)).code).to.equal('receipt.not-yet');

    await domain.runFor(5 * MINUTE_MS);
    const done = await current(domain, payment.id);
    expect(done.payment).to.include({ state: 'posted', units: '23.4 kWh', debtTakenMinor: 5_000n });
    expect([domain.power.posts.length, domain.power.vends, domain.power.finds.length]).to.deep.equal([1, 1, 4]);
    expect(domain.sms.to(payer).filter((text) => text.includes(PRINTED))).to.have.length(1);
    expect(await tokens(payment.id)).to.equal(2);
    await domain.runFor(HOUR_MS);
    expect(domain.power.finds).to.have.length(4);
    expect(domain.sms.to(payer).filter((text) => text.includes(PRINTED))).to.have.length(1);
    expect(await domain.balanceOf('payable:jua-power')).to.equal(-payment.amountMinor);
  });

  it('is told within a minute, is told late, is shown to staff, and is asked about for days', async () => {
    tokenComesAfter(100_000);
    const { payment, payer } = await booked();
    await domain.runFor(MINUTE_MS);
    expect((await domain.messages()).map(({ kind }) => kind)).to.deep.equal(['on-its-way']);
    await domain.runFor(10 * MINUTE_MS);
    const [, late, ...rest] = await domain.messages();
    expect([late?.kind, rest]).to.deep.equal(['late', []]);
    expect(late?.text).to.include("paid; the company's token is not there yet");
    await domain.runFor(2 * HOUR_MS);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.deep.equal(['payment-delayed']);
    expect((await domain.breaks())[0]?.detail).to.match(/token-due since/);
    await domain.runFor(30 * HOUR_MS);
    const looked = domain.power.finds.length;
    await domain.runFor(HOUR_MS);
    expect(domain.power.finds.length - looked, 'every ten minutes or so').to.be.within(4, 9);
    expect(domain.power.posts).to.have.length(1);
    domain.power.findScript.length = 0;
    await domain.runFor(20 * MINUTE_MS);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
    expect(domain.sms.to(payer).filter((text) => text.includes(PRINTED))).to.have.length(1);
  });

  it('is not sent a second time, whatever the biller then says of it', async () => {
    tokenComesAfter(1);
    const { payment } = await booked();
    domain.power.findScript.push({ kind: 'absent' }, { kind: 'unknown', description: 'down' }, { kind: 'absent' });
    await domain.runFor(3 * MINUTE_MS);
    expect(domain.power.posts).to.have.length(1);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
  });

  it('goes on when the process dies after the sale, after it was kept, and after the token came', async () => {
    tokenComesAfter(3);
    const story = await prompt(domain, PREPAID);
    await payByCallback(domain, story);
    const post = domain.handlers.get(paymentTopic.post);
    // Sold, and the answer is not kept.
    domain.power.postScript.unshift((request) => {
      domain.power.postScript.length = 0;
      domain.power.book(request);
      return new Promise<never>(() => {});
    });
    for (const topic of ['inbox.mpesa.stk', 'transfer.succeeded']) {
      const [row] = await domain.rows(topic);
      await domain.handlers.get(topic)?.handle(JSON.parse(row?.payload ?? ''), {} as never);
    }
    const { id } = story.payment;
    void post?.handle({ paymentId: id }, {} as never);
    while (domain.power.posts.length === 0) await new Promise((resolve) => setImmediate(resolve));
    // Looked up and kept; three times at once, and nothing of it is planned again.
    const outcomes = await Promise.all([1, 2, 3].map(() => post?.handle({ paymentId: id }, {} as never)));
    for (const outcome of outcomes) expect(outcome).to.have.nested.property('again.inMs');
    const kept = await current(domain, id);
    expect(kept.payment.state).to.equal('collected');
    expect(kept.payment.billerReference).to.be.a('string');
    await Promise.all([1, 2].map(() => post?.handle({ paymentId: id }, {} as never)));
    await domain.runFor(MINUTE_MS);
    expect((await current(domain, id)).payment.state).to.equal('posted');
    expect([domain.power.posts.length, domain.power.vends, await tokens(id)]).to.deep.equal([1, 1, 2]);
    expect(domain.sms.to(story.payer).filter((text) => text.includes(PRINTED))).to.have.length(1);
  });

  it('is not given back while the biller has it: it must give it up first', async () => {
    tokenComesAfter(100);
    const { payment, payer } = await booked();
    domain.power.cancelScript.push(
      { kind: 'unknown', description: 'down' },
      { kind: 'refused', description: 'the token is being made' },
    );
    const refund = await propose(domain.deps, payment.id);
    await vote(domain.deps, refund);
    await domain.runOutbox();
    expect((await refundNow(domain, refund)).state).to.equal('agreed');
    await domain.runFor(MINUTE_MS);
    expect((await refundNow(domain, refund)).state).to.equal('refused');
    expect((await current(domain, payment.id)).payment.state).to.equal('collected');
    expect(domain.operator.reversals).to.deep.equal([]);

    const second = await propose(domain.deps, payment.id);
    await vote(domain.deps, second);
    await domain.runFor(MINUTE_MS);
    expect((await refundNow(domain, second)).state).to.equal('granted');
    expect((await current(domain, payment.id)).payment.state).to.equal('refund-due');
    expect(domain.operator.reversals).to.have.length(1);
    await domain.runFor(HOUR_MS);
    expect(domain.power.posts, 'nothing is sold for it any more').to.have.length(1);
    expect(domain.sms.to(payer).join()).to.not.include(PRINTED);
  });

  it('waits for the token also of what the biller had lost and books anew', async () => {
    const { payment, payer } = await booked();
    expect(payment.state).to.equal('posted');
    domain.power.booked.delete(payment.reference);
    domain.sms.sent.splice(0);
    domain.power.postScript.push((request) => ({
      ...withoutToken(domain.power.book(request)),
      billerReference: 'ANEW',
    }));
    const anew = () => {
      const [found] = domain.power.booked.values();
      return { ...(found as PostedPayment), billerReference: 'ANEW' };
    };
    domain.power.findScript.push(
      { kind: 'absent' },
      () => withoutToken(anew()),
      () => anew(),
    );
    const work = { topic: paymentTopic.checkBiller, key: `${payment.id}:night`, payload: { paymentId: payment.id } };
    await domain.deps.database.transaction((tx) => domain.deps.outbox.emit(tx, work));
    await domain.runOutbox();
    expect(domain.sms.to(payer)).to.deep.equal([]);
    await domain.runFor(MINUTE_MS);
    expect(domain.sms.to(payer).filter((text) => text.includes(PRINTED))).to.have.length(1);
    expect((await current(domain, payment.id)).payment).to.include({ state: 'posted', billerReference: 'ANEW' });
    expect(domain.power.posts).to.have.length(2);
    expect(TOKEN).to.have.length(20);
  });

  it('is posted without a token at a biller that sells none', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
    expect(domain.sms.to(story.payer)).to.have.length(1);
  });
});
