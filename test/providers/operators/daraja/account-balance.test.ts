import { expect } from 'chai';
import fc from 'fast-check';
import { parseAccountBalance } from '../../../../src/providers/operators/daraja/account-balance.ts';

const TEXT = [
  'Working Account|KES|700000.00|700000.00|0.00|0.00',
  'Utility Account|KES|228037.50|228037.50|0.00|0.00',
  'Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00',
].join('&');

const result = (AccountBalance: unknown, change: object = {}): unknown => ({
  Result: {
    ...{ ResultType: '0', ResultCode: '0', ResultDesc: 'done', ConversationID: 'AG_1', TransactionID: 'SG0' },
    ResultParameters: {
      ResultParameter: [
        { Key: 'AccountBalance', Value: AccountBalance },
        { Key: 'BOCompletedTime', Value: 20240706224910 },
      ],
    },
    ...change,
  },
});

describe('daraja account balance', () => {
  it('reads each account in cents, also one below nothing', () => {
    expect(parseAccountBalance(result(TEXT))).to.deep.equal({
      ...{ conversationId: 'AG_1', code: '0', description: 'done', asOfMs: Date.UTC(2024, 6, 6, 19, 49, 10) },
      accounts: { utilityMinor: 22_803_750n, workingMinor: 70_000_000n, chargesMinor: -154_000n },
    });
  });

  it('is told by nothing but a Utility Account in shillings', () => {
    for (const text of [
      ...['', 'Utility Account', 'Working Account|KES|1.00|1.00|0.00|0.00', 'Utility Account|USD|1.00|1.00|0.00|0.00'],
      ...['Utility Account|KES|1,000.00|0|0|0', 'Utility Account|KES|1e9|0|0|0', 'Utility Account|KES|--1|0|0|0', 7],
    ]) {
      expect(parseAccountBalance(result(text)), String(text)).to.equal(undefined);
    }
  });

  it('is refused by a code, and then tells nothing', () => {
    const refused = parseAccountBalance(result(TEXT, { ResultCode: 2001, ResultParameters: undefined }));
    expect(refused).to.deep.equal({ conversationId: 'AG_1', code: '2001', description: 'done' });
    expect(parseAccountBalance({ Initiator: 'api', CommandID: 'AccountBalance' }), 'the request').to.equal(undefined);
  });

  it('never throws, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (text) => {
        parseAccountBalance(result(text));
      }),
      { numRuns: 500 },
    );
  });
});
