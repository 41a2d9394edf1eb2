import { expect } from 'chai';
import { newAccount, newNumber, type Phone } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const SHORT_CODE = '174379';

describeOnStores('the paybill', (stores) => {
  let town: TestService;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores());
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  it('takes a payment for a right account, finds out who paid, and sends the receipt', async () => {
    const account = newAccount();
    const paid = await town.control.payPaybill(jane.msisdn, '700', account);
    expect(paid).to.include({ moved: true, validation: 'accepted' });
    await town.control.biller.booked(account, '700.00');
    await jane.gets('Maji Water: paid KES 700.00', account, paid.receipt ?? '?');
    await jane.dial('*384*123*4#').sees('KES 700.00 paid');
    await town.control.operator.moved(jane.msisdn, '700.00');
  });

  it('sells a token for a meter', async () => {
    const meter = newAccount(1);
    await town.control.payPaybill(jane.msisdn, '500', meter);
    await jane.gets(/^Token:\n\d{4}-/, meter);
    await town.control.biller.booked(meter, '500.00');
  });

  it('understands an account typed with spaces', async () => {
    const account = newAccount();
    await town.control.payPaybill(jane.msisdn, '400', ` ${account.slice(0, 3)} ${account.slice(3)} `);
    await town.control.biller.booked(account, '400.00');
  });

  it('keeps money for an account that does not exist, and tells its sender', async () => {
    const account = `999${newAccount().slice(3)}`;
    const before = await town.books.balanceOf('suspense');
    const paid = await town.control.payPaybill(jane.msisdn, '600', account);
    expect(paid.moved, 'only the biller knows, and it is asked afterwards').to.equal(true);
    await jane.gets('You paid KES 600.00', account, 'Your money is safe', paid.receipt ?? '?');
    expect(await town.books.balanceOf('suspense')).to.equal(before - 60_000n);
    expect(await town.control.biller.postings({ account })).to.deep.equal([]);
    await jane.dial('*384*123*4*1#').sees('KES 600.00', 'account not found');
  });

  it('refuses what fits no biller, a wrong amount, and an account that is known to be closed', async () => {
    const { control } = town;
    expect(await control.payPaybill(jane.msisdn, '100', 'hello')).to.include({ moved: false, code: 'C2B00012' });
    expect(await control.payPaybill(jane.msisdn, '5', newAccount())).to.include({ moved: false, code: 'C2B00013' });
    expect(await control.payPaybill(jane.msisdn, '71000', newAccount())).to.include({ moved: false, code: 'C2B00013' });
    const closed = `555${newAccount().slice(3)}`;
    await jane.dial(`*384*123*1*2*${closed}#`).sees('This account is closed');
    expect(await control.payPaybill(jane.msisdn, '100', closed)).to.include({ moved: false, code: 'C2B00012' });
    expect(await control.operator.transactions({ msisdn: jane.msisdn })).to.deep.equal([]);
  });

  it('books money that was taken all the same, and owes it when the account turns out closed', async () => {
    const closed = `555${newAccount().slice(3)}`;
    await town.control.payPaybill(jane.msisdn, '100', closed);
    await jane.gets('Maji Water could not take your KES 100.00', 'The account is closed', 'will pay it back');
    expect(await town.control.biller.postings({ account: closed })).to.deep.equal([]);
  });

  it('makes one payment of a prompt that is also confirmed at the paybill', async () => {
    const account = newAccount();
    await town.control.faults({ daraja: { alsoConfirm: 1 } });
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('paid KES 500.00', reference);
    await eventually('both were taken', async () => {
      const [moved] = await town.control.operator.moved(jane.msisdn, '500.00');
      const kept = (await town.books.inbox()).filter(({ body }) => body.includes(moved?.receipt ?? '?'));
      expect(kept.map(({ kind }) => kind)).to.have.members(['stk', 'c2b']);
    });
    await town.books.untilQuiet();
    expect(await town.books.payments({ account })).to.have.length(1);
    await town.control.biller.booked(account, '500.00');
    expect(await jane.messages()).to.have.length(1);
  });

  it('takes the same confirmation twice as one', async () => {
    const account = newAccount();
    await town.control.faults({ daraja: { repeatedCallback: 1 } });
    await town.control.payPaybill(jane.msisdn, '500', account);
    await jane.gets('paid KES 500.00', account);
    await town.control.faults({});
    await town.books.untilQuiet();
    expect(await town.books.payments({ account })).to.have.length(1);
    await town.control.biller.booked(account, '500.00');
  });

  it('books what a customer pays by himself under our reference after he let the prompt go', async () => {
    await jane.handset({ answer: 'cancel', delayMs: 20 });
    const account = newAccount();
    const reference = await jane.pays({ biller: 2, account, amount: 500 });
    await jane.gets('NOT paid', reference);
    const paid = await town.control.payPaybill(jane.msisdn, '500', reference);
    await jane.gets('paid KES 500.00', reference, paid.receipt ?? '?');
    await town.control.biller.booked(account, '500.00');
  });

  it('books our reference that another number pays as paid by that one', async () => {
    await jane.handset({ answer: 'ignore' });
    const account = newAccount();
    const reference = await jane.pays({ biller: 2, account, amount: 93 });
    const friend = await town.phone();
    const paid = await town.control.payPaybill(friend.msisdn, '93', reference.toLowerCase());
    await jane.gets('paid KES 93.00', account, reference, paid.receipt ?? '?');
    await friend.gets('Paid KES 93.00 to Maji Water', reference, paid.receipt ?? '?');
    const [payment] = await town.books.payments({ reference });
    expect(payment).to.include({ state: 'posted', payer: friend.msisdn, dialler: jane.msisdn });
    const [transfer] = await town.books.transfers({ reference });
    expect(transfer?.payer, 'to whom a refund goes').to.equal(friend.msisdn);
    await town.control.biller.booked(account, '93.00');
  });

  it('finds a missed confirmation in the list of the operator, when it next asks', async function () {
    this.timeout(90_000);
    const account = newAccount();
    await town.control.faults({ daraja: { lostCallback: 1 } });
    await town.control.payPaybill(jane.msisdn, '300', account);
    await town.control.faults({});
    // Any inquiry reads the list; a prompt that nobody answers makes one.
    await jane.handset({ answer: 'ignore', promptTimeoutMs: 20_000 });
    await jane.pays({ biller: 2, account: newAccount(), amount: 200 });
    await town.control.biller.booked(account, '300.00');
    await jane.gets('paid KES 300.00', account);
  });

  describe('told things that fit nothing', () => {
    const stk = (checkout: string, code: number, receipt: string, amount = 500, payer = newNumber()) => ({
      Body: {
        stkCallback: {
          MerchantRequestID: 'mr-1',
          CheckoutRequestID: checkout,
          ResultCode: code,
          ResultDesc: 'made up',
          ...(code === 0 && {
            CallbackMetadata: {
              Item: [
                { Name: 'Amount', Value: amount },
                { Name: 'MpesaReceiptNumber', Value: receipt },
                { Name: 'TransactionDate', Value: 20261120120000 },
                { Name: 'PhoneNumber', Value: Number(payer.slice(1)) },
              ],
            },
          }),
        },
      },
    });
    const c2b = (receipt: string, shortCode: string) => ({
      TransactionType: 'Pay Bill',
      TransID: receipt,
      TransTime: '20261120120000',
      TransAmount: '500.00',
      BusinessShortCode: shortCode,
      BillRefNumber: newAccount(),
      InvoiceNumber: '',
      OrgAccountBalance: '0.00',
      ThirdPartyTransID: '',
      MSISDN: '2547 ***** 126',
      FirstName: 'JANE',
    });
    const base = `/callbacks/daraja/${KEY}`;

    it('keeps a callback of an unknown prompt and a confirmation for another short code, and changes nothing', async () => {
      const before = await snapshot(town);
      for (const [path, body] of [
        ['stk', stk('ws_CO_unknown_1', 0, 'SGUNKNOWN1')],
        [`stk/${'a'.repeat(32)}`, stk('ws_CO_unknown_2', 0, 'SGUNKNOWN2')],
        [`stk/${'b'.repeat(32)}`, stk('ws_CO_unknown_3', 1032, '')],
        ['c2b/confirmation', c2b('SGOTHER001', '600100')],
        [`status/timeout/${'c'.repeat(32)}`, { anything: true }],
      ] as const) {
        const answer = await town.post(`${base}/${path}`, body);
        expect(answer.status, answer.text).to.equal(200);
        expect(JSON.parse(answer.text).ResultCode).to.equal(0);
      }
      const isKept = ({ body }: { body: string }) => body.includes('unknown') || body.includes('SGOTHER');
      await eventually('all are looked at', async () => {
        const kept = (await town.books.inbox()).filter(isKept);
        expect(kept.map(({ state }) => state)).to.deep.equal(['unmatched', 'unmatched', 'unmatched', 'staff']);
      });
      expect(await snapshot(town)).to.deep.equal(before);
      await eventually('staff is told', async () => {
        expect((await town.books.breaks()).map(({ breakType }) => breakType)).to.include('callback-unmatched');
      });
    });

    it('does not believe another amount or another payer for a prompt that is under way', async () => {
      await jane.handset({ answer: 'pay', delayMs: 2_500 });
      const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
      const [transfer] = await eventually('the prompt is acknowledged', async () => {
        const found = await town.books.transfers({ reference });
        expect(found[0]?.checkoutRequestId).to.be.a('string');
        return found;
      });
      const checkout = transfer?.checkoutRequestId ?? '';
      const path = `${base}/stk/${transfer?.callbackToken}`;
      expect((await town.post(path, stk(checkout, 0, 'SGMADEUP01', 5, jane.msisdn))).status).to.equal(200);
      expect((await town.post(path, stk(checkout, 0, 'SGMADEUP02', 500))).status).to.equal(200);
      expect((await town.post(path, stk('ws_CO_other', 0, 'SGMADEUP03', 500, jane.msisdn))).status).to.equal(200);
      await eventually('all are with staff', async () => {
        const kept = (await town.books.inbox()).filter(({ body }) => body.includes('SGMADEUP'));
        expect(kept.map(({ state }) => state)).to.deep.equal(['staff', 'staff', 'staff']);
      });
      expect((await town.books.payments({ reference }))[0]?.state).to.equal('prompting');
      const receipt = await jane.gets('paid KES 500.00', reference);
      expect(receipt).not.to.include('MADEUP');
    });

    it('refuses what is not of the shape, and leaves nothing behind', async () => {
      // Of the operator alone: a delivery report of an SMS may still be on its way.
      const kept = () => town.books.inbox({ provider: 'mpesa' });
      const before = (await kept()).length;
      const bad: [string, unknown][] = [
        ['stk', {}],
        ['stk', []],
        ['stk', stk('', 0, 'SGNOCHECK1')],
        ['stk', { Body: { stkCallback: { ...stk('x', 1, '').Body.stkCallback, ResultCode: null } } }],
        ['stk', stk('x', 0, 'SGNEGATIVE', -5)],
        ['c2b/confirmation', { ...c2b('SGBAD00001', SHORT_CODE), TransAmount: 'much' }],
        ['c2b/confirmation', { ...c2b('SGBAD00002', SHORT_CODE), TransAmount: '1e400' }],
        ['c2b/confirmation', { ...c2b('', SHORT_CODE) }],
        ['c2b/validation', { BillRefNumber: '1' }],
        [`status/result/${'a'.repeat(32)}`, { Result: 7 }],
        [`status/timeout/${'a'.repeat(32)}`, 'text'],
      ];
      for (const [path, body] of bad) {
        const answer = await town.post(`${base}/${path}`, JSON.stringify(body));
        expect(answer.status, `${path} ${JSON.stringify(body)}`).to.be.within(400, 499);
      }
      expect((await town.post(`${base}/stk`, 'not json')).status).to.equal(400);
      expect((await town.post(`${base}/stk`, `${'['.repeat(5_000)}${']'.repeat(5_000)}`)).status).to.equal(400);
      expect((await town.post(`${base}/stk`, JSON.stringify({ pad: 'x'.repeat(70_000) }))).status).to.equal(413);
      expect((await town.post(`${base}/stk`, new URLSearchParams({ a: '1' }))).status).to.equal(415);
      expect((await town.post(`/callbacks/daraja/wrong/stk`, stk('x', 1, ''))).status).to.equal(404);
      expect(await kept()).to.have.length(before);
    });

    it('refuses another short code at the validation in the words of the wire', async () => {
      const answer = await town.post(`${base}/c2b/validation`, c2b('SGVALID001', '600100'));
      expect(answer.status).to.equal(200);
      expect(JSON.parse(answer.text)).to.include({ ResultCode: 'C2B00015', ResultDesc: 'Rejected' });
    });
  });
});

/** Everything that money and payments are. */
async function snapshot({ books }: TestService): Promise<unknown> {
  const rows = [await books.payments(), await books.transfers()];
  return JSON.parse(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}
