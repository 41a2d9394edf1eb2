import { expect } from 'chai';
import { type Clock, type Msisdn, money, systemClock } from '../../../../src/kernel/index.ts';
import {
  HttpFault,
  type HttpPort,
  type IncomingAnswer,
  type OutgoingRequest,
} from '../../../../src/platform/http/index.ts';
import { memoryTokens } from '../../../../src/platform/shared-token/index.ts';
import { makeDaraja } from '../../../../src/providers/operators/daraja/index.ts';

const ACK = { MerchantRequestID: 'a-1', CheckoutRequestID: 'ws_CO_1', ResponseCode: '0' };
const REQUEST = {
  reference: 'M7K2P9QRST',
  callbackToken: 'a'.repeat(40),
  amount: money(50_000n, 'KES'),
  payer: '+254711000001' as Msisdn,
  description: 'Maji Water account',
};

/** A port that answers from a script; the token request always gets `token-<n>`. */
function scripted(script: (request: OutgoingRequest) => unknown, expires_in: unknown = '3599') {
  const requests: OutgoingRequest[] = [];
  let tokens = 0;
  const http: HttpPort = {
    async request(request) {
      requests.push(request);
      const answer = (status: number, value: unknown): IncomingAnswer => ({
        status,
        headers: {},
        body: JSON.stringify(value),
      });
      if (request.url.includes('/oauth/')) {
        tokens += 1;
        return answer(200, { access_token: `token-${tokens}`, expires_in });
      }
      return answer(200, script(request));
    },
  };
  const paths = () => requests.map((one) => new URL(one.url).pathname.split('/').at(-1));
  return { http, requests, paths };
}

const clock: Clock = { ...systemClock, now: () => Date.UTC(2024, 6, 21, 9, 51, 32) };

function operator(http: HttpPort, change: object = {}) {
  return makeDaraja({
    http,
    tokens: memoryTokens({ clock }),
    clock,
    config: {
      baseUrl: 'https://daraja.example',
      consumerKey: 'key',
      consumerSecret: 'secret',
      shortCode: '174379',
      passkey: 'pass',
      initiator: 'api',
      securityCredential: 'credential',
      callbackBaseUrl: 'https://pay.example/callbacks/daraja/0a1b',
      timeoutMs: 5_000,
      ...change,
    },
  });
}

describe('daraja requests', () => {
  it('writes a prompt as the wire defines it', async () => {
    const { http, requests } = scripted(() => ACK);
    await operator(http).collect(REQUEST);
    const [token, prompt] = requests;
    expect(token?.headers?.authorization).to.equal(`Basic ${Buffer.from('key:secret').toString('base64')}`);
    expect(prompt?.headers?.authorization).to.equal('Bearer token-1');
    expect(prompt?.connection).to.equal('new');
    expect(JSON.parse(prompt?.body ?? '')).to.deep.equal({
      BusinessShortCode: '174379',
      Password: Buffer.from('174379pass20240721125132').toString('base64'),
      Timestamp: '20240721125132',
      TransactionType: 'CustomerPayBillOnline',
      Amount: 500,
      PartyA: '254711000001',
      PartyB: '174379',
      PhoneNumber: '254711000001',
      CallBackURL: `https://pay.example/callbacks/daraja/0a1b/stk/${REQUEST.callbackToken}`,
      AccountReference: 'M7K2P9QRST',
      TransactionDesc: 'Maji Water ac',
    });
  });

  it('gets one token for many prompts at once', async () => {
    const { http, paths } = scripted(() => ACK, 3599);
    const mpesa = operator(http);
    await Promise.all([1, 2, 3].map(() => mpesa.collect(REQUEST)));
    expect(paths().filter((path) => path === 'generate')).to.have.length(1);
  });

  for (const errorCode of ['400.003.01', '401.002.01', '404.001.03']) {
    it(`sends once more, with a new token, after ${errorCode}`, async () => {
      const { http, requests, paths } = scripted((request) =>
        request.headers?.authorization === 'Bearer token-1' ? { errorCode, errorMessage: 'Invalid Access Token' } : ACK,
      );
      expect((await operator(http).collect(REQUEST)).kind).to.equal('accepted');
      expect(paths()).to.deep.equal(['generate', 'processrequest', 'generate', 'processrequest']);
      expect(requests.at(-1)?.headers?.authorization).to.equal('Bearer token-2');
    });
  }

  it('stops after the second refused token, and says whose fault it is', async () => {
    const { http, paths } = scripted(() => ({ errorCode: '404.001.03', errorMessage: 'Invalid Access Token' }));
    expect(await operator(http).collect(REQUEST)).to.include({ kind: 'rejected', cause: 'our-fault' });
    expect(paths().filter((path) => path === 'processrequest')).to.have.length(2);
  });

  it('sends nothing a second time after any other error', async () => {
    for (const errorCode of ['500.001.1001', '500.003.02', '400.002.02', '500.002.1001']) {
      const { http, paths } = scripted(() => ({ errorCode, errorMessage: 'Busy' }));
      await operator(http).collect(REQUEST);
      expect(
        paths().filter((path) => path === 'processrequest'),
        errorCode,
      ).to.have.length(1);
    }
  });

  it('sends no prompt without a token', async () => {
    const answers = [
      { status: 400, cause: 'our-fault' },
      { status: 503, cause: 'busy' },
    ];
    for (const { status, cause } of answers) {
      let prompts = 0;
      const http: HttpPort = {
        async request(request) {
          if (!request.url.includes('/oauth/')) prompts += 1;
          return { status, headers: {}, body: '' };
        },
      };
      expect(await operator(http).collect(REQUEST)).to.include({ kind: 'rejected', cause });
      expect(prompts).to.equal(0);
    }
  });

  it('takes a fault for unknown unless it is certain that nothing left', async () => {
    for (const [sent, kind] of [
      ['no', 'rejected'],
      ['maybe', 'unknown'],
    ] as const) {
      const { http } = scripted(() => {
        throw new HttpFault('gone', sent);
      });
      expect((await operator(http).collect(REQUEST)).kind).to.equal(kind);
    }
  });

  it('reads an error that comes with HTTP 200, and never calls it accepted', async () => {
    const { http } = scripted(() => ({ ...ACK, errorCode: '500.999.01', errorMessage: 'Fault' }));
    expect((await operator(http).collect(REQUEST)).kind).to.equal('unknown');
  });

  it('asks for a status with the token in both addresses', async () => {
    const { http, requests } = scripted(() => ({ ResponseCode: '0', ConversationID: 'AG_1' }));
    const asked = await operator(http).askStatus({ receipt: 'SG71234567', token: 'beef' });
    expect(asked).to.deep.equal({ kind: 'accepted', conversationId: 'AG_1' });
    expect(JSON.parse(requests.at(-1)?.body ?? '')).to.deep.include({
      Initiator: 'api',
      CommandID: 'TransactionStatusQuery',
      TransactionID: 'SG71234567',
      PartyA: '174379',
      IdentifierType: '4',
      ResultURL: 'https://pay.example/callbacks/daraja/0a1b/status/result/beef',
      QueueTimeOutURL: 'https://pay.example/callbacks/daraja/0a1b/status/timeout/beef',
    });
  });

  it('asks for a status by the id of an earlier request of ours', async () => {
    const { http, requests } = scripted(() => ({ ResponseCode: '0', ConversationID: 'AG_1' }));
    await operator(http).askStatus({ requestId: '71840-27539181-07', token: 'beef' });
    const body = JSON.parse(requests.at(-1)?.body ?? '');
    expect(body).to.include({ OriginalConversationID: '71840-27539181-07' });
    expect(body).to.not.have.property('TransactionID');
  });

  describe('a reversal', () => {
    const TAKEN = { OriginatorConversationID: '71840-1', ConversationID: 'AG_1', ResponseCode: '0' };
    const BACK = {
      ...{ receipt: 'SG71234567', amount: money(50_000n, 'KES'), callbackToken: 'a'.repeat(40) },
      remarks: `Refund ${'M'.repeat(200)}`,
    };

    it('is written as the wire defines it', async () => {
      const { http, requests } = scripted(() => TAKEN);
      const answer = await operator(http).reverse(BACK);
      expect(answer).to.deep.equal({ kind: 'accepted', ids: { conversationId: 'AG_1', requestId: '71840-1' } });
      expect(new URL(requests.at(-1)?.url ?? '').pathname).to.equal('/mpesa/reversal/v1/request');
      expect(JSON.parse(requests.at(-1)?.body ?? '')).to.deep.equal({
        Initiator: 'api',
        SecurityCredential: 'credential',
        CommandID: 'TransactionReversal',
        TransactionID: 'SG71234567',
        Amount: '500',
        ReceiverParty: '174379',
        RecieverIdentifierType: '11',
        ResultURL: `https://pay.example/callbacks/daraja/0a1b/reversal/result/${BACK.callbackToken}`,
        QueueTimeOutURL: `https://pay.example/callbacks/daraja/0a1b/reversal/timeout/${BACK.callbackToken}`,
        Remarks: `Refund ${'M'.repeat(93)}`,
        Occasion: '',
      });
    });

    it('tells the cents of a payment that had some', async () => {
      const { http, requests } = scripted(() => TAKEN);
      await operator(http).reverse({ ...BACK, amount: money(50_050n, 'KES') });
      expect(JSON.parse(requests.at(-1)?.body ?? '').Amount).to.equal('500.50');
    });

    it('is unknown whenever its answer proves nothing, and goes out once', async () => {
      const unproven = [
        {},
        { ...TAKEN, ResponseCode: '1' },
        { ...TAKEN, ConversationID: '' },
        { errorCode: '500.001.1001' },
      ];
      for (const answer of [...unproven, { errorCode: '500.999.01', errorMessage: 'Fault' }]) {
        const { http, paths } = scripted(() => answer);
        expect((await operator(http).reverse(BACK)).kind, JSON.stringify(answer)).to.equal('unknown');
        expect(paths().filter((path) => path === 'request')).to.have.length(1);
      }
    });

    it('is rejected where it was proven not to be taken', async () => {
      for (const [errorCode, cause] of [
        ['500.003.02', 'busy'],
        ['404.001.03', 'our-fault'],
        ['400.002.02', 'refused'],
      ] as const) {
        const { http } = scripted(() => ({ errorCode, errorMessage: 'no' }));
        expect(await operator(http).reverse(BACK), errorCode).to.include({ kind: 'rejected', cause });
      }
    });
  });

  it('refuses a callback address that the operator would refuse, without telling it', () => {
    const { http } = scripted(() => ACK);
    for (const word of ['mpesa', 'SQL', 'exe', 'Query', 'safaricom', 'cmd']) {
      const callbackBaseUrl = `https://pay.example/callbacks/daraja/5ec${word}ret`;
      expect(() => operator(http, { callbackBaseUrl })).to.throw(Error, new RegExp(`contains "${word.toLowerCase()}"`));
      expect(() => operator(http, { callbackBaseUrl })).to.not.throw('5ec');
    }
    expect(() => operator(http, { callbackBaseUrl: 'pay.example' })).to.throw('PUBLIC_URL');
    expect(() => operator(http, { shortCode: '12' })).to.throw('DARAJA_SHORT_CODE');
  });
});
