import { expect } from 'chai';
import type { Transfer } from '../../src/money/transfers/index.ts';
import { payoutResult } from '../support/daraja-bodies.ts';
import { newMsisdn, newReceipt } from '../support/domain-deps.ts';
import { kes } from '../support/fake-providers.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { payoutDesk } from '../support/service-payouts.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('a payout in the running service, and those who forge its callbacks', (stores) => {
  let town: TestService;
  let desk: ReturnType<typeof payoutDesk>;
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    desk = payoutDesk(town);
  });
  after(() => town?.stop());
  afterEach(async function () {
    this.timeout(120_000);
    await desk.decide({});
    await town.expectSound();
  });

  const at = (path: string, key = KEY) => `/callbacks/daraja/${key}/b2c/${path}`;
  const find = async ({ id }: Transfer) => (await town.books.transfers({ id }))[0] as Transfer;
  const is = (transfer: Transfer, state: Transfer['state']) =>
    eventually(`the payout is ${state}`, async () => {
      const found = await find(transfer);
      expect(found.state).to.equal(state);
      return found;
    });
  const balances = async () => [
    await town.books.balanceOf('float:mpesa'),
    await town.books.balanceOf('reserved:mpesa'),
  ];

  /** A payout that the operator has taken and says nothing of. */
  async function underWay(): Promise<Transfer> {
    await town.control.faults({ seed: 3, daraja: { lostCallback: 1 } });
    const transfer = await desk.pay(newMsisdn(), 500);
    const taken = await eventually('the operator has taken it', async () => {
      const found = await find(transfer);
      expect(found.checkoutRequestId).to.be.a('string');
      return found;
    });
    await town.control.operator.moved(taken.payer ?? '', '-500.00');
    return taken;
  }
  const said = (transfer: Transfer, change: object = {}) =>
    payoutResult({
      ...{ conversationId: transfer.checkoutRequestId ?? '', requestId: transfer.reference, receipt: newReceipt() },
      ...{ recipient: transfer.payer ?? '', atMs: Date.now(), ...change },
    });

  it('pays, and books what left', async () => {
    const transfer = await is(await desk.pay(newMsisdn(), 700), 'succeeded');
    const [moved] = await town.control.operator.moved(transfer.payer ?? '', '-700.00');
    expect(transfer.receipt).to.equal(moved?.receipt);
    expect(transfer.payerName).to.match(/^[A-Z]/i);
    expect(await balances()).to.deep.equal([0n, 0n]);
  });

  it('has failed when the operator refuses the person, and nothing left', async () => {
    const recipient = newMsisdn();
    await desk.decide({ msisdn: recipient, code: '2040' });
    const transfer = await is(await desk.pay(recipient, 300), 'failed');
    await desk.decide({ msisdn: recipient });
    expect(transfer).to.include({ failureCause: 'not-registered', receipt: null });
    await town.control.operator.moved(recipient);
    expect(await town.books.balanceOf('reserved:mpesa')).to.equal(-30_000n);
  });

  it('finds out by asking when every result is lost, and pays no second time', async function () {
    this.timeout(60_000);
    const transfer = await underWay();
    await town.control.faults({});
    const paid = await is(transfer, 'succeeded');
    const [moved] = await town.control.operator.moved(paid.payer ?? '', '-500.00');
    expect(paid).to.include({ receipt: moved?.receipt, evidenceRank: 'query' });
  });

  it('is decided by nothing that is forged: no key, another conversation, reference, amount or number', async function () {
    this.timeout(60_000);
    const [transfer, other] = [await underWay(), await underWay()];
    const kept = (await town.books.inbox()).length;
    const { callbackToken: token } = transfer;
    for (const key of ['', 'wrong', 'DEMO', `${KEY}%00`, `%2e%2e/${KEY}`, '..']) {
      for (const path of [`result/${token}`, `timeout/${token}`]) {
        expect((await town.post(at(path, key), said(transfer))).status, `${key} ${path}`).to.equal(404);
      }
    }
    for (const body of ['[]', '"x"', '{}', '{"Result":{}}', JSON.stringify({ Result: { ResultCode: 0 } })]) {
      expect((await town.post(at(`result/${token}`), body)).status, body).to.equal(400);
    }
    const noReceipt = said(transfer)
      .replaceAll(/"TransactionReceipt"/g, '"Nothing"')
      .replace(/"SG\w+"/, '"x"');
    expect((await town.post(at(`result/${token}`), noReceipt)).status, 'a success without a receipt').to.equal(400);
    expect((await town.books.inbox()).length, 'nothing was kept').to.equal(kept);
    const forged = [
      said(transfer, { conversationId: 'AG_forged' }),
      said(transfer, { requestId: 'MZZZZZZZZZ' }),
      said(transfer, { amount: kes(5_000) }),
      said(transfer, { recipient: '+254722999999' }),
      // A failure of another conversation would let it be paid again.
      said(transfer, { conversationId: 'AG_forged', receipt: undefined, code: '2040' }),
      said(other),
    ];
    for (const body of forged) expect((await town.post(at(`result/${token}`), body)).status).to.equal(200);
    for (const wrong of ['0'.repeat(40), '..%2f..%2fx', `${token}%00`, "' OR 1=1 --"]) {
      const path = `result/${encodeURIComponent(wrong)}`;
      expect((await town.post(at(path), said(transfer, { atMs: 1 }))).status).to.be.oneOf([200, 404]);
    }
    await eventually('each is with staff or waits', async () => {
      const rows = (await town.books.inbox({ provider: 'mpesa', kind: 'b2c' })).filter(({ body }) =>
        forged.includes(body),
      );
      expect(rows.map(({ state }) => state)).to.deep.equal(forged.map(() => 'staff'));
    });
    for (const one of [transfer, other]) expect((await find(one)).state).to.be.oneOf(['submitted', 'unknown']);
    await town.control.faults({});
    for (const one of [transfer, other]) await is(one, 'succeeded');
  });

  it('is paid once by a result that is replayed twenty times at once, at every address', async function () {
    this.timeout(60_000);
    const transfer = await is(await desk.pay(newMsisdn(), 200), 'succeeded');
    const [told] = (await town.books.inbox({ kind: 'b2c' })).filter(({ token }) => token === transfer.callbackToken);
    const before = await balances();
    const paths = [`result/${transfer.callbackToken}`, `result/${'0'.repeat(40)}`, `timeout/${transfer.callbackToken}`];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => town.post(at(paths[i % 3] ?? ''), told?.body ?? '')),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    await town.books.untilQuiet();
    expect(await balances()).to.deep.equal(before);
    expect(await find(transfer)).to.include({ state: 'succeeded', receipt: transfer.receipt });
  });

  it('can be planned by what the operator says that the account holds, and by nothing that is forged', async () => {
    await desk.askBalance();
    const told = await eventually('the operator has told it', async () => {
      const found = await desk.balance();
      expect(found?.utilityMinor).to.be.a('bigint');
      return found;
    });
    expect(told?.utilityMinor).to.equal(await town.control.operator.totalMinor());
    const address = (key: string, path: string) => `/callbacks/daraja/${key}/balance/${path}/${told?.callbackToken}`;
    const AccountBalance = 'Utility Account|KES|99999999.00|0';
    const forged = (ConversationID: string | null) => ({
      Result: {
        ...{ ResultCode: 0, ConversationID },
        ResultParameters: { ResultParameter: { Key: 'AccountBalance', Value: AccountBalance } },
      },
    });
    expect((await town.post(address('wrong', 'result'), forged('AG_1'))).status).to.equal(404);
    expect((await town.post(address(KEY, 'result'), {})).status).to.equal(400);
    for (const conversation of ['AG_forged', told?.conversationId ?? '']) {
      expect((await town.post(address(KEY, 'result'), forged(conversation))).status).to.equal(200);
    }
    expect((await town.post(address(KEY, 'timeout'), { Initiator: 'x' })).status).to.equal(200);
    await town.books.untilQuiet();
    expect((await desk.balance())?.utilityMinor).to.equal(told?.utilityMinor);
  });

  it('is not undone by a failure that follows: a person looks', async () => {
    await town.control.faults({ seed: 5, daraja: { contradictingResult: 1 } as object });
    const transfer = await is(await desk.pay(newMsisdn(), 100), 'succeeded');
    await eventually('a person looks', async () => {
      const found = (await town.books.breaks()).find(({ subjectId }) => subjectId === transfer.id);
      expect(found?.breakType).to.equal('contradiction');
    });
    expect((await find(transfer)).state).to.equal('succeeded');
  });
});
