import { expect } from 'chai';
import { paymentTopic } from '../../../src/domain/payments/index.ts';
import { type Domain, METER, openDomain, staysSound } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, type Prompted, payByCallback, prompt } from '../../support/stories.ts';

const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };

describeOnStores("a payment that a biller's statement does not show", (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  async function posted(request: Parameters<typeof prompt>[1] = {}): Promise<Prompted> {
    const story = await prompt(domain, request);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const now = await current(domain, story.payment.id);
    expect(now.payment.state).to.equal('posted');
    return now;
  }
  let looks = 0;
  /** What a night plans. */
  async function plan({ payment }: Prompted): Promise<void> {
    looks += 1;
    const work = {
      topic: paymentTopic.checkBiller,
      key: `${payment.id}:${looks}`,
      payload: { paymentId: payment.id },
    };
    await domain.deps.database.transaction((tx) => domain.deps.outbox.emit(tx, work));
    await domain.runOutbox();
  }
  async function check(paid: Prompted): Promise<Prompted> {
    await plan(paid);
    return current(domain, paid.payment.id);
  }

  it('is looked up by our reference, and left alone where the biller has it', async () => {
    const paid = await posted();
    const [posts, texts] = [domain.water.posts.length, domain.sms.sent.length];
    const { payment } = await check(paid);
    expect(domain.water.finds).to.include(paid.payment.reference);
    expect(payment).to.deep.equal(paid.payment);
    expect([domain.water.posts.length, domain.sms.sent.length]).to.deep.equal([posts, texts]);
  });

  it('is booked again under the same reference where it is absent, and its new tokens are told', async () => {
    const paid = await posted(PREPAID);
    domain.power.booked.delete(paid.payment.reference);
    domain.sms.sent.splice(0);
    const { payment } = await check(paid);
    expect(domain.power.booked.has(paid.payment.reference)).to.equal(true);
    expect(payment).to.include({ state: 'posted', reference: paid.payment.reference });
    const again = await check(paid);
    expect(again.payment).to.deep.equal(payment);
    expect(domain.power.vends, 'sold anew once, not at every look').to.equal(2);
  });

  it('waits for a biller that does not answer, and books nothing on its silence', async () => {
    const paid = await posted();
    const posts = domain.water.posts.length;
    domain.water.findScript.push({ kind: 'unknown', description: 'no answer' });
    await plan(paid);
    expect(domain.water.posts.length).to.equal(posts);
    const finds = domain.water.finds.length;
    await domain.runFor(20 * 60_000);
    expect(domain.water.finds.length, 'asked again').to.be.greaterThan(finds);
    expect(domain.water.posts.length).to.equal(posts);
  });

  it('is still owed to a biller that lacks it and refuses it now: a person decides', async () => {
    const paid = await posted();
    domain.water.booked.delete(paid.payment.reference);
    domain.water.postScript.push({ kind: 'rejected', why: 'account-closed', description: 'moved away' });
    const { payment } = await check(paid);
    expect(payment.state).to.equal('posted');
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-paid.payment.amountMinor);
  });
});
