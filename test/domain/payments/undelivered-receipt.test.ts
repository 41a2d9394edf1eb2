import { expect } from 'chai';
import { findUndeliveredReceipt, sendReceiptAgain } from '../../../src/domain/payments/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import type { SmsAnswer } from '../../../src/providers/sms/index.ts';
import { type Domain, METER, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payByCallback, prompt } from '../../support/stories.ts';

const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };
const TOKENS = ['1111-2222-3333-4444-5555', '9876-5432-1098-7654-3210'];
const BLACKLISTED: SmsAnswer = { kind: 'rejected', code: '406', description: 'UserInBlacklist' };

describeOnStores('a receipt that cannot be delivered', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const pay = async (request: Parameters<typeof prompt>[1], ...answers: SmsAnswer[]) => {
    domain.sms.script.push(...answers);
    const story = await prompt(domain, request);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { payment } = await current(domain, story.payment.id);
    expect(payment.state).to.equal('posted');
    const find = (msisdn: Msisdn) => findUndeliveredReceipt(domain.deps, { paymentId: payment.id, msisdn });
    return { ...story, payment, find };
  };

  it('is read by whoever it was for, once it was refused for good, and by nobody else', async () => {
    const { payer, find } = await pay(PREPAID, BLACKLISTED);
    expect(await find(payer)).to.deep.equal({ tokens: TOKENS, units: '23.4 kWh', debtTaken: kes(50) });
    expect(await find(newMsisdn())).to.equal(undefined);
    const water = await pay({ dialler: newMsisdn() }, BLACKLISTED, BLACKLISTED);
    expect(await water.find(water.payment.dialler as Msisdn)).to.deep.equal({ tokens: [], balance: kes(750) });
  });

  it('is none while it was not refused: sent, or still tried', async () => {
    const sent = await pay(PREPAID);
    expect(await sent.find(sent.payer)).to.equal(undefined);
    const later = await pay({ ...PREPAID, dialler: newMsisdn() }, { kind: 'later', code: '500', description: 'busy' });
    expect(await later.find(later.payment.dialler as Msisdn)).to.equal(undefined);
  });

  it('shows tokens to the one who dialled, and to who only paid none', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    const { find } = await pay({ ...PREPAID, dialler, payer }, BLACKLISTED, BLACKLISTED);
    expect(await find(payer)).to.deep.equal({ tokens: [] });
    expect((await find(dialler))?.tokens).to.deep.equal(TOKENS);
  });

  it('stays while one more try is under way or refused too, and goes when one is taken', async () => {
    const { payment, payer, find } = await pay(PREPAID, BLACKLISTED);
    const again = (turnKey: string) =>
      sendReceiptAgain(domain.deps, { paymentId: payment.id, msisdn: payer, language: 'en', turnKey });
    domain.sms.script.push(BLACKLISTED);
    await again('one');
    expect((await find(payer))?.tokens, 'not sent yet').to.deep.equal(TOKENS);
    await domain.runOutbox();
    expect((await find(payer))?.tokens).to.deep.equal(TOKENS);
    await again('two');
    await domain.runOutbox();
    expect(await find(payer)).to.equal(undefined);
  });
});
