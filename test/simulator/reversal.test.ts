import { expect } from 'chai';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

interface Told {
  ResultCode: number | string;
  TransactionID: string;
  ConversationID: string;
  ResultParameters?: { ResultParameter: { Key: string; Value?: unknown }[] };
}

describe('a reversal at the simulated operator', () => {
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

  async function paid(): Promise<string> {
    await simulator.call('PUT', `/control/handsets/${encodeURIComponent(PAYER)}`, { answer: 'pay', delayMs: 0 });
    await daraja.push();
    await simulator.gateway.until('/stk/');
    return (await daraja.transactions())[0].receipt;
  }
  const results = async (count = 1): Promise<Told[]> => {
    const told = await simulator.gateway.until('/reversal/result/cc33', count);
    return told.map(({ fields }) => fields.Result as Told);
  };
  const balance = async () => (await simulator.call('GET', `/control/wallets/${PAYER}`)).json.balance;

  it('gives the money back, and says so at ResultURL with a receipt of its own', async () => {
    const receipt = await paid();
    expect(await balance()).to.equal('999500.00');
    const ack = await daraja.reverse(receipt);
    expect(ack.json).to.include({ ResponseCode: '0' });
    const [told] = await results();
    expect(told).to.include({ ResultCode: 0, ConversationID: ack.json.ConversationID });
    const values = new Map(told?.ResultParameters?.ResultParameter.map(({ Key, Value }) => [Key, Value]));
    expect(values.get('OriginalTransactionID')).to.equal(receipt);
    expect(values.get('Amount')).to.equal(500);
    expect(String(values.get('CreditPartyPublicName'))).to.match(/^254711000001 - /);
    expect(await balance()).to.equal('1000000.00');
    const moved = (await daraja.transactions()).find(({ kind }: { kind: string }) => kind === 'reverse');
    expect(moved).to.include({ receipt: told?.TransactionID, amount: '-500.00' });
  });

  it('gives it back once, of the whole amount, and only what it knows', async () => {
    const receipt = await paid();
    await daraja.reverse(receipt, { Amount: '499' });
    expect((await results())[0])
      .to.include({ ResultCode: 'R000002' })
      .and.not.have.property('ResultParameters');
    await daraja.reverse(receipt);
    await results(2);
    await daraja.reverse(receipt);
    await daraja.reverse('SG7NOTHERE');
    const codes = (await results(4)).map(({ ResultCode }) => ResultCode);
    expect(codes.sort()).to.deep.equal([0, 'R000001', 'R000002', 'R000002']);
    expect(await balance()).to.equal('1000000.00');
  });

  it('refuses a request that is not of the wire’s shape, and does nothing', async () => {
    const receipt = await paid();
    for (const change of [
      { ReceiverParty: '600000' },
      { RecieverIdentifierType: '4' },
      { CommandID: 'Reversal' },
      { Amount: '-1' },
      { ResultURL: 'nowhere' },
      { Remarks: '' },
    ]) {
      const answer = await daraja.reverse(receipt, change);
      expect(answer.status, JSON.stringify(change)).to.equal(400);
      expect(answer.json.errorCode).to.equal('400.002.02');
    }
    expect(await balance()).to.equal('999500.00');
  });

  it('can be asked about by the id of the request, and by the receipt that it undid', async () => {
    const receipt = await paid();
    const ack = await daraja.reverse(receipt);
    const [told] = await results();
    const asked = async (TransactionID: string, changes: object, count: number) => {
      await daraja.status(TransactionID, { ...changes });
      const all = await simulator.gateway.until('/status/result/bb22', count);
      const told = all[count - 1]?.fields.Result as Told | undefined;
      return new Map(told?.ResultParameters?.ResultParameter.map(({ Key, Value }) => [Key, Value]));
    };
    const about = await asked('', { OriginalConversationID: ack.json.OriginatorConversationID }, 1);
    expect(about.get('ReceiptNo')).to.equal(told?.TransactionID);
    expect(about.get('TransactionStatus')).to.equal('Completed');
    expect((await asked(receipt, {}, 2)).get('TransactionStatus')).to.equal('Reversed');
  });

  it('may run out of time: the request comes back, and the money may have gone back or not', async () => {
    await simulator.call('PUT', '/control/faults', { seed: 7, daraja: { queueTimeOut: 1 } });
    const receipt = await paid();
    await daraja.reverse(receipt);
    const [timedOut] = await simulator.gateway.until('/reversal/timeout/cc33');
    expect(timedOut?.fields).to.include({ TransactionID: receipt });
    expect(['999500.00', '1000000.00']).to.include(await balance());
  });
});
