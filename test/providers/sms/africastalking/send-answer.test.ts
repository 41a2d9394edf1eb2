import { expect } from 'chai';
import fc from 'fast-check';
import type { Msisdn } from '../../../../src/kernel/index.ts';
import { readSendAnswer, readSendStatus } from '../../../../src/providers/sms/africastalking/send-answer.ts';

const TO = '+254711000001' as Msisdn;
const recipient = (statusCode: unknown, change: object = {}) => ({
  statusCode,
  number: TO,
  status: 'Words',
  cost: 'KES 0.8000',
  messageId: 'ATXid_1',
  ...change,
});
const answer = (...Recipients: unknown[]) => ({ SMSMessageData: { Message: 'Sent', Recipients } });
const kindOf = (json: unknown) => readSendAnswer(json, TO).kind;

describe('what an answer says of one message', () => {
  const table = {
    accepted: [100, 101, 102, '101'],
    rejected: [401, 402, 403, 404, 406, 409, 502],
    later: [405, 407, 500, 501],
    unknown: [0, 200, 408, 503, 'Success', ''],
  } as const;
  for (const [kind, codes] of Object.entries(table)) {
    for (const code of codes) {
      it(`recipient code ${JSON.stringify(code)}: ${kind}`, () =>
        expect(kindOf(answer(recipient(code)))).to.equal(kind));
    }
  }

  it('finds its own recipient among several', () => {
    const other = recipient(101, { number: '+254711000002' });
    expect(kindOf(answer(other, recipient(406)))).to.equal('rejected');
    expect(kindOf(answer(other, other))).to.equal('unknown');
  });

  it('reads the answer that a list of messages gets, also when it failed', () => {
    expect(kindOf([answer(recipient(101))])).to.equal('accepted');
    const failed = {
      SMSMessageData: { Message: 'Request failed with status code 500', Recipients: [], status: 'failed' },
    };
    expect(kindOf([failed])).to.equal('unknown');
  });

  it('reads a refusal of the whole request, which has no recipient', () => {
    const message = (Message: string) => ({ SMSMessageData: { Message, Recipients: [] } });
    expect(kindOf(message('InvalidSenderId'))).to.equal('rejected');
    expect(kindOf(message('InsufficientBalance'))).to.equal('later');
    expect(kindOf(message('Sent to 0/1'))).to.equal('unknown');
  });

  it('does not call a message accepted that cannot be found again', () => {
    expect(kindOf(answer(recipient(101, { messageId: undefined })))).to.equal('unknown');
  });

  it('takes only a 4xx for a proof that nothing was sent', () => {
    expect(readSendStatus(400).kind).to.equal('rejected');
    for (const status of [401, 403, 404, 429]) expect(readSendStatus(status).kind).to.equal('later');
    for (const status of [200, 301, 408, 500, 502, 503]) expect(readSendStatus(status).kind).to.equal('unknown');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (json) => kindOf(json) === 'unknown'));
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (code, id) => {
        kindOf(answer(recipient(code, { messageId: id, number: id })));
      }),
    );
  });
});
