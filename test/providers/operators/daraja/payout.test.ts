import { expect } from 'chai';
import fc from 'fast-check';
import { type Msisdn, money, systemClock } from '../../../../src/kernel/index.ts';
import type { OutgoingRequest } from '../../../../src/platform/http/index.ts';
import { memoryTokens } from '../../../../src/platform/shared-token/index.ts';
import { makeDaraja, makeDarajaPayouts } from '../../../../src/providers/operators/daraja/index.ts';
import { parsePayoutResult, readPayoutAnswer } from '../../../../src/providers/operators/daraja/payout.ts';

const CONFIG = {
  ...{ baseUrl: 'https://daraja.example', consumerKey: 'key', consumerSecret: 'secret', shortCode: '174379' },
  ...{ passkey: 'pass', initiator: 'api', securityCredential: 'credential', timeoutMs: 5_000 },
  callbackBaseUrl: 'https://pay.example/callbacks/daraja/0a1b',
};
const PAYOUTS = { shortCode: '600996', initiator: 'payer', securityCredential: 'pay-credential' };
const REQUEST = {
  ...{ reference: 'M7K2P9QRST', callbackToken: 'a'.repeat(40), amount: money(50_000n, 'KES') },
  ...{ recipient: '+254711000001' as Msisdn, purpose: 'salary' as const, remarks: 'Pay of November' },
};

function daraja(payouts: typeof PAYOUTS | undefined = PAYOUTS) {
  const requests: OutgoingRequest[] = [];
  const http = {
    async request(request: OutgoingRequest) {
      requests.push(request);
      const isToken = request.url.includes('/oauth/');
      const ack = { ConversationID: 'AG_1', OriginatorConversationID: 'M7K2P9QRST', ResponseCode: '0' };
      const body = isToken ? { access_token: `token-${requests.length}`, expires_in: '3599' } : ack;
      return { status: 200, headers: {}, body: JSON.stringify(body) };
    },
  };
  const deps = { http, tokens: memoryTokens({ clock: systemClock }), clock: systemClock, config: CONFIG };
  return { requests, operator: makeDarajaPayouts({ ...deps, payouts }), collecting: makeDaraja(deps) };
}

describe('daraja payouts', () => {
  it('are written as the wire defines them, with our reference as the id of the request', async () => {
    const { operator, requests } = daraja();
    await operator.pay(REQUEST);
    const [, sent] = requests;
    expect(sent?.url).to.equal('https://daraja.example/mpesa/b2c/v3/paymentrequest');
    expect(sent?.connection).to.equal('recent');
    expect(JSON.parse(sent?.body ?? '')).to.deep.equal({
      OriginatorConversationID: 'M7K2P9QRST',
      InitiatorName: 'payer',
      SecurityCredential: 'pay-credential',
      CommandID: 'SalaryPayment',
      Amount: 500,
      PartyA: '600996',
      PartyB: '254711000001',
      Remarks: 'Pay of November',
      QueueTimeOutURL: `https://pay.example/callbacks/daraja/0a1b/b2c/timeout/${'a'.repeat(40)}`,
      ResultURL: `https://pay.example/callbacks/daraja/0a1b/b2c/result/${'a'.repeat(40)}`,
      Occassion: '',
    });
    const commands = ['business', 'promotion'] as const;
    for (const purpose of commands) await operator.pay({ ...REQUEST, purpose });
    const asked = requests.slice(2).map(({ body }) => JSON.parse(body ?? '').CommandID);
    expect(asked).to.deep.equal(['BusinessPayment', 'PromotionPayment']);
  });

  it('share the token of the app, since a new one would end the other’s', async () => {
    const { operator, collecting, requests } = daraja();
    await collecting.registerPaybill();
    await operator.pay(REQUEST);
    expect(requests.filter(({ url }) => url.includes('/oauth/'))).to.have.length(1);
  });

  it('have the float of the paybill when one account does both, else one of their own', () => {
    expect(daraja().operator).to.include({ name: 'mpesa-b2c', shortCode: '600996' });
    expect(daraja({ ...PAYOUTS, shortCode: '174379' }).operator.name).to.equal('mpesa');
    expect(() => daraja({ ...PAYOUTS, shortCode: '1' })).to.throw(/DARAJA_B2C_SHORT_CODE/);
  });

  it('are asked of no account that is not set up', async () => {
    const deps = { http: { request: () => Promise.reject(new Error('sent')) }, clock: systemClock, config: CONFIG };
    const tokens = memoryTokens({ clock: systemClock });
    const operator = makeDarajaPayouts({ ...deps, tokens, payouts: undefined });
    expect(operator.shortCode).to.equal(undefined);
    const [refused] = await Promise.allSettled([operator.pay(REQUEST)]);
    expect(String((refused as PromiseRejectedResult).reason)).to.match(/not set up/);
  });

  it('tell what an answer proves', () => {
    const refused = (code: string, message = 'no') => readPayoutAnswer({ kind: 'refused', code, message });
    expect(refused('500.002.1001')).to.include({ kind: 'known-before' });
    expect(refused('500.003.02')).to.include({ kind: 'not-sent', why: 'pace' });
    expect(refused('500.003.03')).to.include({ kind: 'not-sent', why: 'pace' });
    expect(refused('404.001.03')).to.include({ kind: 'rejected', cause: 'credential-refused' });
    expect(refused('400.002.02', 'Bad Request - Invalid PartyB')).to.include({ cause: 'number-refused' });
    expect(refused('400.002.02', 'Bad Request - Invalid InitiatorName')).to.include({ cause: 'request-refused' });
    for (const code of ['500.001.1001', '500.001.1000', '503.1', 'x']) {
      expect(refused(code), code).to.include({ kind: 'unknown' });
    }
    const ack = { ConversationID: 'AG_1', OriginatorConversationID: 'M1', ResponseCode: '1' };
    expect(readPayoutAnswer({ kind: 'answer', body: ack })).to.include({ kind: 'unknown', code: '1' });
    expect(readPayoutAnswer({ kind: 'answer', body: {} })).to.include({ kind: 'unknown', code: 'unreadable' });
  });
});

const PARAMETERS = [
  { Key: 'TransactionAmount', Value: 500 },
  { Key: 'TransactionReceipt', Value: 'SG71234567' },
  { Key: 'ReceiverPartyPublicName', Value: '254711000001 - JANE WANJIKU' },
  { Key: 'TransactionCompletedDateTime', Value: '06.07.2024 22:48:52' },
  { Key: 'B2CChargesPaidAccountAvailableFunds', Value: -4510.0 },
];
const result = (change: object = {}): unknown => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: 'The service request is processed successfully.',
    OriginatorConversationID: 'M7K2P9QRST',
    ConversationID: 'AG_1',
    TransactionID: 'SG71234567',
    ResultParameters: { ResultParameter: PARAMETERS },
    ReferenceData: { ReferenceItem: { Key: 'QueueTimeoutURL' } },
    ...change,
  },
});
const failed = (ResultCode: unknown) =>
  parsePayoutResult(result({ ResultCode, TransactionID: 'SG00000000', ResultParameters: undefined }));

describe('a payout’s result', () => {
  it('reads who got what, when, and under which receipt', () => {
    expect(parsePayoutResult(result())).to.deep.equal({
      ids: { conversationId: 'AG_1', requestId: 'M7K2P9QRST' },
      evidence: {
        ...{ rank: 'callback', outcome: 'succeeded', code: '0', receipt: 'SG71234567', payer: '+254711000001' },
        ...{ amount: { amountMinor: 50_000n, currency: 'KES' }, completedAtMs: Date.UTC(2024, 6, 6, 19, 48, 52) },
        description: 'The service request is processed successfully.',
      },
      recipientName: 'JANE WANJIKU',
    });
  });

  it('is a failure for every code that proves one, and says whose', () => {
    const causes: [unknown, string][] = [
      [1, 'float-short'],
      ['2', 'amount-limit'],
      [3, 'amount-limit'],
      [4, 'recipient-limit'],
      [8, 'recipient-limit'],
      [11, 'not-permitted'],
      ['21', 'not-permitted'],
      [2001, 'credential-refused'],
      [2006, 'not-permitted'],
      [2028, 'not-permitted'],
      [2040, 'not-registered'],
      [8006, 'credential-locked'],
      ['SFC_IC0003', 'number-refused'],
    ];
    for (const [code, cause] of causes) {
      expect(failed(code)?.evidence, String(code)).to.include({ outcome: 'failed', cause });
      expect(failed(code)?.evidence).to.not.have.any.keys('receipt', 'amount');
    }
  });

  it('proves nothing by a code that is not listed', () => {
    for (const code of ['00', '000', 17, 26, '1032', 'R000001', '-1']) {
      expect(failed(code)?.evidence, String(code)).to.include({ outcome: 'unproven' });
    }
  });

  it('is no success without the amount and one receipt', () => {
    const without = (key: string) => ({
      ResultParameters: { ResultParameter: PARAMETERS.filter((one) => one.Key !== key) },
    });
    expect(parsePayoutResult(result({ ResultParameters: undefined }))).to.equal(undefined);
    expect(parsePayoutResult(result(without('TransactionAmount')))).to.equal(undefined);
    expect(parsePayoutResult(result({ TransactionID: 'SG00000001' })), 'two receipts').to.equal(undefined);
    expect(parsePayoutResult(result(without('TransactionReceipt')))?.evidence.receipt).to.equal('SG71234567');
    expect(parsePayoutResult(result({ OriginatorConversationID: '' }))).to.equal(undefined);
    expect(parsePayoutResult(result({ ConversationID: undefined }))).to.equal(undefined);
  });

  it('never throws, whatever stands in its fields', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys((result() as { Result: object }).Result)), fc.anything()),
        (change) => {
          parsePayoutResult(result(change));
        },
      ),
      { numRuns: 500 },
    );
  });
});
