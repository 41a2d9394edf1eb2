import { expect } from 'chai';
import { setPromptBlock } from '../../../src/domain/customers/index.ts';
import {
  checkAmount,
  checkPayer,
  findWebPayment,
  getPayment,
  listPayments,
  PaymentEventSchema,
  PaymentSchema,
  paymentUnderWay,
  promptNow,
  releaseHold,
  requestPayment,
  viewPayments,
} from '../../../src/domain/payments/index.ts';
import { Refusal } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { type Domain, newMsisdn, openDomain, requestOf, staysSound, webRequestOf } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm, current, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

describeOnStores('confirming a payment', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const count = (where: object = {}) => domain.deps.database.reader.countBy(PaymentSchema, where);

  it('commits payment, transfer and the work of sending the prompt together', async () => {
    const dialler = newMsisdn();
    const requested = await requestPayment(domain.deps, requestOf({ dialler }));
    expect(requested.kind).to.equal('requested');
    const payment = await domain.payment({ dialler });
    expect(payment).to.include({ state: 'prompting', channel: 'ussd', amountMinor: 50_000n, payer: dialler });
    const transfer = await domain.transfer({ purposeId: payment.id });
    expect(transfer).to.include({ state: 'requested', reference: payment.reference, payer: dialler });
    expect(await domain.rows('transfer.submit')).to.have.length(1);
    const events = await domain.deps.database.reader.findBy(PaymentEventSchema, { paymentId: payment.id });
    expect(events.map(({ fromState, toState }) => `${fromState}>${toState}`).sort()).to.deep.equal([
      'none>requested',
      'requested>prompting',
    ]);
  });

  it('is one payment for ten requests of the same turn at once, and for a late repeat', async () => {
    const request = requestOf({ dialler: newMsisdn() });
    const all = await Promise.all(Array.from({ length: 10 }, () => requestPayment(domain.deps, request)));
    const ids = all.map((one) => (one.kind === 'recent-same' ? 'repeat' : one.payment.id));
    expect(new Set(ids).size).to.equal(1);
    expect(all.every(({ kind }) => kind === 'requested')).to.equal(true);
    await domain.clock.advance(600_000);
    expect((await requestPayment(domain.deps, request)).kind).to.equal('requested');
    expect(await count()).to.equal(1);
    expect(await domain.transfers()).to.have.length(1);
  });

  it('holds the daily limit for confirmations at once, of one payer and of several diallers', async () => {
    const payer = newMsisdn();
    const requests = [payer, newMsisdn(), newMsisdn(), payer].map((dialler, index) =>
      requestOf({ dialler, payer, amount: kes(50_000 + index) }),
    );
    const results = await Promise.allSettled(requests.map((request) => requestPayment(domain.deps, request)));
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(2);
    const payments = await domain.deps.database.reader.findBy(PaymentSchema, { payer });
    expect(payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) <= 15_000_000n).to.equal(true);
  });

  it('takes one payment from the web for ten sendings of a form, and asks at once', async () => {
    const payer = newMsisdn();
    const request = webRequestOf({ payer, turnKey: 'web:form' });
    const all = await Promise.all(Array.from({ length: 10 }, () => requestPayment(domain.deps, request)));
    expect(all.every(({ kind }) => kind === 'requested')).to.equal(true);
    const payment = await domain.payment({ payer });
    expect(payment).to.include({ channel: 'web', dialler: null, sessionKey: null, state: 'prompting' });
    expect(await count()).to.equal(1);
    const [work] = await domain.rows('transfer.submit');
    expect(work?.dueAtMs).to.equal(domain.clock.now());
    expect(await findWebPayment(domain.deps, { requestKey: 'web:form' })).to.include({ id: payment.id });
    expect(await findWebPayment(domain.deps, { requestKey: 'web:other' })).to.equal(undefined);
    const refusal = await refusalOf(requestPayment(domain.deps, webRequestOf({ payer })));
    expect(refusal.code, 'another form, the same amount').to.equal('payer.busy');
  });

  it('asks a number at most three times a day from the web until it has paid there', async () => {
    const payer = newMsisdn();
    const ask = (amount: number) => requestPayment(domain.deps, webRequestOf({ payer, amount: kes(amount) }));
    for (const amount of [50, 51, 52]) await ask(amount);
    expect((await refusalOf(ask(53))).code).to.equal('payer.too-many-prompts');
    expect((await requestPayment(domain.deps, requestOf({ dialler: payer, amount: kes(54) }))).kind).to.equal(
      'requested',
    );
    const [first] = await domain.deps.database.reader.findBy(PaymentSchema, { payer, amountMinor: 5_000n });
    await domain.runFor(0);
    const prompted = await current(domain, first?.id ?? '');
    await payByCallback(domain, prompted, { amount: kes(50) });
    await domain.runFor(60_000);
    expect((await domain.payment({ id: prompted.payment.id })).state).to.equal('posted');
    expect((await ask(55)).kind).to.equal('requested');
    expect((await viewPayments(domain.deps, [prompted.payment.id])).map(({ situation }) => situation)).to.deep.equal([
      'posted',
    ]);
  });

  it('does not wait for itself when two numbers pay for each other at once', async () => {
    const [one, other] = [newMsisdn(), newMsisdn()];
    const requests = Array.from({ length: 4 }, (_unused, index) => [
      requestOf({ dialler: one, payer: other, amount: kes(100 + index) }),
      requestOf({ dialler: other, payer: one, amount: kes(200 + index) }),
    ]).flat();
    const results = await Promise.allSettled(requests.map((request) => requestPayment(domain.deps, request)));
    const faults = results.filter((result) => result.status === 'rejected' && !(result.reason instanceof Refusal));
    expect(faults).to.deep.equal([]);
    expect(await count()).to.equal(6);
  });

  it('makes no second prompt for the same payer and amount; the first one is shown', async () => {
    const dialler = newMsisdn();
    const first = await prompt(domain, { dialler });
    const again = await requestPayment(domain.deps, requestOf({ dialler, account: '555666' }));
    expect(again).to.deep.include({ kind: 'recent-same', retryAtMs: first.payment.createdAtMs + 120_000 });
    expect(again.kind === 'recent-same' && again.first.id).to.equal(first.payment.id);
    await domain.runFor(10_000);
    expect(domain.operator.collects).to.have.length(1);
    await domain.clock.advance(120_000 - 13_000 - 1);
    expect((await requestPayment(domain.deps, requestOf({ dialler }))).kind).to.equal('recent-same');
    await domain.clock.advance(1);
    expect((await requestPayment(domain.deps, requestOf({ dialler }))).kind).to.equal('requested');
  });

  it('makes one prompt for the same amount confirmed in two sessions at once', async () => {
    const dialler = newMsisdn();
    const kinds = await Promise.all([1, 2, 3].map(() => requestPayment(domain.deps, requestOf({ dialler }))));
    expect(kinds.map(({ kind }) => kind).sort()).to.deep.equal(['recent-same', 'recent-same', 'requested']);
  });

  it('refuses amounts that biller or operator do not take', async () => {
    const dialler = newMsisdn();
    const code = async (amount: ReturnType<typeof kes>) =>
      (await refusalOf(requestPayment(domain.deps, requestOf({ dialler, amount })))).code;
    expect(await code(kes(9))).to.equal('payment.below-minimum');
    expect(await code(kes(70_001))).to.equal('payment.above-maximum');
    expect(await code(kes(10.5))).to.equal('payment.whole-units-only');
    domain.deps.paymentSettings.operatorMin = kes(20);
    domain.deps.paymentSettings.operatorMax = kes(30);
    expect(await code(kes(19))).to.equal('payment.below-minimum');
    const intent = { ...requestOf({ dialler }), amount: kes(31) };
    expect((await refusalOf(checkAmount(domain.deps, intent))).details).to.deep.equal({ most: kes(30) });
    expect(await count()).to.equal(0);
  });

  it('leaves nothing behind when it refuses', async () => {
    domain.deps.paymentSettings.customerDaily = kes(400);
    const refusal = await refusalOf(requestPayment(domain.deps, requestOf({ dialler: newMsisdn() })));
    expect(refusal.code).to.equal('payment.limit-exceeded');
    expect(refusal.details).to.deep.equal({ left: kes(400) });
    expect(await count()).to.equal(0);
    expect(await domain.deps.database.reader.count(TransferSchema)).to.equal(0);
  });

  it('asks a stranger three times a day at most, until he has paid', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    const ask = (amount: number) => requestPayment(domain.deps, requestOf({ dialler, payer, amount: kes(amount) }));
    for (const amount of [100, 101, 102]) expect((await ask(amount)).kind).to.equal('requested');
    expect((await refusalOf(ask(103))).code).to.equal('payer.too-many-prompts');
    const { id } = await domain.payment({ payer, amountMinor: 10_000n });
    await domain.runFor(3_000);
    await payByCallback(domain, await current(domain, id), { amount: kes(100) });
    await domain.runOutbox();
    expect((await ask(104)).kind).to.equal('requested');
  });

  it('asks nobody who has blocked it, even when he did so after the screen', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    await setPromptBlock(domain.deps, { msisdn: payer, language: 'en', blocked: true });
    const refusal = await refusalOf(requestPayment(domain.deps, requestOf({ dialler, payer })));
    expect(refusal.code).to.equal('payer.blocked');
    expect((await refusalOf(checkPayer(domain.deps, { dialler, payerText: payer }))).code).to.equal('payer.blocked');
    expect((await requestPayment(domain.deps, requestOf({ dialler: payer }))).kind).to.equal('requested');
    await setPromptBlock(domain.deps, { msisdn: payer, language: 'en', blocked: false });
    expect((await requestPayment(domain.deps, requestOf({ dialler, payer, amount: kes(60) }))).kind).to.equal(
      'requested',
    );
  });

  it('reads another payer as he is typed', async () => {
    const dialler = newMsisdn();
    const check = (payerText: string) => checkPayer(domain.deps, { dialler, payerText });
    expect(await check('0722 000 333')).to.equal('+254722000333');
    expect((await refusalOf(check('12345'))).code).to.equal('payer.malformed');
    expect((await refusalOf(check('+255754000001'))).code).to.equal('payer.no-operator');
    expect(await check(dialler)).to.equal(dialler);
  });

  it('counts what a number dials for others when it then pays itself', async () => {
    domain.deps.paymentSettings.paymentsPer10Minutes = 3;
    domain.deps.paymentSettings.paymentsAction = 'refuse';
    const dialler = newMsisdn();
    for (const amount of [100, 101, 102]) {
      await requestPayment(domain.deps, requestOf({ dialler, payer: newMsisdn(), amount: kes(amount) }));
    }
    const refusal = await refusalOf(requestPayment(domain.deps, requestOf({ dialler, amount: kes(103) })));
    expect(refusal.code).to.equal('payment.too-fast');
  });

  describe('a hold', () => {
    const hold = async () => {
      domain.deps.paymentSettings.paymentsPer10Minutes = 0;
      const dialler = newMsisdn();
      const requested = await requestPayment(domain.deps, requestOf({ dialler }));
      expect(requested.kind).to.equal('held');
      return domain.payment({ dialler });
    };

    it('sends no prompt, expires after its time and is told', async () => {
      const payment = await hold();
      expect(payment).to.include({ state: 'held', reason: 'reasons.too-fast', transferId: null });
      await domain.runFor(1_799_999);
      expect(domain.sms.sent).to.have.length(0);
      await domain.runFor(1);
      expect((await domain.payment({ id: payment.id })).state).to.equal('expired');
      expect(domain.sms.to(payment.dialler as never)).to.have.length(1);
      expect(domain.sms.to(payment.dialler as never)[0]).to.include('nothing was charged');
      expect(domain.operator.collects).to.have.length(0);
      expect((await refusalOf(releaseHold(domain.deps, { reference: payment.reference, staff: 'ann' }))).code).to.equal(
        'payment.not-held',
      );
    });

    it('asks the payer when it is released, and does not expire then', async () => {
      const payment = await hold();
      const release = () => releaseHold(domain.deps, { reference: payment.reference, staff: 'ann' });
      const both = await Promise.allSettled([release(), release()]);
      expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
      await domain.runFor(3_000);
      expect(domain.operator.collects).to.have.length(1);
      await payByCallback(domain, await current(domain, payment.id));
      await domain.runFor(2_000_000);
      expect((await domain.payment({ id: payment.id })).state).to.equal('posted');
      const events = await domain.deps.database.reader.findBy(PaymentEventSchema, { paymentId: payment.id });
      expect(events.map(({ actor }) => actor)).to.include('staff:ann');
    });

    it('is one hold for a repeated turn', async () => {
      domain.deps.paymentSettings.paymentsPer10Minutes = 0;
      const request = requestOf({ dialler: newMsisdn() });
      const kinds = await Promise.all([1, 2, 3].map(() => requestPayment(domain.deps, request)));
      expect(kinds.map(({ kind }) => kind)).to.deep.equal(['held', 'held', 'held']);
      expect(await count()).to.equal(1);
    });
  });

  it('sends the waiting prompt at once when its session ends, and nothing for another session', async () => {
    const dialler = newMsisdn();
    await confirm(domain, { dialler, sessionKey: 'at:one' });
    await promptNow(domain.deps, { sessionKey: 'at:other' });
    await domain.runOutbox();
    expect(domain.operator.collects).to.have.length(0);
    await promptNow(domain.deps, { sessionKey: 'at:one' });
    await promptNow(domain.deps, { sessionKey: 'at:one' });
    await domain.runOutbox();
    expect(domain.operator.collects).to.have.length(1);
  });

  it('takes a session id as long as the gateway may send', async () => {
    const sessionKey = `africastalking:${'s'.repeat(128)}`;
    const { payment } = await confirm(domain, { sessionKey });
    await promptNow(domain.deps, { sessionKey });
    await domain.runOutbox();
    expect((await current(domain, payment.id)).transfer.state).to.equal('submitted');
  });

  describe('what is shown', () => {
    const situation = async (id: string, msisdn: never) => (await getPayment(domain.deps, { id, msisdn })).situation;

    it('is the truth at every step', async () => {
      const story = await prompt(domain);
      const { id } = story.payment;
      const msisdn = story.payer as never;
      expect(await situation(id, msisdn)).to.equal('asking');
      await domain.runFor(75_000);
      expect(await situation(id, msisdn)).to.equal('unknown');
      expect((await paymentUnderWay(domain.deps, { msisdn }))?.id).to.equal(id);
      await payByCallback(domain, story);
      const [work] = await domain.rows('inbox.mpesa.stk');
      await domain.handlers.get('inbox.mpesa.stk')?.handle(JSON.parse(work?.payload ?? ''), {} as never);
      expect(await situation(id, msisdn)).to.equal('collected');
      await domain.runOutbox();
      expect(await situation(id, msisdn)).to.equal('posted');
      expect(await paymentUnderWay(domain.deps, { msisdn })).to.equal(undefined);
    });

    it('is not shown to others', async () => {
      const { payment } = await prompt(domain);
      const refusal = await refusalOf(getPayment(domain.deps, { id: payment.id, msisdn: newMsisdn() }));
      expect(refusal.code).to.equal('payment.not-found');
    });

    it('lists what a number dialled and what it paid, newest first, each once', async () => {
      const [one, other] = [newMsisdn(), newMsisdn()];
      for (const [index, request] of [
        { dialler: one },
        { dialler: other, payer: one },
        { dialler: one, payer: other },
      ].entries()) {
        await confirm(domain, { ...request, amount: kes(100 + index) });
        await domain.clock.advance(1_000);
      }
      const amounts = (await listPayments(domain.deps, { msisdn: one, limit: 2 })).map(({ amount }) => amount);
      expect(amounts).to.deep.equal([kes(102), kes(101)]);
      expect(await listPayments(domain.deps, { msisdn: one, limit: 5 })).to.have.length(3);
      expect(await listPayments(domain.deps, { msisdn: newMsisdn(), limit: 5 })).to.have.length(0);
    });
  });
});
