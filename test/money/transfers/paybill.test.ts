import { expect } from 'chai';
import { linkAccount } from '../../../src/domain/accounts/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { pullMovements } from '../../../src/money/transfers/index.ts';
import { statusResult } from '../../support/daraja-bodies.ts';
import {
  type Domain,
  inboxStates,
  METER,
  newMsisdn,
  newReceipt,
  openDomain,
  staysSound,
  WATER_ACCOUNT,
} from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm, masked, payAtPaybill } from '../../support/stories.ts';

describeOnStores('paying at the paybill', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const paybill = () => domain.payment({ channel: 'paybill' });
  const breakTypes = async () => (await domain.breaks()).map(({ breakType }) => breakType);
  const link = (msisdn: Msisdn) =>
    linkAccount(domain.deps, {
      msisdn,
      language: 'sw',
      billerId: 'maji-water',
      account: WATER_ACCOUNT,
      holder: 'J***',
    });

  it('books at the biller whose accounts look so, and sends the payer his receipt', async () => {
    const msisdn = newMsisdn();
    await payAtPaybill(domain, { account: ' 100-200 300 ', msisdn });
    await domain.runOutbox();
    expect(await paybill()).to.include({
      state: 'posted',
      billerId: 'maji-water',
      account: WATER_ACCOUNT,
      payer: msisdn,
    });
    expect(domain.sms.to(msisdn)).to.have.length(1);
    await payAtPaybill(domain, { account: METER, msisdn, amount: kes(100) });
    await domain.runOutbox();
    expect(domain.sms.to(msisdn)[1]).to.include('9876-5432-1098-7654-3210');
    expect(await domain.balanceOf('payable:jua-power')).to.equal(-10_000n);
  });

  it('keeps money for an unknown account apart, and tells a payer who is known', async () => {
    const msisdn = newMsisdn();
    for (const account of ['999100', 'JANE WANJIKU', '']) await payAtPaybill(domain, { account, msisdn });
    await domain.runOutbox();
    expect(await domain.balanceOf('suspense')).to.equal(-150_000n);
    expect(await domain.balanceOf('collected-unposted')).to.equal(0n);
    expect(domain.sms.to(msisdn)).to.have.length(3);
    expect(domain.sms.to(msisdn).filter((text) => text.includes('Your money is safe'))).to.have.length(3);
  });

  it('tells a masked payer of an unknown account once he is known', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { account: 'WRONG', msisdn: masked(msisdn) });
    await domain.runOutbox();
    expect(await paybill()).to.include({ state: 'suspense', payer: null });
    expect(domain.sms.sent).to.have.length(0);
    await answerStatus(receipt, msisdn);
    await domain.runOutbox();
    expect(domain.sms.to(msisdn)).to.have.length(1);
    expect(domain.sms.to(msisdn)[0]).to.include(receipt);
  });

  async function answerStatus(
    receipt: string,
    payer: string,
    patch: { conversationId?: string; token?: string; code?: string; status?: string } = {},
  ): Promise<void> {
    const transfer = await domain.transfer({ receipt });
    const { conversationId = transfer.statusConversationId ?? '', token = transfer.callbackToken, ...rest } = patch;
    await domain.arrive('status', statusResult({ conversationId, receipt, payer, ...rest }), token);
  }

  it('finds a masked payer by the status that it asked for', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { msisdn: masked(msisdn) });
    await domain.runOutbox();
    const transfer = await domain.transfer({ receipt });
    expect(domain.operator.statusQuestions).to.deep.equal([{ receipt, token: transfer.callbackToken }]);
    expect((await paybill()).state).to.equal('posted');
    expect(domain.sms.sent).to.have.length(0);
    await answerStatus(receipt, msisdn);
    await answerStatus(receipt, msisdn, { status: 'completed' });
    await domain.runOutbox();
    expect(await paybill()).to.include({ payer: msisdn, dialler: msisdn });
    expect(domain.sms.to(msisdn)).to.have.length(1);
    expect(await inboxStates(domain)).to.deep.equal(['applied', 'applied', 'repeated']);
    await domain.runFor(4_000_000);
    expect(domain.operator.statusQuestions).to.have.length(1);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('believes no status of another token, conversation or receipt, or one that is not completed', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { msisdn: masked(msisdn) });
    await domain.runOutbox();
    await answerStatus(receipt, msisdn, { token: 'a'.repeat(40) });
    await answerStatus(receipt, msisdn, { conversationId: 'AG_other' });
    await answerStatus(receipt, msisdn, { code: '2032' });
    await answerStatus(receipt, msisdn, { status: 'Declined' });
    const { statusConversationId, callbackToken } = await domain.transfer({ receipt });
    const about = { conversationId: statusConversationId ?? '', receipt: newReceipt(), payer: msisdn };
    await domain.arrive('status', statusResult(about), callbackToken);
    await domain.runOutbox();
    expect((await paybill()).payer).to.equal(null);
    expect((await inboxStates(domain)).slice(1)).to.deep.equal([
      'unmatched',
      'unmatched',
      'repeated',
      'repeated',
      'staff',
    ]);
  });

  it('takes a status that comes before its question was acknowledged', async () => {
    const msisdn = newMsisdn();
    domain.operator.statusScript.push(async (question) => {
      await answerStatus('receipt' in question ? question.receipt : '', msisdn, { conversationId: 'AG_early' });
      return { kind: 'accepted', conversationId: 'AG_early' };
    });
    await payAtPaybill(domain, { msisdn: masked(msisdn) });
    await domain.runFor(10_000);
    expect((await paybill()).payer).to.equal(msisdn);
  });

  it('calls nobody for the late answer of a question that was asked again', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { msisdn: masked(msisdn) });
    await domain.runFor(16_000);
    expect(domain.operator.statusQuestions).to.have.length(2);
    await answerStatus(receipt, msisdn, { conversationId: 'AG_1' });
    await answerStatus(receipt, msisdn, { conversationId: 'AG_2' });
    await domain.runFor(900_000);
    expect((await paybill()).payer).to.equal(msisdn);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('books nothing more when a receipt is told again with another amount; a person looks', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { msisdn });
    await domain.runOutbox();
    await payAtPaybill(domain, { msisdn, receipt, amount: kes(900) });
    await domain.runOutbox();
    expect(await domain.balanceOf('float:mpesa')).to.equal(50_000n);
    expect(await domain.transfers()).to.have.length(1);
    expect(domain.sms.to(msisdn)).to.have.length(1);
    expect(await breakTypes()).to.deep.equal(['contradiction']);
  });

  it('finds a masked payer in the list', async () => {
    const msisdn = newMsisdn();
    const receipt = await payAtPaybill(domain, { msisdn: masked(msisdn) });
    domain.operator.statusScript.push({ kind: 'unknown', code: 'x', description: '' });
    const { shortCode } = domain.operator;
    const completedAtMs = domain.clock.now();
    domain.operator.movements.push({
      receipt,
      amount: kes(500),
      account: WATER_ACCOUNT,
      shortCode,
      completedAtMs,
      payer: msisdn,
    });
    await domain.runFor(20_000);
    expect((await paybill()).payer).to.equal(msisdn);
    expect(domain.sms.to(msisdn)).to.have.length(1);
    expect(await domain.transfers()).to.have.length(1);
  });

  it('finds him as the only linked number that fits the mask, in the end', async () => {
    const [payer, stranger] = ['+254711000126', '+254711000999'] as Msisdn[] as [Msisdn, Msisdn];
    await link(payer);
    await link(stranger);
    await payAtPaybill(domain, { msisdn: '2547 ***** 126' });
    await domain.runFor(1_000_000);
    expect((await paybill()).payer).to.equal(null);
    await domain.runFor(2_000_000);
    expect(await paybill()).to.include({ payer, language: 'sw' });
    expect(domain.sms.to(payer)).to.have.length(1);
    expect(domain.sms.to(stranger)).to.have.length(0);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('never guesses between two linked numbers, nor among none', async () => {
    await link('+254711000126' as Msisdn);
    await link('+254722000126' as Msisdn);
    await payAtPaybill(domain, { msisdn: '2547 ***** 126' });
    await payAtPaybill(domain, { account: '888777', msisdn: '2547 ***** 555' });
    await domain.runFor(4_000_000);
    expect(domain.sms.sent).to.have.length(0);
    expect(await breakTypes()).to.deep.equal(['payer-unknown', 'payer-unknown']);
    for (const { payer } of await domain.transfers()) expect(payer).to.equal(null);
  });

  it("does not take a number's former owner for the payer", async () => {
    const former = '+254711000126' as Msisdn;
    await link(former);
    await domain.clock.advance(181 * 24 * 3_600_000);
    await payAtPaybill(domain, { msisdn: masked(former) });
    await domain.runFor(4_000_000);
    expect(domain.sms.sent).to.have.length(0);
    expect(await breakTypes()).to.deep.equal(['payer-unknown']);
  });

  it('takes our reference with another amount as money for the same account', async () => {
    const { payment } = await confirm(domain);
    const msisdn = newMsisdn();
    await payAtPaybill(domain, { account: payment.reference.toLowerCase(), msisdn, amount: kes(300) });
    await domain.runFor(1_000);
    expect(await paybill()).to.include({
      billerId: 'maji-water',
      account: WATER_ACCOUNT,
      state: 'posted',
      payer: msisdn,
    });
  });

  it('books from the list what was never confirmed, and each line once', async () => {
    const now = domain.clock.now();
    const { shortCode } = domain.operator;
    for (let line = 0; line < 5; line += 1) {
      const movement = {
        receipt: newReceipt(),
        amount: kes(100),
        account: WATER_ACCOUNT,
        shortCode,
        completedAtMs: now,
      };
      domain.operator.movements.push({ ...movement, payer: newMsisdn() });
    }
    const pull = () => pullMovements(domain.deps, 'mpesa', now - 1_000, now + 1_000);
    expect(await Promise.all([pull(), pull()])).to.deep.equal([5, 5]);
    await pull();
    await domain.runOutbox();
    expect(await domain.transfers()).to.have.length(5);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
    expect(domain.sms.sent).to.have.length(5);
  });

  it('books the rest of a list of which one line cannot be booked', async () => {
    const now = domain.clock.now();
    const line = { amount: kes(100), account: WATER_ACCOUNT, shortCode: domain.operator.shortCode, completedAtMs: now };
    domain.operator.movements.push(
      { ...line, receipt: 'X'.repeat(60), amount: kes(0) },
      { ...line, receipt: newReceipt() },
    );
    await Promise.allSettled([pullMovements(domain.deps, 'mpesa', now - 1_000, now + 1_000)]);
    await domain.runOutbox();
    expect(await domain.balanceOf('float:mpesa')).to.equal(10_000n);
  });
});
