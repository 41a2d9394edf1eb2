import { expect } from 'chai';
import { PaymentTokenSchema, paymentHandlers, sendReceiptAgain } from '../../../src/domain/payments/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { type Domain, KEY_CHANGE, METER, newMsisdn, openDomain, staysSound, TOKEN } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { forget } from '../../support/forget.ts';
import { describeOnStores } from '../../support/stores.ts';
import {
  current,
  failByCallback,
  type Prompted,
  payAtPaybill,
  payByCallback,
  prompt,
  refusalOf,
} from '../../support/stories.ts';

const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };
const DAY_MS = 24 * 3_600_000;

describeOnStores('telling the biller, and the customer', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const pay = async (request: Parameters<typeof prompt>[1] = {}): Promise<Prompted> => {
    const story = await prompt(domain, request);
    await payByCallback(domain, story);
    await domain.runOutbox();
    return current(domain, story.payment.id);
  };

  it('books once and sends one receipt that says everything', async () => {
    const { payment, transfer, payer } = await pay();
    expect(payment).to.include({ state: 'posted', balanceMinor: 75_000n });
    expect(domain.water.posts).to.deep.equal([
      {
        reference: payment.reference,
        account: payment.account,
        amount: kes(500),
        paidAtMs: payment.collectedAtMs,
        operatorReceipt: transfer.receipt,
      },
    ]);
    const [receipt = '', ...rest] = domain.sms.to(payer);
    expect(rest).to.deep.equal([]);
    for (const part of [
      payment.reference,
      transfer.receipt ?? '-',
      'KES 500.00',
      payment.account,
      'KES 750.00',
      'M-PESA',
    ]) {
      expect(receipt).to.include(part);
    }
    await domain.runFor(100_000);
    expect(domain.sms.to(payer)).to.have.length(1);
    expect(await domain.balanceOf('collected-unposted')).to.equal(0n);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
  });

  it('sends the tokens in the order to enter them, whole, with units and debt', async () => {
    const { payer, payment } = await pay(PREPAID);
    const [receipt = ''] = domain.sms.to(payer);
    const first = receipt.indexOf('1111-2222-3333-4444-5555');
    expect(first).to.be.greaterThan(0);
    expect(receipt.indexOf('9876-5432-1098-7654-3210')).to.be.greaterThan(first);
    for (const part of ['23.4 kWh', 'KES 50.00', METER, payment.reference]) expect(receipt).to.include(part);
  });

  it('keeps tokens and texts sealed: the tables show no digit of them', async () => {
    await pay(PREPAID);
    const { reader } = domain.deps.database;
    const raw = JSON.stringify([
      await reader.query('SELECT * FROM payment_token'),
      await reader.query('SELECT * FROM message'),
      await reader.query('SELECT payload, last_error FROM outbox'),
    ]);
    for (const digits of [KEY_CHANGE, TOKEN, '1111-2222', '9876-5432']) expect(raw).to.not.include(digits);
    const rows = await reader.find(PaymentTokenSchema, { order: { position: 'ASC' } });
    expect(rows.map(({ tokenKind }) => tokenKind)).to.deep.equal(['KEY_CHANGE', 'STANDARD']);
    expect(rows.map(({ sealedDigits }) => domain.deps.sealing.open(sealedDigits))).to.deep.equal([KEY_CHANGE, TOKEN]);
    expect(rows[1]?.fingerprint).to.equal(domain.deps.sealing.fingerprint(TOKEN));
  });

  it('looks a payment up before it sends it again, and vends once though the answer was lost', async () => {
    domain.power.postScript.push((request) => {
      domain.power.book(request);
      return { kind: 'unknown', description: 'time-out' };
    });
    const { payment, payer } = await pay(PREPAID);
    expect(payment.state).to.equal('collected');
    await domain.runFor(60_000);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
    expect(domain.power.posts).to.have.length(1);
    expect(domain.power.finds).to.deep.equal([payment.reference]);
    expect(domain.power.vends).to.equal(1);
    expect(domain.sms.to(payer)).to.have.length(1);
  });

  it('posts again under the same reference what the biller has never seen', async () => {
    domain.water.postScript.push({ kind: 'unknown', description: 'time-out' });
    const { payment } = await pay();
    domain.water.findScript.push({ kind: 'unknown', description: 'down' });
    await domain.runFor(60_000);
    expect(domain.water.posts.map(({ reference }) => reference)).to.deep.equal([payment.reference, payment.reference]);
    expect(domain.water.finds).to.have.length(2);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
  });

  it('looks first also when the process died in the call', async () => {
    const story = await prompt(domain);
    domain.water.postScript.push((request) => {
      domain.water.book(request);
      return new Promise<never>(() => {});
    });
    await payByCallback(domain, story);
    const handler = paymentHandlers(domain.deps).get('payment.post');
    const [stk] = await domain.rows('inbox.mpesa.stk');
    await domain.handlers.get('inbox.mpesa.stk')?.handle(JSON.parse(stk?.payload ?? ''), {} as never);
    const [succeeded] = await domain.rows('transfer.succeeded');
    await domain.handlers.get('transfer.succeeded')?.handle(JSON.parse(succeeded?.payload ?? ''), {} as never);
    void handler?.handle({ paymentId: story.payment.id }, {} as never);
    while (domain.water.posts.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await domain.runOutbox();
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
    expect(domain.water.posts).to.have.length(1);
    expect(domain.water.vends).to.equal(1);
  });

  it('books once when two workers post at the same time', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    const [stk] = await domain.rows('inbox.mpesa.stk');
    await domain.handlers.get('inbox.mpesa.stk')?.handle(JSON.parse(stk?.payload ?? ''), {} as never);
    const [news] = await domain.rows('transfer.succeeded');
    const succeeded = domain.handlers.get('transfer.succeeded');
    await Promise.all([1, 2].map(() => succeeded?.handle(JSON.parse(news?.payload ?? ''), {} as never)));
    const post = domain.handlers.get('payment.post');
    await Promise.all([1, 2, 3].map(() => post?.handle({ paymentId: story.payment.id }, {} as never)));
    await domain.runOutbox();
    expect(domain.water.vends).to.equal(1);
    expect(domain.sms.to(story.payer)).to.have.length(1);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
  });

  it('tells the customer within a minute that a paid bill is on its way, and only then', async () => {
    for (let tries = 0; tries < 40; tries += 1) domain.power.postScript.push({ kind: 'unknown', description: 'down' });
    const { payer, payment } = await pay(PREPAID);
    await domain.runFor(44_000);
    expect(domain.sms.to(payer)).to.have.length(0);
    await domain.runFor(1_000);
    expect(domain.sms.to(payer)).to.have.length(1);
    expect(domain.sms.to(payer)[0]).to.include('Do not pay again');
    domain.power.postScript.length = 0;
    await domain.runFor(700_000);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
    expect(domain.sms.to(payer)).to.have.length(2);
  });

  for (const why of ['account-not-found', 'account-closed', 'refused'] as const) {
    it(`owes the money when the biller rejects a prompt's payment: ${why}`, async () => {
      domain.water.postScript.push({ kind: 'rejected', why, description: 'no' });
      const { payment, payer } = await pay();
      expect(payment.state).to.equal('refund-due');
      expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
      expect(domain.sms.to(payer)).to.have.length(1);
      expect(domain.sms.to(payer)[0]).to.include('will pay it back');
      await domain.runFor(100_000);
      expect(domain.water.posts).to.have.length(1);
    });
  }

  it('keeps paybill money for an account that the biller does not know in suspense, and owes the rest', async () => {
    const msisdn = newMsisdn();
    await payAtPaybill(domain, { account: '888777', msisdn });
    await domain.runOutbox();
    expect(await domain.balanceOf('suspense')).to.equal(-50_000n);
    domain.water.postScript.push({ kind: 'rejected', why: 'account-closed', description: 'closed' });
    await payAtPaybill(domain, { msisdn });
    await domain.runOutbox();
    expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
    expect(await domain.balanceOf('collected-unposted')).to.equal(0n);
    expect(domain.sms.to(msisdn)).to.have.length(2);
  });

  it('sends payer and dialler each his own: no account and no token to the payer', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    await pay({ ...PREPAID, dialler, payer });
    expect(domain.sms.to(payer)).to.have.length(1);
    expect(domain.sms.to(dialler)).to.have.length(1);
    expect(domain.sms.to(payer)[0]).to.not.include(METER);
    expect(domain.sms.to(payer)[0]).to.not.match(/\d{4}-\d{4}/);
    expect(domain.sms.to(dialler)[0]).to.include('9876-5432-1098-7654-3210');
  });

  it('promises the money back to whoever paid, not to the one who dialled', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    domain.water.postScript.push({ kind: 'rejected', why: 'refused', description: 'no' });
    await pay({ dialler, payer });
    expect(domain.sms.to(payer)[0]).to.include('We owe you this money');
    expect(domain.sms.to(dialler).join()).to.not.include('We owe you');
  });

  it('says why a payment failed and what to do, to the one who dialled', async () => {
    for (const [code, words] of [
      [1, 'Not enough money'],
      [2001, 'Wrong M-PESA PIN'],
      [1032, 'You cancelled it'],
      [1037, 'could not be reached'],
      [1019, 'in time'],
    ] as const) {
      const story = await prompt(domain);
      await failByCallback(domain, story, code);
      await domain.runOutbox();
      const [told = '', ...rest] = domain.sms.to(story.payer);
      expect(rest).to.deep.equal([]);
      expect(told).to.include(words);
      expect(told).to.include('nothing was charged');
    }
  });

  it('does not tell the one who dialled what the handset of another answered: only that he did not pay', async () => {
    for (const code of [1, 2001, 1032, 1019]) {
      const dialler = newMsisdn();
      const story = await prompt(domain, { dialler, payer: newMsisdn() });
      await failByCallback(domain, story, code);
      await domain.runOutbox();
      const [told = '', ...rest] = domain.sms.to(dialler);
      expect(rest).to.deep.equal([]);
      expect(told).to.include('The number that was asked did not pay').and.include('nothing was charged');
      expect(told).to.not.match(/Not enough money|PIN|cancelled/);
      expect(domain.sms.to(story.payer)).to.deep.equal([]);
    }
  });

  it('has words for every reason and state in every language', () => {
    const reasons = [
      ...[
        'insufficient-funds',
        'wrong-pin',
        'cancelled',
        'no-answer',
        'unreachable',
        'operator-limit',
        'busy',
        'not-registered',
        'other',
      ],
      ...['too-many-accounts', 'too-fast', 'account-not-found', 'account-closed', 'biller-refused'],
    ].map((name) => `reasons.${name}`);
    for (const language of domain.deps.texts.languages) {
      for (const id of reasons) expect(domain.deps.texts.format(language, id)).to.have.length.greaterThan(5);
    }
  });

  describe('the receipt once more', () => {
    const again = (payment: { id: string }, msisdn: Msisdn, turnKey: string) =>
      sendReceiptAgain(domain.deps, { paymentId: payment.id, msisdn, language: 'sw', turnKey });

    it('comes at most three times a day, and once for a repeated turn', async () => {
      const { payment, payer } = await pay(PREPAID);
      for (const turn of ['t1', 't1', 't2', 't3']) await again(payment, payer, turn);
      await domain.runOutbox();
      expect(domain.sms.to(payer)).to.have.length(4);
      expect(domain.sms.to(payer)[3]).to.include('9876-5432-1098-7654-3210');
      expect((await refusalOf(again(payment, payer, 't4'))).code).to.equal('receipt.too-often');
      await again(payment, payer, 't3');
      await domain.clock.advance(DAY_MS);
      await again(payment, payer, 't5');
    });

    it('is three times though they are asked for at once', async () => {
      const { payment, payer } = await pay();
      const turns = ['a', 'b', 'c', 'd', 'e'].map((turn) => again(payment, payer, `${payer}${turn}`));
      const results = await Promise.allSettled(turns);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(3);
    });

    it('is not there before the payment is booked, nor for others', async () => {
      const { payment, payer } = await prompt(domain);
      expect((await refusalOf(again(payment, payer, 'x'))).code).to.equal('receipt.not-yet');
      expect((await refusalOf(again(payment, newMsisdn(), 'y'))).code).to.equal('payment.not-found');
    });

    it('shows a payer who did not dial neither account nor token', async () => {
      const [dialler, payer] = [newMsisdn(), newMsisdn()];
      const { payment } = await pay({ ...PREPAID, dialler, payer });
      await again(payment, payer, 'payer');
      await domain.runOutbox();
      expect(domain.sms.to(payer)).to.have.length(2);
      expect(domain.sms.to(payer)[1]).to.not.include(METER);
      expect(domain.sms.to(payer)[1]).to.not.include('9876');
    });

    it('does not offer tokens that are forgotten', async () => {
      const { payment, payer } = await pay(PREPAID);
      await domain.clock.advance(2 * 86_400_000);
      expect((await forget(domain.deps, { tokenDays: 1 })).get('tokens')).to.include({ forgotten: 2, held: 0 });
      const work = again(payment, payer, 'late');
      const [result] = await Promise.allSettled([work]);
      await domain.runOutbox();
      const sent = domain.sms.to(payer)[1];
      expect(result?.status === 'rejected' || (sent !== undefined && !/Token/i.test(sent)), sent).to.equal(true);
    });
  });
});
