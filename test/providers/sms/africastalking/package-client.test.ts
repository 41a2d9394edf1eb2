import { expect } from 'chai';
import { type Msisdn, systemClock } from '../../../../src/kernel/index.ts';
import { makeAfricasTalkingSms } from '../../../../src/providers/sms/africastalking/index.ts';

const TO = '+254711000001' as Msisdn;
const SENT = {
  SMSMessageData: {
    Message: 'Sent to 1/1 Total Cost: KES 0.8000',
    Recipients: [{ statusCode: 101, number: TO, status: 'Success', cost: 'KES 0.8000', messageId: 'ATXid_1' }],
  },
};

const provider = (username: string, apiKey: string) =>
  makeAfricasTalkingSms({ clock: systemClock, config: { username, apiKey, timeoutMs: 1_000 } });

describe("Africa's Talking's package", () => {
  let nock: typeof import('nock');

  before(async () => {
    // Imported here, since it puts itself in front of every request of the process from then on, until it is restored.
    nock = (await import('nock')).default;
    nock.disableNetConnect();
  });
  after(() => {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  });

  it('sends the documented form to the live address, and a sandbox user elsewhere, in one process', async () => {
    const sandbox = provider('sandbox', 'sandbox-key');
    const live = provider('malipo', 'live-key');
    const forms: unknown[] = [];
    const answerAt = (host: string, apikey: string) =>
      nock(host, { reqheaders: { apikey } })
        .post('/version1/messaging', (form) => forms.push(form) > 0)
        .reply(201, SENT);
    const liveCall = answerAt('https://api.africastalking.com', 'live-key');
    const sandboxCall = answerAt('https://api.sandbox.africastalking.com', 'sandbox-key');

    const answers = await Promise.all([
      live.send({ to: TO, text: 'Paid & done', sender: 'MALIPO' }),
      sandbox.send({ to: TO, text: 'Hello' }),
    ]);
    expect(answers[0]).to.deep.equal({ kind: 'accepted', messageId: 'ATXid_1', cost: 'KES 0.8000' });
    expect(answers[1]).to.deep.equal(answers[0]);
    liveCall.done();
    sandboxCall.done();
    expect(forms).to.deep.include({
      username: 'malipo',
      to: TO,
      message: 'Paid & done',
      from: 'MALIPO',
      bulkSMSMode: '1',
    });
    expect(forms).to.deep.include({ username: 'sandbox', to: TO, message: 'Hello', bulkSMSMode: '1' });
  });

  it('reads what the package rejects with when the status is not 201', async () => {
    nock('https://api.africastalking.com').post('/version1/messaging').reply(200, SENT);
    expect(await provider('malipo', 'live-key').send({ to: TO, text: 'x' })).to.include({ kind: 'accepted' });
    nock('https://api.africastalking.com').post('/version1/messaging').reply(202, 'queued');
    expect(await provider('malipo', 'live-key').send({ to: TO, text: 'x' })).to.include({ kind: 'unknown' });
  });

  it('does not send to what is no number', async () => {
    const answer = await provider('malipo', 'live-key').send({ to: '+2547' as Msisdn, text: 'x' });
    expect(answer).to.include({ kind: 'rejected', code: 'invalid' });
  });
});
