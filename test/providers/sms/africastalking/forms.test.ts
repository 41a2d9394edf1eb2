import { expect } from 'chai';
import { parseDeliveryReport, parseIncoming, parseOptOut } from '../../../../src/providers/sms/africastalking/forms.ts';

const REPORT = {
  id: 'ATXid_1',
  status: 'Success',
  phoneNumber: '+254711000001',
  networkCode: '63902',
  retryCount: '0',
};
const INCOMING = {
  date: '2026-11-22 10:11:12',
  from: '+254711000001',
  id: 'in-1',
  linkId: '',
  text: 'BAL 100200300',
  to: '40404',
  cost: 'KES 0.0000',
  networkCode: '63902',
};

describe("Africa's Talking SMS forms", () => {
  const statuses = {
    Sent: ['sent', false],
    Submitted: ['sent', false],
    Buffered: ['buffered', false],
    Rejected: ['rejected', true],
    Success: ['delivered', true],
    Failed: ['failed', true],
    AbsentSubscriber: ['absent', false],
    Expired: ['expired', false],
  } as const;
  for (const [status, [expected, final]] of Object.entries(statuses)) {
    it(`delivery report ${status}`, () => {
      const report = parseDeliveryReport({ ...REPORT, status });
      expect(report).to.deep.equal({ messageId: 'ATXid_1', status: expected, final });
    });
  }

  it('spells the failure reason one way', () => {
    for (const failureReason of ['NotNetworkSubcriber', 'NotNetworkSubscriber']) {
      const report = parseDeliveryReport({ ...REPORT, status: 'Failed', failureReason });
      expect(report?.failureReason).to.equal('NotNetworkSubscriber');
    }
    expect(parseDeliveryReport({ ...REPORT, failureReason: '' })).to.not.have.property('failureReason');
  });

  it('reads an incoming message in both date formats', () => {
    for (const date of ['2026-11-22 10:11:12', '2026-11-22T10:11:12.000Z']) {
      expect(parseIncoming({ ...INCOMING, date })).to.deep.equal({
        id: 'in-1',
        from: '+254711000001',
        to: '40404',
        text: 'BAL 100200300',
      });
    }
  });

  it('reads an opt-out, also with the plus lost to form decoding', () => {
    for (const phoneNumber of ['+254711000001', ' 254711000001', '254711000001']) {
      expect(parseOptOut({ senderId: 'MALIPO', phoneNumber })).to.deep.equal({
        from: '+254711000001',
        sender: 'MALIPO',
      });
    }
  });

  it('takes nothing that is not of the shape', () => {
    expect(parseDeliveryReport({ ...REPORT, status: 'Lost' })).to.equal(undefined);
    expect(parseDeliveryReport({ ...REPORT, status: 'constructor' })).to.equal(undefined);
    expect(parseDeliveryReport({ ...REPORT, id: '' })).to.equal(undefined);
    expect(parseDeliveryReport({ id: 'ATXid_1', status: 'Sent' })).to.equal(undefined);
    // Who sent it is judged where it is answered: refused here, the gateway would bring it again for hours.
    expect(parseIncoming({ ...INCOMING, from: 'Safaricom' })?.from).to.equal('Safaricom');
    expect(parseIncoming({ ...INCOMING, from: '' })).to.equal(undefined);
    expect(parseIncoming({ ...INCOMING, text: 'x'.repeat(2001) })).to.equal(undefined);
    expect(parseOptOut({ senderId: '', phoneNumber: '+254711000001' })).to.equal(undefined);
    expect(parseOptOut({})).to.equal(undefined);
  });
});
