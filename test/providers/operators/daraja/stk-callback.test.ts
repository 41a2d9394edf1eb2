import { expect } from 'chai';
import fc from 'fast-check';
import { parseStkCallback } from '../../../../src/providers/operators/daraja/stk-callback.ts';

type Fields = Record<string, unknown>;

function body(callback: Fields = {}, items: Fields = {}): unknown {
  const values: Fields = {
    Amount: 10.0,
    MpesaReceiptNumber: 'SG71234567',
    TransactionDate: 20240721125132,
    PhoneNumber: 254711000001,
    ...items,
  };
  const Item = Object.entries(values).map(([Name, Value]) => (Value === undefined ? { Name } : { Name, Value }));
  return {
    Body: {
      stkCallback: {
        MerchantRequestID: 'a-1',
        CheckoutRequestID: 'ws_CO_1',
        ResultCode: 0,
        ResultDesc: 'Processed',
        CallbackMetadata: { Item: [...Item, { Name: 'Balance' }] },
        ...callback,
      },
    },
  };
}

describe('daraja prompt callback', () => {
  it('reads the documented success', () => {
    expect(parseStkCallback(body())).to.deep.equal({
      checkoutRequestId: 'ws_CO_1',
      merchantRequestId: 'a-1',
      evidence: {
        rank: 'callback',
        outcome: 'succeeded',
        code: '0',
        description: 'Processed',
        receipt: 'SG71234567',
        amount: { amountMinor: 1000n, currency: 'KES' },
        payer: '+254711000001',
        completedAtMs: Date.UTC(2024, 6, 21, 9, 51, 32),
      },
    });
  });

  it('takes strings where numbers are usual, and the other way round', () => {
    const strings = { Amount: '10.00', TransactionDate: '20240721125132', PhoneNumber: '254711000001' };
    expect(parseStkCallback(body({ ResultCode: '0' }, strings))).to.deep.equal(parseStkCallback(body()));
  });

  it('reads a failure, which has no metadata', () => {
    for (const CallbackMetadata of [undefined, null]) {
      const told = parseStkCallback(
        body({ ResultCode: 1032, ResultDesc: 'Request cancelled by user', CallbackMetadata }),
      );
      expect(told?.evidence).to.deep.equal({
        rank: 'callback',
        outcome: 'failed',
        code: '1032',
        cause: 'cancelled',
        description: 'Request cancelled by user',
      });
    }
  });

  it('never makes a success of anything but 0', () => {
    const code = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constantFrom(null, ' 0', '0 ', '00', '0\n', '+0', '-0'),
    );
    fc.assert(
      fc.property(code, (ResultCode) => {
        const outcome = parseStkCallback(body({ ResultCode }))?.evidence.outcome;
        if (ResultCode !== 0 && ResultCode !== '0') expect(outcome).to.not.equal('succeeded');
      }),
    );
  });

  it('keeps every amount to the cent: no floating point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999_999 }), (cents) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        for (const Amount of [text, JSON.parse(text)]) {
          const amount = parseStkCallback(body({}, { Amount }))?.evidence.amount;
          expect(amount?.amountMinor).to.equal(BigInt(cents));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a success whose amount is none', () => {
    for (const Amount of [undefined, null, -5, '-5', '1e3', 1e21, 'ten', '10.001', {}, [10]]) {
      expect(parseStkCallback(body({}, { Amount })), JSON.stringify(Amount)).to.equal(undefined);
    }
  });

  it('refuses a success without any amount', () => {
    const rest = [{ Name: 'MpesaReceiptNumber', Value: 'SG71234567' }];
    for (const CallbackMetadata of [undefined, null, { Item: [] }, { Item: rest }]) {
      expect(parseStkCallback(body({ CallbackMetadata }))).to.equal(undefined);
    }
  });

  it('leaves out a payer, a receipt or a time that it cannot read', () => {
    const odd = { PhoneNumber: '2547 ***** 001', MpesaReceiptNumber: '<b>', TransactionDate: 'yesterday' };
    const evidence = parseStkCallback(body({}, odd))?.evidence;
    expect(evidence).to.have.all.keys('rank', 'outcome', 'code', 'description', 'amount');
  });

  it('never throws, however the shape is bent', () => {
    const bent = fc.record(
      {
        ResultCode: fc.anything(),
        CallbackMetadata: fc.anything(),
        CheckoutRequestID: fc.anything(),
        ResultDesc: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(bent, fc.anything(), (callback, Amount) => {
        parseStkCallback(body(callback, { Amount }));
        parseStkCallback({ Body: { stkCallback: callback } });
      }),
      { numRuns: 2000 },
    );
  });

  it('stands deep nesting', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(parseStkCallback(deep)).to.equal(undefined);
    expect(parseStkCallback(body({ CallbackMetadata: deep }))).to.equal(undefined);
    expect(parseStkCallback(body({}, { Amount: deep }))).to.equal(undefined);
  });
});
