import { expect } from 'chai';
import { type Msisdn, systemClock } from '../../../../src/kernel/index.ts';
import {
  darajaAnswers,
  parseC2bConfirmation,
  parseC2bValidation,
  payerFields,
} from '../../../../src/providers/operators/daraja/c2b.ts';

const CONFIRMATION = {
  TransactionType: 'Pay Bill',
  TransID: 'SG71234567',
  TransTime: '20240721125132',
  TransAmount: '5.00',
  BusinessShortCode: '174379',
  BillRefNumber: ' 100200300 ',
  InvoiceNumber: '',
  OrgAccountBalance: '49197.00',
  ThirdPartyTransID: '',
  MSISDN: '2547 ***** 126',
  FirstName: 'JANE',
  MiddleName: '',
  LastName: 'WANJIKU',
};

describe('daraja paybill', () => {
  const read = (change: object) => parseC2bConfirmation({ ...CONFIRMATION, ...change }, systemClock);

  it('reads a confirmation', () => {
    expect(read({})).to.deep.equal({
      receipt: 'SG71234567',
      amount: { amountMinor: 500n, currency: 'KES' },
      account: '100200300',
      shortCode: '174379',
      completedAtMs: Date.UTC(2024, 6, 21, 9, 51, 32),
      maskedPayer: '2547 ***** 126',
      payerName: 'JANE WANJIKU',
    });
  });

  it('knows a full, a masked and a hashed payer', () => {
    expect(payerFields('254711000126')).to.deep.equal({ payer: '+254711000126' as Msisdn });
    expect(payerFields('722000000')).to.deep.equal({ payer: '+254722000000' as Msisdn });
    expect(payerFields('25470****149')).to.deep.equal({ maskedPayer: '25470****149' });
    expect(payerFields('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')).to.deep.equal({});
    expect(payerFields('')).to.deep.equal({});
  });

  it('does not lose money over an odd time, a missing name or control characters', () => {
    expect(read({ TransTime: 'soon' })?.completedAtMs).to.be.closeTo(systemClock.now(), 1000);
    expect(read({ FirstName: undefined, LastName: undefined, MiddleName: null })).to.not.have.property('payerName');
    expect(read({ BillRefNumber: 'A\u0000B\n' })?.account).to.equal('AB');
    expect(read({ TransAmount: 1234.56 })?.amount.amountMinor).to.equal(123_456n);
  });

  it('takes nothing without receipt, amount, account or short code', () => {
    for (const field of ['TransID', 'TransAmount', 'BillRefNumber', 'BusinessShortCode', 'TransTime']) {
      expect(read({ [field]: undefined }), field).to.equal(undefined);
      expect(read({ [field]: { nested: true } }), field).to.equal(undefined);
    }
    for (const TransAmount of ['-5.00', '0.00', '5,00', '1e9', '5.001', 1e300]) {
      expect(read({ TransAmount }), String(TransAmount)).to.equal(undefined);
    }
    expect(read({ BillRefNumber: 'x'.repeat(101) })).to.equal(undefined);
  });

  it('reads a validation, and answers in the codes of the wire', () => {
    expect(parseC2bValidation(CONFIRMATION)).to.deep.equal({
      account: '100200300',
      amount: { amountMinor: 500n, currency: 'KES' },
      shortCode: '174379',
    });
    expect(darajaAnswers.validationAccepted()).to.deep.equal({ ResultCode: '0', ResultDesc: 'Accepted' });
    const codes = (['account', 'amount', 'short-code', 'other'] as const).map((why) =>
      darajaAnswers.validationRefused(why),
    );
    expect(codes).to.deep.equal(
      ['C2B00012', 'C2B00013', 'C2B00015', 'C2B00016'].map((ResultCode) => ({ ResultCode, ResultDesc: 'Rejected' })),
    );
  });
});
