import { expect } from 'chai';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

describe("the simulated SMS provider, on Africa's Talking's wire", () => {
  let simulator: SimulatorUnderTest;

  before(async () => {
    simulator = await runSimulator({ smsApiKey: 'an-api-key' });
  });
  after(() => simulator.stop());
  beforeEach(async () => {
    await simulator.call('POST', '/control/reset');
    simulator.gateway.received.length = 0;
  });

  const send = (fields: Record<string, string>, headers: Record<string, string> = { apikey: 'an-api-key' }) => {
    const form = new URLSearchParams({ username: 'malipo', bulkSMSMode: '1', ...fields });
    return simulator.call('POST', '/africastalking/version1/messaging', form, headers);
  };
  const recipients = (answer: Awaited<ReturnType<typeof send>>) => answer.json.SMSMessageData.Recipients;

  it('accepts a form with 201, keeps the message, and reports its delivery', async () => {
    const answer = await send({ to: '+254711000001', message: 'Paid KES 500.00', from: 'MALIPO' });
    expect(answer.status).to.equal(201);
    expect(answer.json.SMSMessageData.Message).to.equal('Sent to 1/1 Total Cost: KES 0.8000');
    const [recipient] = recipients(answer);
    expect(recipient).to.include({ statusCode: 101, status: 'Success', number: '+254711000001', cost: 'KES 0.8000' });
    const messages = await simulator.call('GET', '/control/messages?msisdn=+254711000001');
    expect(messages.json).to.have.length(1);
    expect(messages.json[0]).to.include({ to: '+254711000001', text: 'Paid KES 500.00', from: 'MALIPO' });
    const [report] = await simulator.gateway.until('/sms/africastalking/demo/delivery');
    expect(report?.fields).to.include({ id: recipient.messageId, status: 'Success', phoneNumber: '+254711000001' });
  });

  it('takes JSON for many at /bulk and gives each a code of its own', async () => {
    await simulator.call('PUT', '/control/blocked-senders', {
      msisdn: '254711000002',
      sender: 'MALIPO',
      blocked: true,
    });
    const body = {
      username: 'malipo',
      message: 'Hello',
      senderId: 'MALIPO',
      phoneNumbers: ['+254711000001', '+254711000002', 'nonsense'],
    };
    const answer = await simulator.call('POST', '/africastalking/version1/messaging/bulk', body, {
      apikey: 'an-api-key',
    });
    expect(answer.status).to.equal(201);
    expect(recipients(answer).map(({ statusCode }: { statusCode: number }) => statusCode)).to.deep.equal([
      101, 406, 403,
    ]);
    expect(answer.json.SMSMessageData.Message).to.match(/^Sent to 1\/3 /);
  });

  it('blocks one sender only, and tells the gateway of an opt-out', async () => {
    await simulator.call('POST', '/control/opt-out', { msisdn: '+254711000001', sender: 'MALIPOINFO' });
    const [notice] = await simulator.gateway.until('/sms/africastalking/demo/opt-out');
    expect(notice?.fields).to.deep.equal({ senderId: 'MALIPOINFO', phoneNumber: '+254711000001' });
    const blocked = await send({ to: '+254711000001', message: 'Reminder', from: 'MALIPOINFO' });
    const passed = await send({ to: '+254711000001', message: 'Receipt', from: 'MALIPO' });
    expect(recipients(blocked)[0].statusCode).to.equal(406);
    expect(recipients(passed)[0].statusCode).to.equal(101);
  });

  it('posts what a customer writes', async () => {
    await simulator.call('POST', '/control/sms', { from: '0711000001', to: '20384', text: 'BAL 100200300' });
    const [incoming] = await simulator.gateway.until('/sms/africastalking/demo/incoming');
    expect(incoming?.fields).to.include({ from: '+254711000001', to: '20384', text: 'BAL 100200300' });
  });

  it('refuses a wrong key, a missing field and another path', async () => {
    expect((await send({ to: '+254711000001', message: 'x' }, { apikey: 'wrong' })).status).to.equal(401);
    expect((await send({ to: '+254711000001' })).status).to.equal(400);
    expect((await simulator.call('POST', '/africastalking/version1/airtime')).status).to.equal(404);
  });

  it('answers busy by the recipient code 500 or 501, and sends nothing', async () => {
    await simulator.call('PUT', '/control/faults', { sms: { busy: 1 } });
    const answer = await send({ to: '+254711000001', message: 'x' });
    expect(answer.status).to.equal(201);
    expect(recipients(answer)[0].statusCode).to.be.oneOf([500, 501]);
    expect((await simulator.call('GET', '/control/messages')).json).to.deep.equal([]);
  });
});
