import { expect } from 'chai';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

describe('payments to the paybill', () => {
  let simulator: SimulatorUnderTest;
  let daraja: ReturnType<typeof darajaClient>;

  before(async () => {
    simulator = await runSimulator();
  });
  after(() => simulator.stop());
  beforeEach(async () => {
    await simulator.call('POST', '/control/reset');
    simulator.gateway.received.length = 0;
    simulator.gateway.answer('/c2b/validation', () => ({
      body: JSON.stringify({ ResultCode: '0', ResultDesc: 'Accepted', ThirdPartyTransID: 'T-77' }),
    }));
    daraja = darajaClient(simulator);
    await daraja.signIn();
    await daraja.register();
  });

  const pay = (changes = {}) =>
    simulator.call('POST', '/control/c2b', { msisdn: PAYER, amount: '1250.00', account: '100200300', ...changes });

  it('asks the validation, moves the money, and confirms with the third party id echoed', async () => {
    const paid = await pay();
    expect(paid.json).to.include({ moved: true, validation: 'accepted' });
    const [validation] = await simulator.gateway.until('/c2b/validation');
    const [confirmation] = await simulator.gateway.until('/c2b/confirmation');
    expect(confirmation?.fields).to.include({
      TransID: paid.json.receipt,
      TransAmount: '1250.00',
      BusinessShortCode: '174379',
      BillRefNumber: '100200300',
      ThirdPartyTransID: 'T-77',
    });
    expect(validation?.fields.TransID).to.equal(paid.json.receipt);
    for (const value of Object.values(confirmation?.fields ?? {})) expect(value).to.be.a('string');
    const [moved] = await daraja.transactions();
    expect(moved).to.include({ kind: 'paybill', amount: '1250.00', account: '100200300', msisdn: PAYER });
  });

  it('masks the payer in both spellings of version 2', async () => {
    for (let count = 0; count < 24; count += 1) await pay({ amount: 1 });
    const received = await simulator.gateway.until('/c2b/confirmation', 24);
    const masks = new Set(received.map(({ fields }) => fields.MSISDN));
    expect([...masks].sort()).to.deep.equal(['2547 ***** 001', '25471****001']);
  });

  it('moves nothing when the validation refuses', async () => {
    simulator.gateway.answer('/c2b/validation', () => ({
      body: JSON.stringify({ ResultCode: 'C2B00012', ResultDesc: 'Rejected' }),
    }));
    const refused = await pay();
    expect(refused.json).to.include({ moved: false, code: 'C2B00012' });
    expect(await daraja.transactions()).to.deep.equal([]);
    expect(simulator.gateway.of('/c2b/confirmation')).to.deep.equal([]);
  });

  it('pays on an unanswered validation when registered as Completed, and does not as Cancelled', async () => {
    simulator.gateway.answer('/c2b/validation', () => ({ status: 500, body: 'oops' }));
    expect((await pay()).json).to.include({ moved: true, validation: 'unanswered' });
    await daraja.register({ ResponseType: 'Cancelled' });
    expect((await pay()).json).to.include({ moved: false });
    expect(await daraja.transactions()).to.have.length(1);
  });

  it('refuses addresses with words that the operator refuses', async () => {
    for (const word of ['mpesa', 'Safaricom', 'exe', 'cmd', 'sql', 'query']) {
      const answer = await daraja.register({ ConfirmationURL: `${simulator.gateway.url}/${word}/confirmation` });
      expect(answer.json.errorCode, word).to.equal('400.002.02');
    }
  });

  it('keeps the registered addresses over a reset', async () => {
    await simulator.call('POST', '/control/reset');
    expect((await pay()).json.moved).to.equal(true);
    await simulator.gateway.until('/c2b/confirmation');
  });

  it('refuses a payment without funds, and a control request that is none', async () => {
    await simulator.call('PUT', `/control/wallets/${PAYER}`, { balance: '10.00' });
    expect((await pay()).json).to.include({ moved: false, code: '1' });
    expect((await pay({ amount: '-5' })).status).to.equal(422);
    expect((await pay({ amount: '0' })).status).to.equal(422);
    expect((await pay({ msisdn: 'nobody' })).status).to.equal(422);
    expect((await pay({ account: '123456789012345678901' })).status).to.equal(422);
  });

  it('confirms a prompt under the same receipt when it is told to', async () => {
    await simulator.call('PUT', '/control/faults', { daraja: { alsoConfirm: 1 } });
    await simulator.call('PUT', `/control/handsets/${PAYER}`, { answer: 'pay', delayMs: 0 });
    await daraja.push();
    const [confirmation] = await simulator.gateway.until('/c2b/confirmation');
    const [moved] = await daraja.transactions();
    expect(confirmation?.fields).to.include({ TransID: moved.receipt, BillRefNumber: 'MTEST00001' });
    expect(await daraja.transactions()).to.have.length(1);
  });
});
