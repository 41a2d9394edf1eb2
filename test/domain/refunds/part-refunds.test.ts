import { expect } from 'chai';
import { CustomerSchema } from '../../../src/domain/customers/index.ts';
import type { Payment } from '../../../src/domain/payments/index.ts';
import { givenBackOf, type Refund } from '../../../src/domain/refunds/index.ts';
import { paymentOfSubject, paymentStory } from '../../../src/domain/stories/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { applyReversal, type Transfer } from '../../../src/money/transfers/index.ts';
import { type Domain, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { answer, tell } from '../../support/payout-stories.ts';
import { propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { payAtPaybill, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const DAY_MS = 86_400_000;

describeOnStores('a refund in part', (stores) => {
  let domain: Domain;
  let payer: Msisdn;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    payer = newMsisdn();
  });
  staysSound(() => domain);

  /** Money for an account that does not exist. */
  async function lost(): Promise<Payment> {
    const receipt = await payAtPaybill(domain, { account: 'NOBODY', msisdn: payer, amount: kes(500) });
    await domain.runOutbox();
    const payment = await domain.payment({ operatorReceipt: receipt });
    expect(payment.state).to.equal('suspense');
    return payment;
  }
  /** Proposed, agreed to and handed to the operator. */
  async function granted({ id }: Payment, shillings: number): Promise<Refund> {
    const refund = await propose(domain.deps, id, { amount: kes(shillings) });
    await vote(domain.deps, refund);
    await domain.runOutbox();
    return refundNow(domain, refund);
  }
  const payoutOf = (refund: Refund): Promise<Transfer> => domain.transfer({ id: refund.reversalId ?? '' });
  const stateOf = async (refund: Refund) => (await refundNow(domain, refund)).state;
  const books = async (...accounts: string[]) => Promise.all(accounts.map((account) => domain.balanceOf(account)));
  const breaks = async () => (await domain.breaks()).map(({ breakType }) => breakType);
  const told = () => domain.sms.to(payer).at(-1);

  it('is paid out to whoever paid, before any list, and tells him; the last part ends the payment', async () => {
    const payment = await lost();
    const refund = await granted(payment, 200);
    expect(refund).to.include({ kind: 'part', state: 'granted', amountMinor: 20_000n });
    const payout = await payoutOf(refund);
    expect(payout).to.include({ route: 'payout', state: 'submitted', purposeId: refund.id, payer });
    expect(domain.payouts.payouts).to.deep.include.members([
      {
        ...{ reference: payout.reference, callbackToken: payout.callbackToken, amount: kes(200), recipient: payer },
        ...{ purpose: 'business', remarks: `Refund ${payment.reference}` },
      },
    ]);
    const [row] = await domain.rows('transfer.pay-out');
    expect(JSON.parse(row?.payload ?? '{}')).to.include({ turn: 'first' });
    expect(await books('suspense', 'reserved:mpesa', 'float:mpesa')).to.deep.equal([-30_000n, -20_000n, 50_000n]);
    expect(told()).to.include('KES 200.00').and.include('An SMS tells you when');
    const receipt = await tell(domain, payout);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    expect(told()).to.include('paid you KES 200.00').and.include(receipt);
    expect(await books('suspense', 'reserved:mpesa', 'float:mpesa')).to.deep.equal([-30_000n, 0n, 30_000n]);
    expect((await domain.payment({ id: payment.id })).state).to.equal('suspense');

    const rest = await propose(domain.deps, payment.id);
    expect(rest).to.include({ kind: 'part', amountMinor: 30_000n });
    await vote(domain.deps, rest);
    await domain.runOutbox();
    await tell(domain, await payoutOf(await refundNow(domain, rest)));
    await domain.runOutbox();
    expect((await domain.payment({ id: payment.id })).state).to.equal('refunded');
    expect(await books('suspense', 'reserved:mpesa', 'float:mpesa')).to.deep.equal([0n, 0n, 0n]);
    expect((await givenBackOf(domain.deps.database, [payment])).get(payment.id)).to.equal(50_000n);
    expect(domain.operator.reversals).to.deep.equal([]);
    const story = await paymentStory(domain.deps, payment.id);
    expect(story?.transfers.filter(({ route }) => route === 'payout')).to.have.length(2);
    expect(await paymentOfSubject(domain.deps, payout.id)).to.equal(payment.id);
  });

  it('never gives more than came, however many propose at once, and takes the votes of the whole', async () => {
    const payment = await lost();
    const many = await Promise.allSettled(
      ['amina', 'daniel', 'grace', 'zoe'].map((by) => propose(domain.deps, payment.id, { by, amount: kes(200) })),
    );
    const refused = many.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.map(({ code }) => code)).to.deep.equal(['refund.too-much', 'refund.too-much']);
    expect(refused[0].details).to.deep.equal({ most: kes(100) });
    await propose(domain.deps, payment.id, { amount: kes(100) });
    expect((await refusalOf(propose(domain.deps, payment.id))).code).to.equal('refund.already');

    const receipt = await payAtPaybill(domain, { account: 'NOBODY', msisdn: payer, amount: kes(20_000) });
    await domain.runOutbox();
    const large = await domain.payment({ operatorReceipt: receipt });
    const small = await propose(domain.deps, large.id, { amount: kes(9_000) });
    await vote(domain.deps, small, { by: 'grace', roles: ['finance'] });
    const second = await propose(domain.deps, large.id, { amount: kes(9_000) });
    const finance = vote(domain.deps, second, { by: 'grace', roles: ['finance'] });
    expect((await refusalOf(finance)).code, 'in pieces it is no smaller').to.equal('approval.role');
  });

  it('asks about what is not known, and pays by no other way meanwhile', async () => {
    domain.payouts.payScript.push({ kind: 'unknown', code: 'http-500', description: '' });
    const payment = await lost();
    const refund = await granted(payment, 200);
    expect((await payoutOf(refund)).state).to.equal('unknown');
    expect((await refusalOf(propose(domain.deps, payment.id, { amount: kes(500) }))).code).to.equal('refund.too-much');
    await domain.runFor(80_000);
    expect(domain.payouts.statusQuestions).to.have.length(1);
    await answer(domain, await payoutOf(refund), { amount: kes(200), payer });
    expect(await stateOf(refund)).to.equal('paid');
    expect(domain.payouts.payouts).to.have.length(1);
    expect(await books('suspense', 'reserved:mpesa')).to.deep.equal([-30_000n, 0n]);
  });

  it('is owed again after a proven failure, and decided anew; late proof of money still counts', async () => {
    const payment = await lost();
    const refund = await granted(payment, 200);
    const payout = await payoutOf(refund);
    await tell(domain, payout, { code: '2040' });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('failed');
    expect(told()).to.include('We still owe it to you');
    expect(await breaks()).to.include('refund-failed');
    expect(await books('suspense', 'reserved:mpesa')).to.deep.equal([-50_000n, 0n]);
    const again = await propose(domain.deps, payment.id, { amount: kes(500) });
    expect(again.kind, 'nothing was given back: the whole can be reversed').to.equal('whole');
    await vote(domain.deps, again, { verdict: 'reject' });
    await tell(domain, payout);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    expect(await books('suspense', 'reserved:mpesa')).to.deep.equal([-30_000n, 0n]);
    expect(await breaks()).to.include('contradiction');
  });

  it('is owed again when it comes back, also when it had ended the payment', async () => {
    const payment = await lost();
    const parts = [await granted(payment, 200), await granted(payment, 300)] as const;
    for (const refund of parts) await tell(domain, await payoutOf(refund));
    await domain.runOutbox();
    expect((await domain.payment({ id: payment.id })).state).to.equal('refunded');
    const { receipt, payer: to } = await payoutOf(parts[0]);
    expect(to).to.equal(payer);
    const line = {
      receipt: newReceipt(),
      ofReceipt: receipt ?? '',
      amount: kes(200),
      completedAtMs: domain.clock.now(),
    };
    await domain.deps.database.transaction((tx) => applyReversal(domain.deps, tx, 'mpesa', line, 'statement'));
    await domain.runOutbox();
    expect(await stateOf(parts[0])).to.equal('failed');
    expect((await domain.payment({ id: payment.id })).state).to.equal('refund-due');
    expect(await books('suspense', 'owed-to-customers', 'reserved:mpesa')).to.deep.equal([0n, -20_000n, 0n]);
    const again = await granted(payment, 200);
    await tell(domain, await payoutOf(again));
    await domain.runOutbox();
    expect((await domain.payment({ id: payment.id })).state).to.equal('refunded');
    expect(await books('owed-to-customers', 'reserved:mpesa', 'float:mpesa')).to.deep.equal([0n, 0n, 0n]);
  });

  it('is not sent when the operator takes all of it back meanwhile; what had gone out is shown to a person', async () => {
    const takeBack = async ({ operatorReceipt }: Payment) => {
      const at = { completedAtMs: domain.clock.now() };
      const line = { receipt: newReceipt(), ofReceipt: operatorReceipt ?? '', amount: kes(500), ...at };
      await domain.deps.database.transaction((tx) => applyReversal(domain.deps, tx, 'mpesa', line, 'statement'));
      await domain.runOutbox();
    };
    const payment = await lost();
    const sent = await granted(payment, 200);
    await tell(domain, await payoutOf(sent));
    await domain.runOutbox();
    const spike = { kind: 'not-sent', why: 'pace', retryAfterMs: 60_000, code: '500.003.02', description: '' } as const;
    domain.payouts.payScript.push(spike);
    await granted(await lost(), 100);
    const waiting = await granted(payment, 100);
    expect((await payoutOf(waiting)).state, 'the operator is slow').to.equal('requested');
    await takeBack(payment);
    expect(await stateOf(waiting)).to.equal('failed');
    expect(await stateOf(sent)).to.equal('paid');
    expect(await breaks()).to.include('contradiction');
    expect((await domain.payment({ id: payment.id })).state).to.equal('refunded');
    // What was paid out and then taken back again is missing from what others are owed.
    expect(await books('suspense', 'taken-back')).to.deep.equal([-40_000n + 20_000n, 0n]);
  });

  it('is refused of what a biller has, of what is no whole shilling, and where the number is unknown or another’s', async () => {
    const refusal = async (id: string, amount = kes(100), transferId?: string) =>
      (await refusalOf(propose(domain.deps, id, { amount, ...(transferId ? { transferId } : {}) }))).code;
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect(await refusal(story.payment.id)).to.equal('refund.part-with-biller');
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { id: second } = await domain.transfer({ purpose: 'second-money' });
    const part = await propose(domain.deps, story.payment.id, { amount: kes(100), transferId: second });
    expect(part.kind, 'it came twice, and no biller has that').to.equal('part');

    const payment = await lost();
    expect(await refusal(payment.id, kes(0.5))).to.equal('refund.part-whole-units');
    const operators = domain.deps.payoutOperators;
    domain.deps.payoutOperators = new Map([['mpesa', { ...domain.payouts, shortCode: undefined }]]);
    expect(await refusal(payment.id)).to.equal('refund.part-not-set-up');
    domain.deps.payoutOperators = operators;
    await domain.runFor(181 * DAY_MS);
    expect(await refusal(payment.id), 'the number was idle').to.equal('refund.part-other-owner');
    const seen = { lastSeenAtMs: domain.clock.now(), ownerSinceMs: domain.clock.now() };
    await domain.deps.database.transaction((tx) => tx.update(CustomerSchema, { msisdn: payer }, seen));
    expect(await refusal(payment.id)).to.equal('refund.part-other-owner');
  });
});
