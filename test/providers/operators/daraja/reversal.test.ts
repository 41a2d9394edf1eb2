import { expect } from 'chai';
import fc from 'fast-check';
import { parseReversalResult } from '../../../../src/providers/operators/daraja/reversal.ts';

const PARAMETERS = [
  { Key: 'DebitAccountBalance', Value: 'Utility Account|KES|7722179.62|7722179.62|0.00|0.00' },
  { Key: 'Amount', Value: 1.0 },
  { Key: 'TransCompletedTime', Value: 20240721125215 },
  { Key: 'OriginalTransactionID', Value: 'SG71234567' },
  { Key: 'Charge', Value: 0 },
  { Key: 'CreditPartyPublicName', Value: '254711000001 - JANE WANJIKU' },
  { Key: 'DebitPartyPublicName', Value: '174379 - MALIPO' },
];

const result = (change: object = {}): unknown => ({
  Result: {
    ResultType: '0',
    ResultCode: '0',
    ResultDesc: 'The service request is processed successfully.',
    OriginatorConversationID: '71840-27539181-07',
    ConversationID: 'AG_1',
    TransactionID: 'SG81234568',
    ResultParameters: { ResultParameter: PARAMETERS },
    ReferenceData: { ReferenceItem: { Key: 'Occasion' } },
    ...change,
  },
});
const without = (key: string) => ({
  ResultParameters: { ResultParameter: PARAMETERS.filter((one) => one.Key !== key) },
});

describe('daraja reversal result', () => {
  it('reads what went back, to whom, and of which receipt', () => {
    expect(parseReversalResult(result())).to.deep.equal({
      ids: { conversationId: 'AG_1', requestId: '71840-27539181-07' },
      evidence: {
        rank: 'callback',
        outcome: 'succeeded',
        code: '0',
        description: 'The service request is processed successfully.',
        receipt: 'SG81234568',
        amount: { amountMinor: 100n, currency: 'KES' },
        completedAtMs: Date.UTC(2024, 6, 21, 9, 52, 15),
        payer: '+254711000001',
      },
      ofReceipt: 'SG71234567',
      reversedBefore: false,
    });
  });

  it('takes only 0 for success, a number or a text', () => {
    expect(parseReversalResult(result({ ResultCode: 0 }))?.evidence.outcome).to.equal('succeeded');
    for (const ResultCode of [1, 11, '21', 2001, 2006, '2028', 8006]) {
      const failed = parseReversalResult(result({ ResultCode, ResultParameters: undefined }));
      expect(failed?.evidence, String(ResultCode)).to.include({ outcome: 'failed' });
      expect(failed?.evidence).to.not.have.any.keys('receipt', 'amount');
    }
  });

  it('proves nothing by “already reversed”, “unknown transaction” or a code that it does not know', () => {
    for (const ResultCode of ['R000001', 'R000002', '00', '17', 'SFC_IC0003', '']) {
      const told = parseReversalResult(result({ ResultCode, ResultParameters: undefined }));
      if (ResultCode === '') expect(told).to.equal(undefined);
      else expect(told?.evidence.outcome, ResultCode).to.equal('unproven');
      if (told) expect(told.reversedBefore).to.equal(ResultCode === 'R000001');
    }
  });

  it('is no success without a receipt of its own or the amount', () => {
    expect(parseReversalResult(result({ TransactionID: undefined }))).to.equal(undefined);
    expect(parseReversalResult(result({ TransactionID: 'SG71234567' })), 'the one that it undoes').to.equal(undefined);
    expect(parseReversalResult(result(without('Amount')))).to.equal(undefined);
    expect(parseReversalResult(result({ ResultParameters: null }))).to.equal(undefined);
  });

  it('is undefined for another shape, such as the request itself at the time-out address', () => {
    expect(parseReversalResult({ Initiator: 'api', TransactionID: 'SG71234567' })).to.equal(undefined);
    expect(parseReversalResult(result({ ConversationID: undefined }))).to.equal(undefined);
    expect(parseReversalResult(result({ OriginatorConversationID: '' }))).to.equal(undefined);
  });

  it('never throws, whatever stands in its fields', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys((result() as { Result: object }).Result)), fc.anything()),
        (change) => {
          parseReversalResult(result(change));
        },
      ),
      { numRuns: 500 },
    );
  });
});
