import { expect } from 'chai';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

interface StkBody {
  stkCallback: {
    ResultCode: number;
    CheckoutRequestID: string;
    CallbackMetadata?: { Item: { Name: string; Value?: unknown }[] };
  };
}

interface StatusBody {
  ResultCode: number;
  ResultParameters: { ResultParameter: { Key: string; Value?: unknown }[] };
}

describe("the simulated operator, on Daraja's wire", () => {
  let simulator: SimulatorUnderTest;
  let daraja: ReturnType<typeof darajaClient>;

  before(async () => {
    simulator = await runSimulator();
  });
  after(() => simulator.stop());
  beforeEach(async () => {
    await simulator.call('POST', '/control/reset');
    simulator.gateway.received.length = 0;
    daraja = darajaClient(simulator);
    await daraja.signIn();
  });

  const handset = (setting: unknown, number = PAYER) =>
    simulator.call('PUT', `/control/handsets/${encodeURIComponent(number)}`, setting);
  const callbackOf = async (count = 1) => {
    const callback = (await simulator.gateway.until('/stk/', count))[count - 1];
    if (!callback) throw new Error('no callback came');
    return (callback.fields as { Body: StkBody }).Body.stkCallback;
  };

  it('grants a token whose life is a number or a text, and which ends the one before it', async () => {
    const lives = new Set<string>();
    for (let count = 0; count < 30; count += 1) lives.add(typeof (await daraja.signIn()).json.expires_in);
    expect([...lives].sort()).to.deep.equal(['number', 'string']);
    const other = darajaClient(simulator);
    await other.signIn();
    const refused = await daraja.push();
    expect(refused.status).to.equal(404);
    expect(refused.json.errorCode).to.equal('404.001.03');
    expect((await other.push()).json.ResponseCode).to.equal('0');
  });

  it('refuses wrong credentials', async () => {
    const query = '/daraja/oauth/v1/generate?grant_type=client_credentials';
    const answer = await simulator.call('GET', query, undefined, {
      authorization: `Basic ${Buffer.from('key:wrong').toString('base64')}`,
    });
    expect(answer.status).to.equal(400);
  });

  it('asks for the PIN, moves the money and calls back with the receipt', async () => {
    await handset({ answer: 'pay', delayMs: 5 });
    const ack = await daraja.push();
    expect(ack.json.ResponseCode).to.equal('0');
    expect(ack.json.CheckoutRequestID).to.match(/^ws_CO_/);
    const callback = await callbackOf();
    expect(callback.ResultCode).to.equal(0);
    expect(callback.CheckoutRequestID).to.equal(ack.json.CheckoutRequestID);
    const items = new Map(callback.CallbackMetadata?.Item.map((item) => [item.Name, item.Value]));
    expect(items.get('Amount')).to.equal(500);
    expect(items.get('MpesaReceiptNumber')).to.match(/^[A-Z0-9]{10}$/);
    expect(items.get('PhoneNumber')).to.equal(254711000001);
    expect(items.has('Balance')).to.equal(true);
    expect(String(items.get('TransactionDate'))).to.match(/^20\d{12}$/);
    const [moved] = await daraja.transactions();
    expect(moved).to.include({
      kind: 'collect',
      msisdn: PAYER,
      amount: '500.00',
      currency: 'KES',
      account: 'MTEST00001',
    });
    expect(moved.receipt).to.equal(items.get('MpesaReceiptNumber'));
    const wallet = await simulator.call('GET', `/control/wallets/${PAYER}`);
    expect(wallet.json.balance).to.equal('999500.00');
  });

  it('never deduplicates prompts: two prompts are two debits', async () => {
    await handset({ answer: 'pay', delayMs: 5 });
    await Promise.all([daraja.push(), daraja.push()]);
    await simulator.gateway.until('/stk/', 2);
    const moved = await daraja.transactions();
    expect(moved).to.have.length(2);
    expect(moved[0].receipt).to.not.equal(moved[1].receipt);
  });

  for (const [answer, code] of [
    ['cancel', 1032],
    ['wrong-pin', 2001],
  ] as const) {
    it(`says ${code} when the customer answers with ${answer}`, async () => {
      await handset({ answer, delayMs: 5 });
      const ack = await daraja.push();
      const callback = await callbackOf();
      expect(callback.ResultCode).to.equal(code);
      expect(callback).to.not.have.property('CallbackMetadata');
      expect(await daraja.transactions()).to.deep.equal([]);
      const query = await daraja.query(ack.json.CheckoutRequestID);
      expect(query.json.ResultCode).to.equal(String(code));
    });
  }

  it('says 1 when there is too little money', async () => {
    await simulator.call('PUT', `/control/wallets/${PAYER}`, { balance: '499.99' });
    await handset({ answer: 'pay', delayMs: 5 });
    await daraja.push();
    expect((await callbackOf()).ResultCode).to.equal(1);
    expect(await daraja.transactions()).to.deep.equal([]);
  });

  it('lets an ignored prompt expire with 1037 or 1019', async () => {
    await handset({ answer: 'ignore', promptTimeoutMs: 30 });
    await daraja.push();
    expect((await callbackOf()).ResultCode).to.be.oneOf([1037, 1019]);
  });

  it('answers a query about a prompt in flight with 500.001.1001, and about an unknown one with 400.002.02', async () => {
    await handset({ answer: 'pay', delayMs: 60 });
    const ack = await daraja.push();
    const early = await daraja.query(ack.json.CheckoutRequestID);
    expect(early.status).to.equal(500);
    expect(early.json.errorCode).to.equal('500.001.1001');
    await callbackOf();
    const late = await daraja.query(ack.json.CheckoutRequestID);
    expect(late.json).to.include({ ResponseCode: '0', ResultCode: '0' });
    expect(late.text).to.not.match(/receipt/i);
    expect((await daraja.query('ws_CO_unknown')).json.errorCode).to.equal('400.002.02');
  });

  it('can say an unproven code although the money moved, and pull and status still tell the truth', async () => {
    await handset({ answer: 'pay', delayMs: 5, code: '1025' });
    await daraja.push();
    expect((await callbackOf()).ResultCode).to.equal(1025);
    const pulled = await daraja.pull();
    expect(pulled.json.ResponseCode).to.equal('1000');
    const [row] = pulled.json.Response[0];
    expect(row).to.include({ amount: '500.00', billreference: 'MTEST00001', transactiontype: 'c2b-pay-bill-debit' });
  });

  const wrongFields: [string, Record<string, unknown>, string][] = [
    ['a reference of 13 characters', { AccountReference: 'M234567890123' }, '400.002.02'],
    ['a description of 14 characters', { TransactionDesc: '12345678901234' }, '400.002.02'],
    ['an amount with cents', { Amount: 10.5 }, '400.002.02'],
    ['an amount of nothing', { Amount: 0 }, '400.002.02'],
    ['a number with a plus sign', { PhoneNumber: '+254711000001' }, '400.002.02'],
    ['a callback address that is none', { CallBackURL: 'gateway/stk' }, '400.002.02'],
    ['no type', { TransactionType: undefined }, '400.002.02'],
    ['a time that does not exist', { Timestamp: '20261340000000' }, '400.002.02'],
    ['a password that does not fit', { Password: 'bm9wZQ==' }, '500.001.1001'],
    ['a short code of somebody else', { BusinessShortCode: '600000' }, '500.001.1001'],
  ];
  for (const [what, changes, code] of wrongFields) {
    it(`refuses ${what} with ${code} and prompts nobody`, async () => {
      const answer = await daraja.push(changes);
      expect(answer.json.errorCode).to.equal(code);
      expect(answer.json.requestId).to.be.a('string');
      expect((await simulator.call('GET', '/control/operator/prompts')).json).to.deep.equal([]);
    });
  }

  it('says 2028 when type and PartyB disagree', async () => {
    await daraja.push({ PartyB: '600000' });
    expect((await callbackOf()).ResultCode).to.equal(2028);
  });

  it('answers a status query at ResultURL, with DebitPartyName twice', async () => {
    await handset({ answer: 'pay', delayMs: 0 });
    await daraja.push();
    await callbackOf();
    const [moved] = await daraja.transactions();
    const ack = await daraja.status(moved.receipt);
    expect(ack.json.ResponseCode).to.equal('0');
    const [received] = await simulator.gateway.until('/status/result/bb22');
    const result = received?.fields.Result as StatusBody;
    expect(result).to.include({ ResultCode: 0, ConversationID: ack.json.ConversationID, TransactionID: moved.receipt });
    const parameters = result.ResultParameters.ResultParameter;
    const named = parameters.filter(({ Key }) => Key === 'DebitPartyName').map(({ Value }) => String(Value));
    expect(named).to.have.length(2);
    expect(named.some((name) => name.startsWith('254711000001 - '))).to.equal(true);
    expect(parameters).to.deep.include({ Key: 'TransactionStatus', Value: 'Completed' });
    expect(parameters).to.deep.include({ Key: 'ReceiptNo', Value: moved.receipt });
  });

  it('answers a status query about an unknown receipt, or at QueueTimeOutURL', async () => {
    await daraja.status('SG7NOTHERE');
    const [unknown] = await simulator.gateway.until('/status/result/bb22');
    expect(unknown?.fields.Result).to.include({ ResultCode: 2032 });
    await simulator.call('PUT', '/control/faults', { daraja: { queueTimeOut: 1 } });
    await daraja.status('SG7NOTHERE');
    const [timedOut] = await simulator.gateway.until('/status/timeout/bb22');
    expect(timedOut?.fields).to.include({ TransactionID: 'SG7NOTHERE' });
  });

  it('pages a pull by rows, tells the full number, and says 1001 when there is nothing', async () => {
    expect((await daraja.pull()).json).to.deep.include({ ResponseCode: '1001', Response: [[]] });
    const payments = Array.from({ length: 105 }, (_, index) =>
      simulator.call('POST', '/control/c2b', { msisdn: PAYER, amount: 10, account: `A${index}` }),
    );
    await Promise.all(payments);
    const first = await daraja.pull();
    const second = await daraja.pull({ OffSetValue: '100' });
    expect(first.json.Response[0]).to.have.length(100);
    expect(second.json.Response[0]).to.have.length(5);
    expect(second.json.Response[0][0].msisdn).to.equal(254711000001);
    const accounts = [...first.json.Response[0], ...second.json.Response[0]].map((row) => row.billreference);
    expect(new Set(accounts).size).to.equal(105);
    expect((await daraja.pull({ StartDate: 'yesterday' })).json.errorCode).to.equal('400.002.02');
  });
});
