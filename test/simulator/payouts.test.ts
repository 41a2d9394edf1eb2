import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

interface Told {
  ResultCode: number | string;
  TransactionID: string;
  OriginatorConversationID: string;
  ConversationID: string;
  ResultParameters?: { ResultParameter: { Key: string; Value?: unknown }[] };
}

describe('payouts at the simulated operator', () => {
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

  const deposit = (amount: string) => simulator.call('POST', '/control/operator/float', { amount });
  const float = async () => (await simulator.call('GET', '/control/operator/float')).json.utility;
  const wallet = async () => (await simulator.call('GET', `/control/wallets/${PAYER}`)).json.balance;
  const decide = (setting: object) => simulator.call('PUT', '/control/operator/payouts', setting);
  const faults = (plan: object) => simulator.call('PUT', '/control/faults', { seed: 7, daraja: plan });
  const results = async (count = 1): Promise<Told[]> =>
    (await simulator.gateway.until('/b2c/result/dd44', count)).map(({ fields }) => fields.Result as Told);

  it('take from the float and fill the wallet, and say so at ResultURL', async () => {
    await deposit('1200');
    const ack = await daraja.pay('MREF0001');
    expect(ack.json).to.include({ ResponseCode: '0', OriginatorConversationID: 'MREF0001' });
    const [told] = await results();
    expect(told).to.include({ ResultCode: 0, OriginatorConversationID: 'MREF0001' });
    expect(told?.ConversationID).to.equal(ack.json.ConversationID);
    const values = new Map(told?.ResultParameters?.ResultParameter.map(({ Key, Value }) => [Key, Value]));
    expect(values.get('TransactionAmount')).to.equal(500);
    expect(values.get('TransactionReceipt')).to.equal(told?.TransactionID);
    expect(String(values.get('ReceiverPartyPublicName'))).to.match(/^254711000001 - /);
    expect(values.get('B2CUtilityAccountAvailableFunds')).to.equal(700);
    expect(await float()).to.equal('700.00');
    expect(await wallet()).to.equal('1000500.00');
    const moved = (await daraja.transactions()).find(({ kind }: { kind: string }) => kind === 'disburse');
    expect(moved).to.include({ receipt: told?.TransactionID, amount: '-500.00', msisdn: PAYER });
  });

  it('end with code 1 when the float is too small, and no parameters', async () => {
    await deposit('499');
    await daraja.pay('MREF0001');
    expect((await results())[0])
      .to.include({ ResultCode: 1 })
      .and.not.have.property('ResultParameters');
    expect(await float()).to.equal('499.00');
  });

  it('are taken once under an id, whatever else is asked under it', async () => {
    await deposit('5000');
    await daraja.pay('MREF0001');
    const again = await daraja.pay('MREF0001', { Amount: 700 });
    expect(again.status).to.equal(500);
    expect(again.json.errorCode).to.equal('500.002.1001');
    await results();
    expect(await float()).to.equal('4500.00');
  });

  it('refuse what is not of the wire’s shape, and do nothing', async () => {
    await deposit('5000');
    for (const change of [
      { PartyA: '600000' },
      { PartyB: 'nobody' },
      { CommandID: 'Salary' },
      { Amount: 0.5 },
      { Amount: -1 },
      { ResultURL: 'nowhere' },
      { Remarks: '' },
      { OriginatorConversationID: '' },
    ]) {
      const answer = await daraja.pay('MREF0001', change);
      expect(answer.status, JSON.stringify(change)).to.equal(400);
      expect(answer.json.errorCode).to.equal('400.002.02');
    }
    expect(await float()).to.equal('5000.00');
  });

  it('end as they are told to, for one number or for all, true or not', async () => {
    await deposit('5000');
    await decide({ msisdn: PAYER, code: '2040' });
    await decide({ code: '2001' });
    await daraja.pay('MREF0001');
    await daraja.pay('MREF0002', { PartyB: '254711000002' });
    const codes = (await results(2)).map(({ ResultCode }) => ResultCode);
    expect(codes.sort()).to.deep.equal([2001, 2040]);
    expect(await float()).to.equal('5000.00');
    await decide({ msisdn: PAYER, said: '8' });
    await daraja.pay('MREF0003');
    expect((await results(3))[2]).to.include({ ResultCode: 8 });
    expect(await float(), 'it was paid, whatever is said').to.equal('4500.00');
    expect((await decide({ code: 'not a code' })).status).to.equal(422);
  });

  it('may run out of time, and may say one thing and then the other', async () => {
    await deposit('5000');
    await faults({ queueTimeOut: 1 });
    await daraja.pay('MREF0001');
    const [timedOut] = await simulator.gateway.until('/b2c/timeout/dd44');
    expect(timedOut?.fields).to.include({ OriginatorConversationID: 'MREF0001' });
    expect(['4500.00', '5000.00']).to.include(await float());
    await faults({ contradictingResult: 1 });
    await daraja.pay('MREF0002');
    expect((await results(2)).map(({ ResultCode }) => ResultCode)).to.deep.equal([0, 8]);
  });

  it('can be asked about by the id of the request, and stand in the statement under it', async () => {
    await deposit('5000');
    await daraja.pay('MREF0001');
    const [told] = await results();
    await daraja.status('', { OriginalConversationID: 'MREF0001' });
    const [status] = await simulator.gateway.until('/status/result/bb22');
    const said = status?.fields.Result as Told;
    const values = new Map(said.ResultParameters?.ResultParameter.map(({ Key, Value }) => [Key, Value]));
    expect(values.get('ReceiptNo')).to.equal(told?.TransactionID);
    expect(values.get('Amount')).to.equal(500);
    expect(String(values.get('CreditPartyName'))).to.match(/^254711000001 - /);
    const period = 'from=2026-01-01&to=2030-01-01';
    const { text } = await simulator.call('GET', `/control/operator/statement?${period}`);
    const rows = text.split('\r\n').slice(9, 11);
    expect(rows[0]).to.match(
      /^\w+,[^,]+,[^,]+,Salary Payment to Customer via API .*Original conversation ID is MREF0001\.,Completed,,-500\.00,/,
    );
    expect(rows[1]).to.include('"5,000.00"');
    expect((await daraja.pull()).json.ResponseCode, 'a pull has payments alone').to.equal('1001');
  });

  it('cannot be reversed: that is a claim', async () => {
    await deposit('5000');
    await daraja.pay('MREF0001');
    const [told] = await results();
    await daraja.reverse(told?.TransactionID ?? '');
    const [reversal] = await simulator.gateway.until('/reversal/result/cc33');
    expect(reversal?.fields.Result).to.include({ ResultCode: 'R000002' });
    expect(await float()).to.equal('4500.00');
  });

  it('are known again after a kill, and taken no second time', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'malipo-test-'));
    const first = await runSimulator({ dataDir });
    const client = darajaClient(first);
    await client.signIn();
    await first.call('POST', '/control/operator/float', { amount: '5000' });
    await client.pay('MREF0001');
    await first.gateway.until('/b2c/result/dd44');
    await first.stop();
    const second = await runSimulator({ dataDir });
    const again = darajaClient(second);
    await again.signIn();
    expect((await second.call('GET', '/control/operator/float')).json.utility).to.equal('4500.00');
    expect((await again.pay('MREF0001')).json.errorCode).to.equal('500.002.1001');
    await second.stop();
    await rm(dataDir, { recursive: true });
  });
});
