import { expect } from 'chai';
import { parseTransactionStatus } from '../../../../src/providers/operators/daraja/transaction-status.ts';

const PARAMETERS = [
  { Key: 'DebitPartyName', Value: '254711000001 - JANE - WANJIKU' },
  { Key: 'DebitPartyName', Value: 'JANE WANJIKU' },
  { Key: 'TransactionStatus', Value: 'Completed' },
  { Key: 'Amount', Value: 500.0 },
  { Key: 'ReceiptNo', Value: 'SG71234567' },
  { Key: 'FinalisedTime', Value: '21.07.2024 12:51:32' },
  { Key: 'TransactionReason' },
];

const result = (change: object = {}): unknown => ({
  Result: {
    ResultType: '0',
    ResultCode: '0',
    ResultDesc: 'Processed',
    OriginatorConversationID: '1236-7134259-1',
    ConversationID: 'AG_1',
    TransactionID: 'OAA0000000',
    ResultParameters: { ResultParameter: PARAMETERS },
    ReferenceData: { ReferenceItem: [{ Key: 'Occasion', Value: 'x' }] },
    ...change,
  },
});

describe('daraja transaction status', () => {
  it('reads a completed transaction with its payer', () => {
    expect(parseTransactionStatus(result())).to.deep.equal({
      conversationId: 'AG_1',
      found: true,
      completed: true,
      reversed: false,
      code: '0',
      description: 'Processed',
      receipt: 'SG71234567',
      amount: { amountMinor: 50_000n, currency: 'KES' },
      payer: '+254711000001',
      payerName: 'JANE - WANJIKU',
      completedAtMs: Date.UTC(2024, 6, 21, 9, 51, 32),
    });
  });

  it('takes one reference item, or one parameter, for a list of one', () => {
    const single = result({
      ReferenceData: { ReferenceItem: { Key: 'Occasion' } },
      ResultParameters: { ResultParameter: { Key: 'ReceiptNo', Value: 'SG71234567' } },
    });
    expect(parseTransactionStatus(single)).to.include({ found: true, completed: false, receipt: 'SG71234567' });
  });

  it('finds nothing under any code but 0, nor without a receipt', () => {
    expect(parseTransactionStatus(result({ ResultCode: 2032 }))).to.include({ found: false, completed: false });
    expect(parseTransactionStatus(result({ ResultParameters: undefined }))).to.include({
      found: false,
      completed: false,
    });
  });

  it('does not call a transaction completed that is not', () => {
    const pending = PARAMETERS.map((one) => (one.Key === 'TransactionStatus' ? { ...one, Value: 'Authorized' } : one));
    expect(parseTransactionStatus(result({ ResultParameters: { ResultParameter: pending } }))).to.include({
      found: true,
      completed: false,
    });
  });

  it('tells apart what was taken back since', () => {
    const back = PARAMETERS.map((one) => (one.Key === 'TransactionStatus' ? { ...one, Value: 'Reversed' } : one));
    const parameters = { ResultParameters: { ResultParameter: back } };
    expect(parseTransactionStatus(result(parameters))).to.include({ found: true, completed: false, reversed: true });
    expect(parseTransactionStatus(result({ ...parameters, ResultCode: 1 }))).to.include({ reversed: false });
  });

  it('is undefined for another shape, such as the original request at the time-out address', () => {
    expect(parseTransactionStatus({ Initiator: 'api', TransactionID: 'SG71234567' })).to.equal(undefined);
    expect(parseTransactionStatus(result({ ConversationID: undefined }))).to.equal(undefined);
    expect(parseTransactionStatus(result({ ResultParameters: 'x' }))).to.equal(undefined);
  });
});
