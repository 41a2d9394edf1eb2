import { expect } from 'chai';
import type { DarajaReply } from '../../../../src/providers/operators/daraja/daraja-api.ts';
import { readPromptAnswer } from '../../../../src/providers/operators/daraja/stk-push.ts';
import { readQueryAnswer } from '../../../../src/providers/operators/daraja/stk-query.ts';

const refused = (code: string, message: string): DarajaReply => ({ kind: 'refused', code, message });
const ids = { checkoutRequestId: 'ws_CO_1', merchantRequestId: 'a-1' };

describe('what an answer to a prompt proves', () => {
  it('accepted only with code 0 and both ids', () => {
    const body = { MerchantRequestID: 'a-1', CheckoutRequestID: 'ws_CO_1', ResponseCode: '0' };
    expect(readPromptAnswer({ kind: 'answer', body })).to.deep.equal({ kind: 'accepted', ids });
    for (const change of [{ ResponseCode: '1' }, { CheckoutRequestID: '' }, { CheckoutRequestID: undefined }]) {
      expect(readPromptAnswer({ kind: 'answer', body: { ...body, ...change } }).kind).to.equal('unknown');
    }
  });

  it('a locked subscriber was not prompted, and may be asked once more', () => {
    const text = 'Unable to lock subscriber, a transaction is already in process for the current subscriber';
    expect(readPromptAnswer(refused('500.001.1001', text))).to.include({ kind: 'not-sent', retryAfterMs: 60_000 });
  });

  it('other words under the same code are our own fault, or prove nothing', () => {
    for (const text of ['Wrong credentials', 'Merchant does not exist', 'Invalid Access Credentials']) {
      expect(readPromptAnswer(refused('500.001.1001', text))).to.include({ kind: 'rejected', cause: 'our-fault' });
    }
    for (const text of [
      'The transaction is being processed',
      'Internal Server Error',
      'Request timed out',
      'System error',
    ]) {
      expect(readPromptAnswer(refused('500.001.1001', text)).kind, text).to.equal('unknown');
    }
  });

  it('the throttle is busy; a bad field is ours, but for the number', () => {
    expect(readPromptAnswer(refused('500.003.02', 'System is busy'))).to.include({ kind: 'rejected', cause: 'busy' });
    expect(readPromptAnswer(refused('500.003.03', 'Quota Violation'))).to.include({ kind: 'rejected', cause: 'busy' });
    expect(readPromptAnswer(refused('400.002.02', 'Bad Request - Invalid Amount'))).to.include({ cause: 'our-fault' });
    expect(readPromptAnswer(refused('400.002.02', 'Bad Request - Invalid PhoneNumber'))).to.include({
      cause: 'not-registered',
    });
    expect(readPromptAnswer(refused('404.001.03', 'Invalid Access Token'))).to.include({ cause: 'our-fault' });
  });

  it('what is not listed proves nothing', () => {
    expect(readPromptAnswer(refused('500.002.1001', 'Duplicated'))).to.include({ kind: 'unknown' });
    expect(readPromptAnswer(refused('503.001.01', ''))).to.include({ kind: 'unknown' });
    expect(readPromptAnswer({ kind: 'unclear', code: 'http-500', description: '' })).to.include({ kind: 'unknown' });
    expect(readPromptAnswer({ kind: 'answer', body: {} })).to.include({ kind: 'unknown' });
  });

  it('nothing left the machine: rejected', () => {
    const reply: DarajaReply = { kind: 'not-sent', fault: 'our-fault', description: 'wrong secret' };
    expect(readPromptAnswer(reply)).to.include({ kind: 'rejected', cause: 'our-fault' });
  });
});

describe('what an answer to a query proves', () => {
  const body = { ResponseCode: '0', CheckoutRequestID: 'ws_CO_1', ResultCode: '0', ResultDesc: 'Done' };
  const read = (change: object) => readQueryAnswer({ kind: 'answer', body: { ...body, ...change } }, ids);

  it('reads codes as strings or numbers', () => {
    expect(read({})).to.deep.equal({ rank: 'query', outcome: 'succeeded', code: '0', description: 'Done' });
    expect(read({ ResultCode: 0 }).outcome).to.equal('succeeded');
    expect(read({ ResultCode: '1032' }).outcome).to.equal('failed');
    expect(read({ ResultCode: 17 }).outcome).to.equal('unproven');
  });

  it('is pending while in flight, and for whatever cannot be used', () => {
    expect(read({ ResultCode: '4999' }).outcome).to.equal('pending');
    expect(readQueryAnswer(refused('500.001.1001', 'The transaction is being processed'), ids).outcome).to.equal(
      'pending',
    );
    expect(read({ ResponseCode: '1' }).outcome).to.equal('pending');
    expect(read({ ResultCode: undefined }).outcome).to.equal('pending');
    expect(read({ CheckoutRequestID: 'ws_CO_2' }).outcome).to.equal('pending');
    expect(readQueryAnswer({ kind: 'unclear', code: 'http-502', description: '' }, ids).outcome).to.equal('pending');
  });
});
