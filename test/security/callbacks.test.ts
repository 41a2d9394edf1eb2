import { expect } from 'chai';
import { isBalanced, trialBalance } from '../../src/money/ledger/index.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('callbacks of an attacker', (stores) => {
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

  const at = (path: string, key = KEY) => `/callbacks/daraja/${key}/${path}`;

  /** A payment that is done, and the message of the operator that said so, byte for byte. */
  async function paid() {
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
    await jane.gets('paid KES 500.00', reference);
    const [transfer] = await town.books.transfers({ reference });
    const kept = (await town.books.inbox()).find(({ body }) => body.includes(transfer?.checkoutRequestId ?? '?'));
    return { reference, token: transfer?.callbackToken ?? '', body: kept?.body ?? '', receipt: transfer?.receipt };
  }

  /** A payment whose prompt waits for its PIN. */
  async function underWay() {
    await jane.handset({ answer: 'ignore', promptTimeoutMs: 60_000 });
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 600 });
    const transfer = await eventually('the prompt is acknowledged', async () => {
      const [found] = await town.books.transfers({ reference });
      expect(found?.checkoutRequestId).to.be.a('string');
      return found;
    });
    return { reference, token: transfer?.callbackToken ?? '', checkout: transfer?.checkoutRequestId ?? '' };
  }

  async function money() {
    const transfers = await town.books.transfers({ state: 'succeeded' });
    const { accounts, ...sums } = await trialBalance(town.books.database);
    expect(isBalanced({ accounts, ...sums })).to.equal(true);
    return [
      transfers.map(({ receipt }) => receipt),
      accounts.map(({ account, balanceMinor }) => [account, balanceMinor]),
    ];
  }

  it('forged under a wrong key leave nothing behind, whatever they know', async () => {
    const { token, checkout, reference } = await underWay();
    const before = [(await town.books.inbox()).length, await money()];
    const body = { Body: { stkCallback: { MerchantRequestID: 'x', CheckoutRequestID: checkout, ResultCode: 0 } } };
    for (const key of ['', 'wrong', 'DEMO', `${KEY}%00`, `${KEY}/`, `%2e%2e/${KEY}`, `${KEY} `, '*', '..']) {
      for (const path of [`stk/${token}`, 'stk', 'c2b/confirmation']) {
        expect((await town.post(at(path, key), body)).status, `${key} ${path}`).to.equal(404);
      }
    }
    expect([(await town.books.inbox()).length, await money()]).to.deep.equal(before);
    expect((await town.books.payments({ reference }))[0]?.state).to.equal('prompting');
  });

  it('replayed twenty times at once, at every address, book nothing again', async () => {
    const { body, token, reference } = await paid();
    expect(body).to.include('stkCallback');
    const before = await money();
    const paths = [`stk/${token}`, 'stk', `stk/${'0'.repeat(40)}`];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => town.post(at(paths[i % 3] ?? ''), body)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    await town.books.untilQuiet();
    expect(await money()).to.deep.equal(before);
    expect((await jane.messages()).filter((text) => text.includes(reference))).to.have.length(1);
  });

  it('replayed at the address of another payment pay nothing there', async () => {
    const first = await paid();
    const second = await underWay();
    const before = await money();
    expect((await town.post(at(`stk/${second.token}`), first.body)).status).to.equal(200);
    // The body of the one, made to name the prompt of the other: amount and receipt do not fit.
    const [transfer] = await town.books.transfers({ reference: first.reference });
    const renamed = first.body.replaceAll(transfer?.checkoutRequestId ?? '?', second.checkout);
    expect((await town.post(at(`stk/${second.token}`), renamed)).status).to.equal(200);
    await eventually('both are with staff', async () => {
      const kept = (await town.books.inbox()).filter(({ body }) => body === renamed || body === first.body);
      expect(kept.filter(({ state }) => state === 'staff')).to.have.length(2);
    });
    expect(await money()).to.deep.equal(before);
    expect((await town.books.payments({ reference: second.reference }))[0]?.state).to.equal('prompting');
  });

  it('with a receipt that was booked before, for more money, change no book', async () => {
    const { receipt } = await paid();
    const before = await money();
    const body = {
      ...{ TransactionType: 'Pay Bill', TransID: receipt, TransTime: '20261120120000', TransAmount: '50000.00' },
      ...{ BusinessShortCode: '174379', BillRefNumber: newAccount(), MSISDN: '2547 ***** 126', FirstName: 'EVE' },
    };
    expect((await town.post(at('c2b/confirmation'), body)).status).to.equal(200);
    await eventually('a person looks', async () => {
      const breaks = await town.books.breaks();
      expect(breaks.map(({ detail }) => detail)).to.include(`receipt ${receipt} told with another amount`);
    });
    expect(await money()).to.deep.equal(before);
  });
});
