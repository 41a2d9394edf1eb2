import { type Msisdn, systemClock } from '../../../src/kernel/index.ts';
import { makeHttpPort } from '../../../src/platform/http/index.ts';
import { memoryTokens } from '../../../src/platform/shared-token/index.ts';
import { makeDarajaPayouts } from '../../../src/providers/operators/daraja/index.ts';
import { deadAddress, html, json, type RecordedRequest, type Replay, startReplayServer } from '../replay-server.ts';
import type { PayoutFate, PayoutWorld } from './payout-world.ts';

const RECIPIENT = '+254711000001' as Msisdn;
const CONVERSATION = 'AG_20240706_20106e9209f64bebd05b';

/** Daraja's B2C by recorded answers: the bodies are the documentation's and captures', with our values put in. */
export async function recordedDarajaPayouts(): Promise<PayoutWorld> {
  let fate: PayoutFate = 'paid';
  const taken = new Map<string, unknown>();
  const results = new Map<string, unknown>();
  const statuses = new Map<string, unknown>();
  const balances = new Map<string, unknown>();
  let utility = 228_037;
  const tokenOf = (fields: Record<string, unknown>) => String(fields.ResultURL).split('/').at(-1) ?? '';

  function answer(request: RecordedRequest): Replay {
    if (request.path.startsWith('/oauth/v1/generate'))
      return json(200, { access_token: 'token-1', expires_in: '3599' });
    const fields = JSON.parse(request.body) as Record<string, unknown>;
    if (request.path === '/mpesa/b2c/v3/paymentrequest') return pay(fields);
    if (request.path === '/mpesa/transactionstatus/v1/query') return status(fields);
    if (request.path === '/mpesa/accountbalance/v1/query') return balance(fields);
    return html(404);
  }

  function pay(fields: Record<string, unknown>): Replay {
    const OriginatorConversationID = String(fields.OriginatorConversationID);
    if (fate === 'http-500') return json(500, {});
    if (fate === 'html') return html(502);
    if (fate === 'pace') {
      const errorMessage = 'Error Occurred: Spike Arrest Violation';
      return json(500, { requestId: '1', errorCode: '500.003.02', errorMessage });
    }
    if (taken.has(OriginatorConversationID)) {
      const errorMessage = 'Duplicate OriginatorConversationID.';
      return json(500, { requestId: '11728-2929992-1', errorCode: '500.002.1001', errorMessage });
    }
    taken.set(OriginatorConversationID, fields);
    if (FAILURES[fate] === undefined) utility -= Number(fields.Amount);
    results.set(tokenOf(fields), resultOf(fate, fields, taken.size));
    if (fate === 'lost-answer') return 'drop';
    return json(200, {
      ...{ ConversationID: CONVERSATION, OriginatorConversationID, ResponseCode: '0' },
      ResponseDescription: 'Accept the service request successfully.',
    });
  }

  function status(fields: Record<string, unknown>): Replay {
    const asked = taken.get(String(fields.OriginalConversationID)) as Record<string, unknown> | undefined;
    if (asked) statuses.set(tokenOf(fields), statusOf(asked, taken.size));
    return json(200, {
      ...{ OriginatorConversationID: '1236-7134259-1', ConversationID: 'AG_20240706_0000', ResponseCode: '0' },
      ResponseDescription: 'Accept the service request successfully.',
    });
  }

  function balance(fields: Record<string, unknown>): Replay {
    balances.set(tokenOf(fields), balanceOf(utility));
    return json(200, {
      ...{ OriginatorConversationID: '515-5258779-3', ConversationID: 'AG_20240706_BBBB', ResponseCode: '0' },
      ResponseDescription: 'Accept the service request successfully.',
    });
  }

  const server = await startReplayServer(answer);
  const http = makeHttpPort({ clock: systemClock });
  const operatorAt = (baseUrl: string) =>
    makeDarajaPayouts({
      http,
      tokens: memoryTokens({ clock: systemClock }),
      clock: systemClock,
      config: {
        ...{ baseUrl, consumerKey: 'key', consumerSecret: 'secret', shortCode: '174379', passkey: 'passkey' },
        ...{ initiator: 'api', securityCredential: 'credential', timeoutMs: 1_000 },
        callbackBaseUrl: 'https://pay.example.org/callbacks/daraja/0a1b2c',
      },
      payouts: { shortCode: '600996', initiator: 'payer', securityCredential: 'credential' },
    });
  return {
    operator: operatorAt(server.url),
    recipient: RECIPIENT,
    arrange: async (next) => {
      fate = next;
    },
    requests: async () => server.requests.filter((one) => one.path.includes('paymentrequest')).length,
    result: async (token) => results.get(token),
    statusResult: async (token) => statuses.get(token),
    balanceResult: async (token) => balances.get(token),
    unreachable: async () => operatorAt(await deadAddress()),
    async stop() {
      http.close();
      await server.stop();
    },
  };
}

const receiptOf = (count: number) => `SG${String(count).padStart(8, '0')}`;

const FAILURES: Partial<Record<PayoutFate, { ResultCode: number; ResultDesc: string }>> = {
  'not-registered': {
    ResultCode: 2040,
    ResultDesc: 'Credit Party customer type (Unregistered or Registered Customer) can not be supported by the service.',
  },
  'float-short': { ResultCode: 1, ResultDesc: 'The balance is insufficient for the transaction.' },
  'credential-refused': { ResultCode: 2001, ResultDesc: 'The initiator information is invalid.' },
};

function resultOf(fate: PayoutFate, fields: Record<string, unknown>, count: number): unknown {
  const { OriginatorConversationID } = fields;
  const ids = { ResultType: 0, OriginatorConversationID, ConversationID: CONVERSATION };
  // One item of reference data is written as itself, not as a list.
  const ReferenceData = {
    ReferenceItem: { Key: 'QueueTimeoutURL', Value: 'https://internalapi.safaricom.co.ke/mpesa/b2cresults/v1/submit' },
  };
  const failure = FAILURES[fate];
  if (failure) return { Result: { ...ids, ...failure, TransactionID: 'SG00000000', ReferenceData } };
  const TransactionID = receiptOf(count);
  const ResultParameter = [
    { Key: 'TransactionAmount', Value: fields.Amount },
    { Key: 'TransactionReceipt', Value: TransactionID },
    { Key: 'ReceiverPartyPublicName', Value: `${fields.PartyB} - JANE WANJIKU` },
    { Key: 'TransactionCompletedDateTime', Value: '06.07.2024 22:48:52' },
    { Key: 'B2CUtilityAccountAvailableFunds', Value: 10116.0 },
    { Key: 'B2CWorkingAccountAvailableFunds', Value: 900000.0 },
    { Key: 'B2CRecipientIsRegisteredCustomer', Value: 'Y' },
    { Key: 'B2CChargesPaidAccountAvailableFunds', Value: -4510.0 },
  ];
  const said = { ResultCode: 0, ResultDesc: 'The service request is processed successfully.', TransactionID };
  return { Result: { ...ids, ...said, ResultParameters: { ResultParameter }, ReferenceData } };
}

function balanceOf(utility: number): unknown {
  const AccountBalance = [
    'Working Account|KES|700000.00|700000.00|0.00|0.00',
    'Float Account|KES|0.00|0.00|0.00|0.00',
    `Utility Account|KES|${utility}.00|${utility}.00|0.00|0.00`,
    'Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00',
    'Organization Settlement Account|KES|0.00|0.00|0.00|0.00',
  ].join('&');
  const ResultParameter = [
    { Key: 'AccountBalance', Value: AccountBalance },
    { Key: 'BOCompletedTime', Value: 20240706224910 },
  ];
  const said = { ResultCode: 0, ResultDesc: 'The service request is processed successfully.', ResultType: 0 };
  const ids = { OriginatorConversationID: '515-5258779-3', ConversationID: 'AG_20240706_BBBB' };
  return { Result: { ...said, ...ids, TransactionID: 'SG00000000', ResultParameters: { ResultParameter } } };
}

function statusOf(asked: Record<string, unknown>, count: number): unknown {
  const ResultParameter = [
    { Key: 'DebitPartyName', Value: '600996 - MALIPO' },
    { Key: 'CreditPartyName', Value: `${asked.PartyB} - JANE WANJIKU` },
    { Key: 'OriginatorConversationID', Value: asked.OriginatorConversationID },
    { Key: 'InitiatedTime', Value: 20240706224852 },
    { Key: 'DebitAccountType', Value: 'Utility Account' },
    { Key: 'TransactionReason' },
    { Key: 'ReasonType', Value: 'Salary Payment via API' },
    { Key: 'TransactionStatus', Value: 'Completed' },
    { Key: 'FinalisedTime', Value: 20240706224852 },
    { Key: 'Amount', Value: asked.Amount },
    { Key: 'ReceiptNo', Value: receiptOf(count) },
  ];
  const said = { ResultCode: 0, ResultDesc: 'The service request is processed successfully.', ResultType: 0 };
  const ids = { OriginatorConversationID: '1236-7134259-1', ConversationID: 'AG_20240706_0000' };
  return { Result: { ...said, ...ids, TransactionID: 'SG00000000', ResultParameters: { ResultParameter } } };
}
