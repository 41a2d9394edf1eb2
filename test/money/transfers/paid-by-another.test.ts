import { expect } from 'chai';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { statusResult } from '../../support/daraja-bodies.ts';
import { type Domain, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes, query } from '../../support/fake-providers.ts';
import { propose, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import {
  current,
  failByCallback,
  masked,
  type Prompted,
  payAtPaybill,
  payByCallback,
  prompt,
  refusalOf,
} from '../../support/stories.ts';

describeOnStores('our reference that another number pays', (stores) => {
  let domain: Domain;
  let asked: Msisdn;
  let other: Msisdn;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    [asked, other] = [newMsisdn(), newMsisdn()];
  });
  staysSound(() => domain);

  const ignored = () => prompt(domain, { dialler: asked, payer: asked });
  const pays = ({ payment }: Prompted, msisdn: string, receipt = newReceipt()): Promise<string> =>
    payAtPaybill(domain, { account: payment.reference.toLowerCase(), msisdn, receipt });
  async function answerStatus(receipt: string, payer: Msisdn): Promise<void> {
    const { statusConversationId, callbackToken } = await domain.transfer({ receipt });
    const about = { conversationId: statusConversationId ?? '', receipt, payer };
    await domain.arrive('status', statusResult(about), callbackToken);
    await domain.runOutbox();
  }
  const paid = async (story: Prompted) => (await current(domain, story.payment.id)).payment;

  it('is booked as paid by whoever the status names; who was asked reads that it is paid', async () => {
    const story = await ignored();
    const receipt = await pays(story, masked(other));
    await domain.runOutbox();
    expect(await domain.transfer({ receipt })).to.include({ payer: null, maskedPayer: masked(other) });
    expect(await paid(story)).to.include({ state: 'posted', payer: null, dialler: asked });
    expect(domain.sms.to(asked)).to.have.length(1);
    expect(domain.sms.to(asked)[0]).to.include('paid KES 500.00 for 100200300').and.include(receipt);
    await answerStatus(receipt, other);
    expect(await domain.transfer({ receipt })).to.include({ payer: other });
    expect(await paid(story)).to.include({ payer: other, dialler: asked });
    expect(domain.sms.to(other)).to.have.length(1);
    expect(domain.sms.to(other)[0])
      .to.match(/^Paid KES 500.00 to Maji Water/)
      .and.include(receipt);
    expect(domain.sms.to(asked)).to.have.length(1);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
    expect(await domain.breaks()).to.deep.equal([]);
  });

  it('tells both at once when the whole number is shown', async () => {
    const story = await ignored();
    const receipt = await pays(story, other.slice(1));
    await domain.runOutbox();
    expect(await domain.transfer({ receipt })).to.include({ payer: other });
    expect(await paid(story)).to.include({ state: 'posted', payer: other, dialler: asked });
    expect(domain.sms.to(asked)[0]).to.include('for 100200300');
    expect(domain.sms.to(other)[0]).to.match(/^Paid KES 500.00/);
    expect(domain.operator.statusQuestions).to.deep.equal([]);
  });

  it('stays his who was asked where the mask fits him, or nothing is shown', async () => {
    for (const shown of [masked(asked), asked.slice(1), 'a-hash-of-a-number']) {
      const story = await prompt(domain, { dialler: asked, payer: asked, amount: kes(500) });
      const receipt = await pays(story, shown);
      await domain.runOutbox();
      expect(await domain.transfer({ receipt }), shown).to.include({ payer: asked, maskedPayer: null });
      expect(await paid(story)).to.include({ state: 'posted', payer: asked, dialler: asked });
      await domain.runFor(130_000);
    }
    expect(domain.operator.statusQuestions).to.deep.equal([]);
    expect(domain.sms.to(asked)).to.have.length(3);
  });

  it('goes back to whoever paid, and to nobody before he is known', async () => {
    domain.water.postScript.push({ kind: 'rejected', why: 'refused', description: 'no' });
    const story = await ignored();
    const receipt = await pays(story, masked(other));
    await domain.runOutbox();
    expect((await paid(story)).state).to.equal('refund-due');
    expect(domain.sms.to(asked)).to.have.length(1);
    expect(domain.sms.to(asked)[0]).to.include('goes back to the number that paid');
    const part = () => propose(domain.deps, story.payment.id, { amount: kes(200) });
    expect((await refusalOf(part())).code).to.equal('refund.part-no-number');
    await answerStatus(receipt, other);
    expect(domain.sms.to(other)[0]).to.include('We owe you this money');
    await vote(domain.deps, await part());
    await domain.runOutbox();
    expect(domain.payouts.payouts.map(({ recipient }) => recipient)).to.deep.equal([other]);
    expect(domain.sms.to(asked), 'a part is told to whoever gets it').to.have.length(1);
  });

  it('does not hide that the one who was asked pays as well', async () => {
    const story = await ignored();
    await pays(story, masked(other));
    await domain.runOutbox();
    const receipt = await payByCallback(domain, { ...story, payer: asked });
    await domain.runOutbox();
    expect(await domain.transfer({ receipt })).to.include({ purpose: 'second-money', payer: asked });
    expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
    expect(domain.sms.to(asked).at(-1)).to.include('a second time');
  });

  it('is corrected when the receipt comes after the success', async () => {
    domain.operator.pullScript.push(
      ...Array.from({ length: 2 }, () => ({ kind: 'unknown' as const, code: 'x', description: '' })),
    );
    domain.operator.queryScript.push(query('succeeded', '0'), query('succeeded', '0'));
    const story = await ignored();
    await domain.runFor(200_000);
    expect(await paid(story)).to.include({ state: 'posted', payer: asked });
    const told = domain.sms.to(asked).length;
    const receipt = await pays(story, masked(other));
    await domain.runOutbox();
    expect(await paid(story)).to.include({ payer: null, dialler: asked, operatorReceipt: receipt });
    await answerStatus(receipt, other);
    expect(await paid(story)).to.include({ payer: other, dialler: asked });
    expect(domain.sms.to(other)[0])
      .to.match(/^Paid KES 500.00/)
      .and.include(receipt);
    expect(domain.sms.to(asked)).to.have.length(told);
  });

  it('is shown to a person when nobody can tell whose it was, also after a failure', async () => {
    const story = await ignored();
    await failByCallback(domain, story, 1032);
    await domain.runOutbox();
    await pays(story, masked(other));
    await domain.runFor(4_000_000);
    expect(await paid(story)).to.include({ state: 'posted', payer: null, dialler: asked });
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.deep.equal(['payer-unknown']);
  });

  it('leaves the token to whoever filled in the page', async () => {
    const story = await prompt(domain, { ...({ channel: 'web', dialler: null } as object), payer: asked });
    const receipt = await pays(story, masked(other));
    await domain.runOutbox();
    await answerStatus(receipt, other);
    expect(await paid(story)).to.include({ payer: other, dialler: asked });
    expect(domain.sms.to(asked)[0]).to.include('for 100200300');
    expect(domain.sms.to(other)[0]).not.to.include('100200300');
  });
});
