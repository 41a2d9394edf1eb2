import { expect } from 'chai';
import {
  isBadRequest,
  isThrottled,
  isTokenRefused,
  promptOutcome,
} from '../../../../src/providers/operators/daraja/result-codes.ts';

describe('daraja result codes', () => {
  const table: Readonly<Record<string, readonly string[]>> = {
    succeeded: ['0'],
    failed: ['1', '1019', '1032', '1037', '2001', '2028', '2029'],
    unproven: ['2', '3', '4', '8', '17', '1025', '8006', 'SFC_IC0003', '9999', '1001', '00', '0.0', '', 'constructor'],
    pending: ['4999'],
  };
  for (const [outcome, codes] of Object.entries(table)) {
    for (const code of codes) {
      it(`"${code}" is ${outcome}`, () => expect(promptOutcome(code).outcome).to.equal(outcome));
    }
  }

  it('tells a refused token, the throttle and a bad request apart', () => {
    for (const code of ['400.003.01', '401.002.01', '404.001.03']) expect(isTokenRefused(code)).to.equal(true);
    for (const code of ['400.002.02', '500.001.1001']) expect(isTokenRefused(code)).to.equal(false);
    for (const code of ['500.003.02', '500.003.03', '429.001.01']) expect(isThrottled(code)).to.equal(true);
    for (const code of ['500.001.1001', '500.002.1001', '400.002.02']) expect(isThrottled(code)).to.equal(false);
    for (const code of ['400.002.02', '404.001.01']) expect(isBadRequest(code)).to.equal(true);
    for (const code of ['500.001.1001', '40', '4999']) expect(isBadRequest(code)).to.equal(false);
  });
});
