import { inspect } from 'node:util';
import { expect } from 'chai';
import { DeadlineError, type Msisdn } from '../../../../src/kernel/index.ts';
import { readPackageFault } from '../../../../src/providers/sms/africastalking/package-fault.ts';

const TO = '+254711000001' as Msisdn;

/** As axios throws it: the key is in there more than once. */
function axiosError(change: object): Error {
  const config = { headers: { apikey: 'atsk_secret' }, url: 'https://api.africastalking.com/version1/messaging' };
  return Object.assign(new Error('Request failed'), {
    isAxiosError: true,
    config,
    request: { _header: 'apikey: atsk_secret' },
    ...change,
  });
}

describe("what the package's errors prove", () => {
  const cases = [
    [axiosError({ code: 'ECONNREFUSED' }), 'later'],
    [axiosError({ code: 'ENOTFOUND' }), 'later'],
    [axiosError({ code: 'ECONNRESET' }), 'unknown'],
    [axiosError({ code: 'ETIMEDOUT' }), 'unknown'],
    [axiosError({ response: { status: 400, data: 'Must have required field' } }), 'rejected'],
    [axiosError({ response: { status: 401, data: 'The supplied authentication is invalid atsk_secret' } }), 'later'],
    [axiosError({ response: { status: 500, data: {} } }), 'unknown'],
    [axiosError({}), 'unknown'],
    [new DeadlineError('no answer within 5000 ms'), 'unknown'],
    [new Error('must NOT contain invalid phone number; '), 'rejected'],
    [new Error('anything else'), 'unknown'],
    ['<html>', 'unknown'],
    [undefined, 'unknown'],
  ] as const;

  cases.forEach(([fault, kind], index) => {
    it(`case ${index + 1}: ${kind}, without the key`, () => {
      const answer = readPackageFault(fault, TO);
      expect(answer.kind).to.equal(kind);
      expect(inspect(answer, { depth: 10 })).to.not.include('atsk_secret');
    });
  });
});
