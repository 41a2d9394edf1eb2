import { expect } from 'chai';
import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import { findPayments, type PaymentCursor, type SearchDeps, search } from '../../../src/domain/search/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { type Domain, METER, newMsisdn, openDomain, TOKEN } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payAtPaybill, payByCallback, prompt } from '../../support/stories.ts';

const DAY_MS = 86_400_000;

describeOnStores('the search', (stores) => {
  let domain: Domain;
  let deps: SearchDeps;
  before(async () => {
    domain = await openDomain(stores());
    deps = { ...domain.deps, operatorNames: ['mpesa'], country: 'KE', currency: 'KES', timeZone: 'Africa/Nairobi' };
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  const pay = async (request: Parameters<typeof prompt>[1] = {}) => {
    const story = await prompt(domain, request);
    await payByCallback(domain, story, request.amount ? { amount: request.amount } : {});
    await domain.runOutbox();
    return current(domain, story.payment.id);
  };
  const payments = async (words: string) =>
    (await search(deps, words)).found.flatMap((one) => one.payments.map(({ id }) => id));

  it('opens a payment by our reference, the receipt, an id, a token or a pasted SMS', async () => {
    const { payment, transfer } = await pay({ billerId: 'jua-power', account: METER, holder: 'O*** O***' });
    await pay();
    const [sms = ''] = domain.sms.to(payment.payer as Msisdn);
    for (const words of [payment.reference, transfer.receipt ?? '', payment.id, transfer.id, TOKEN, sms]) {
      expect((await search(deps, words)).exact, words).to.deep.equal({ kind: 'payment', id: payment.id });
    }
  });

  it('opens the person of a number, however it is written', async () => {
    const { payment, payer } = await pay();
    const { exact, found } = await search(deps, `0${payer.slice(4)}`);
    expect(exact).to.deep.equal({ kind: 'person', msisdn: payer });
    expect(found[0]).to.include({ person: payer });
    expect(await payments(payer)).to.deep.equal([payment.id]);
  });

  it('finds who paid for another under both numbers', async () => {
    const [dialler, payer] = [newMsisdn(), newMsisdn()];
    const { payment } = await pay({ dialler, payer });
    expect(await payments(dialler)).to.deep.equal([payment.id]);
    expect(await payments(payer)).to.deep.equal([payment.id]);
  });

  it('finds by account, by amount, and by amount on a day', async () => {
    const { payment } = await pay({ account: '20987654', amount: kes(731) });
    await pay({ amount: kes(732) });
    expect(await payments('20987654')).to.deep.equal([payment.id]);
    expect(await payments('731')).to.include(payment.id);
    const day = new Date(payment.createdAtMs).toISOString().slice(0, 10);
    expect(await payments(`731 ${day}`)).to.deep.equal([payment.id]);
    const before = new Date(payment.createdAtMs - DAY_MS).toISOString().slice(0, 10);
    expect(await payments(`731 ${before}`)).to.deep.equal([]);
  });

  it('finds a paybill payment by its payer’s name', async () => {
    const receipt = await payAtPaybill(domain, { msisdn: '2547 ***** 126' });
    await domain.runOutbox();
    const transfer = await domain.transfer({ receipt });
    await domain.deps.database.transaction((tx) =>
      tx.update(TransferSchema, { id: transfer.id }, { payerName: 'WANGARI MUTA' }),
    );
    const payment = await domain.payment({ transferId: transfer.id });
    expect(await payments('wangari')).to.deep.equal([payment.id]);
    expect(await payments('Wangari Muta')).to.deep.equal([payment.id]);
    expect(await payments('wangarix')).to.deep.equal([]);
  });

  it('opens nothing when the words point at two things', async () => {
    const [one, other] = [await pay(), await pay()];
    const { exact, found } = await search(deps, `${one.payment.reference} ${other.payment.reference}`);
    expect(exact).to.equal(undefined);
    expect(found.flatMap((reading) => reading.payments.map(({ id }) => id))).to.include.members([
      one.payment.id,
      other.payment.id,
    ]);
  });

  it('says what it understood when nothing is found', async () => {
    const { found, exact } = await search(deps, 'MZZZZZZZZZ');
    expect(exact).to.equal(undefined);
    expect(found.map(({ reading }) => reading.kind)).to.include('reference');
  });

  it('pages a list without leaving out or repeating a payment, also of one millisecond', async () => {
    const [first] = [await pay()];
    const msisdn = newMsisdn();
    const nowMs = domain.clock.now();
    const rows = Array.from({ length: 23 }, (_, index) => ({
      ...first.payment,
      ...{ id: domain.deps.runtime.ids.next(), reference: `F${index}`, requestKey: `fill:${index}`, transferId: null },
      ...{ dialler: msisdn, payer: index % 2 === 0 ? msisdn : newMsisdn(), createdAtMs: nowMs - Math.floor(index / 5) },
    }));
    await domain.deps.database.transaction(async (tx) => {
      await tx.manager.insert(PaymentSchema, rows);
    });
    const seen: string[] = [];
    let after: PaymentCursor | undefined;
    do {
      const page = await findPayments(deps, { msisdn }, { ...(after ? { after } : {}), limit: 4, nowMs });
      expect(page.payments.length).to.be.at.most(4);
      seen.push(...page.payments.map(({ id }) => id));
      after = page.next;
    } while (after);
    const expected = [...rows].sort((a, b) => b.createdAtMs - a.createdAtMs || (b.id < a.id ? -1 : 1));
    expect(seen).to.deep.equal(expected.map(({ id }) => id));
  });

  it('narrows by state, biller, operator and time, and says where a list of everything begins', async () => {
    const { payment } = await pay();
    const nowMs = domain.clock.now();
    const list = async (filters: Parameters<typeof findPayments>[1]) =>
      findPayments(deps, filters, { limit: 50, nowMs });
    const everything = await list({});
    expect(everything.payments.map(({ id }) => id)).to.deep.equal([payment.id]);
    expect(everything.sinceMs).to.be.a('number');
    expect((await list({ states: ['posted'], billerId: 'maji-water' })).payments).to.have.length(1);
    expect((await list({ states: ['failed'] })).payments).to.have.length(0);
    expect((await list({ billerId: 'jua-power' })).payments).to.have.length(0);
    expect((await list({ operator: 'mpesa' })).payments).to.have.length(1);
    expect((await list({ operator: 'airtel' })).payments).to.have.length(0);
    const { createdAtMs } = payment;
    expect((await list({ fromMs: createdAtMs, toMs: createdAtMs + 1 })).payments).to.have.length(1);
    expect((await list({ fromMs: createdAtMs + 1 })).payments).to.have.length(0);
    expect((await list({ fromMs: createdAtMs, toMs: createdAtMs + 1 })).sinceMs).to.equal(undefined);
  });
});
