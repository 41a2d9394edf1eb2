import { formatDecimal, type Msisdn, systemClock } from '../../../src/kernel/index.ts';
import { makeHttpPort } from '../../../src/platform/http/index.ts';
import { memoryTokens } from '../../../src/platform/shared-token/index.ts';
import { makeDaraja } from '../../../src/providers/operators/daraja/index.ts';
import { deadAddress, html, json, type RecordedRequest, type Replay, startReplayServer } from '../replay-server.ts';
import type { OperatorWorld, PromptFate } from './operator-world.ts';

const PAYER = '+254711000001' as Msisdn;
const SHORT_CODE = '174379';

/** One prompt as the recorded operator took it. */
interface Prompt {
  number: number;
  token: string;
  fate: PromptFate;
  fields: Record<string, unknown>;
}

/** Daraja by recorded answers: the bodies are the documentation's and captures', with our values put in. */
export async function recordedDaraja(): Promise<OperatorWorld> {
  let fate: PromptFate = 'paid';
  const prompts: Prompt[] = [];
  const payments = new Map<string, Record<string, unknown>>();
  const statuses = new Map<string, unknown>();
  const reversals = new Map<string, unknown>();
  const reversed = new Map<string, string>();

  function answer(request: RecordedRequest): Replay {
    if (request.path.startsWith('/oauth/v1/generate'))
      return json(200, { access_token: 'token-1', expires_in: '3599' });
    const fields = JSON.parse(request.body) as Record<string, unknown>;
    if (request.path === '/mpesa/stkpush/v1/processrequest') return prompt(fields);
    if (request.path === '/mpesa/stkpushquery/v1/query') return json(200, queryAnswer(fields, prompts));
    if (request.path === '/pulltransactions/v1/query') return json(200, pullAnswer(fields, [...payments.values()]));
    if (request.path === '/mpesa/transactionstatus/v1/query') return status(fields);
    if (request.path === '/mpesa/reversal/v1/request') return reverse(fields);
    if (request.path === '/mpesa/c2b/v2/registerurl') {
      return json(200, { OriginatorCoversationID: '6e86-45dd', ResponseCode: '0', ResponseDescription: 'success' });
    }
    return html(404);
  }

  function prompt(fields: Record<string, unknown>): Replay {
    if (fate === 'http-500') return json(500, {});
    if (fate === 'html') return html(502);
    if (fate === 'busy') {
      return json(500, {
        requestId: '1',
        errorCode: '500.003.02',
        errorMessage: 'Error Occurred: Spike Arrest Violation',
      });
    }
    const token = String(fields.CallBackURL).split('/').at(-1) ?? '';
    const taken = { number: prompts.length + 1, token, fate, fields };
    prompts.push(taken);
    payments.set(receipt(taken), pulledRow(receipt(taken), fields.AccountReference, `${fields.Amount}.00`));
    return fate === 'lost-answer' ? 'drop' : json(200, acknowledgement(taken));
  }

  function status(fields: Record<string, unknown>): Replay {
    const row = payments.get(String(fields.TransactionID));
    const token = String(fields.ResultURL).split('/').at(-1) ?? '';
    statuses.set(token, statusResult(String(fields.TransactionID), row?.amount));
    return json(200, {
      OriginatorConversationID: '1236-7134259-1',
      ConversationID: 'AG_20240721_0000',
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    });
  }

  function reverse(fields: Record<string, unknown>): Replay {
    if (fate === 'http-500') return json(500, {});
    if (fate === 'busy') return json(500, { requestId: '1', errorCode: '500.003.02', errorMessage: 'System is busy' });
    const of = String(fields.TransactionID);
    const token = String(fields.ResultURL).split('/').at(-1) ?? '';
    const before = reversed.has(of);
    if (!before) reversed.set(of, `SR${String(reversed.size).padStart(8, '0')}`);
    reversals.set(token, before ? reversalFailed('R000001') : reversalDone(of, reversed.get(of), fields.Amount));
    return fate === 'lost-answer' ? 'drop' : json(200, reversalTaken);
  }

  const server = await startReplayServer(answer);
  const http = makeHttpPort({ clock: systemClock });
  const operatorAt = (baseUrl: string) =>
    makeDaraja({
      http,
      tokens: memoryTokens({ clock: systemClock }),
      clock: systemClock,
      config: {
        baseUrl,
        consumerKey: 'key',
        consumerSecret: 'secret',
        shortCode: SHORT_CODE,
        passkey: 'passkey',
        initiator: 'api',
        securityCredential: 'credential',
        callbackBaseUrl: 'https://pay.example.org/callbacks/daraja/0a1b2c',
        timeoutMs: 1_000,
      },
    });
  return {
    operator: operatorAt(server.url),
    payer: PAYER,
    arrange: async (next) => {
      fate = next;
    },
    prompts: async () => server.requests.filter((one) => one.path.includes('processrequest')).length,
    callback: async (token) => callbackBody(prompts.find((one) => one.token === token)),
    async payPaybill(account, amount) {
      const id = `SH${String(payments.size).padStart(8, '0')}`;
      payments.set(id, pulledRow(id, account, formatDecimal(amount)));
      return confirmation(id, account, formatDecimal(amount));
    },
    statusResult: async (token) => statuses.get(token),
    reversalResult: async (token) => reversals.get(token),
    unreachable: async () => operatorAt(await deadAddress()),
    async stop() {
      http.close();
      await server.stop();
    },
  };
}

const receipt = (prompt: Prompt): string => `SG${String(prompt.number).padStart(8, '0')}`;

function acknowledgement(prompt: Prompt): unknown {
  return {
    MerchantRequestID: `29115-34620561-${prompt.number}`,
    CheckoutRequestID: `ws_CO_${prompt.number}`,
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  };
}

function callbackBody(prompt: Prompt | undefined): unknown {
  if (!prompt) return undefined;
  const ids = { MerchantRequestID: `29115-34620561-${prompt.number}`, CheckoutRequestID: `ws_CO_${prompt.number}` };
  if (prompt.fate === 'cancelled') {
    return { Body: { stkCallback: { ...ids, ResultCode: 1032, ResultDesc: 'Request cancelled by user' } } };
  }
  const Item = [
    { Name: 'Amount', Value: prompt.fields.Amount },
    { Name: 'MpesaReceiptNumber', Value: receipt(prompt) },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: 20240721125132 },
    { Name: 'PhoneNumber', Value: Number(prompt.fields.PhoneNumber) },
  ];
  return { Body: { stkCallback: { ...ids, ResultCode: 0, ResultDesc: 'Processed', CallbackMetadata: { Item } } } };
}

function queryAnswer(fields: Record<string, unknown>, prompts: readonly Prompt[]): unknown {
  const prompt = prompts.find((one) => `ws_CO_${one.number}` === fields.CheckoutRequestID);
  return {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: `29115-34620561-${prompt?.number}`,
    CheckoutRequestID: fields.CheckoutRequestID,
    ResultCode: prompt?.fate === 'cancelled' ? '1032' : '0',
    ResultDesc: 'The service request is processed successfully.',
  };
}

function pulledRow(transactionId: string, billreference: unknown, amount: string): Record<string, unknown> {
  return {
    transactionId,
    trxDate: '2024-07-21T12:51:32Z',
    msisdn: 711000001,
    sender: 'MPESA',
    transactiontype: 'c2b-pay-bill-debit',
    billreference,
    amount,
    organizationname: 'Malipo',
  };
}

/** Two rows a page, so that more than one page is read. */
function pullAnswer(fields: Record<string, unknown>, rows: readonly unknown[]): unknown {
  const offset = Number(fields.OffSetValue);
  const page = rows.slice(offset, offset + 2);
  if (page.length === 0) return { ResponseRefID: '1', ResponseCode: '1001', ResponseMessage: 'None', Response: '[[]]' };
  return { ResponseRefID: '26178-42530161-2', ResponseCode: '1000', ResponseMessage: 'Success', Response: [page] };
}

function confirmation(TransID: string, BillRefNumber: string, TransAmount: string): unknown {
  return {
    TransactionType: 'Pay Bill',
    TransID,
    TransTime: '20240721125132',
    TransAmount,
    BusinessShortCode: SHORT_CODE,
    BillRefNumber,
    InvoiceNumber: '',
    OrgAccountBalance: '49197.00',
    ThirdPartyTransID: '',
    MSISDN: '2547 ***** 001',
    FirstName: 'JANE',
    MiddleName: '',
    LastName: '',
  };
}

function statusResult(ReceiptNo: string, Amount: unknown): unknown {
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      OriginatorConversationID: '1236-7134259-1',
      ConversationID: 'AG_20240721_0000',
      TransactionID: 'MBN0000000',
      ResultParameters: {
        ResultParameter: [
          { Key: 'DebitPartyName', Value: 'JANE WANJIKU' },
          { Key: 'DebitPartyName', Value: `${PAYER.slice(1)} - JANE WANJIKU` },
          { Key: 'TransactionStatus', Value: 'Completed' },
          { Key: 'Amount', Value: Amount },
          { Key: 'ReceiptNo', Value: ReceiptNo },
          { Key: 'FinalisedTime', Value: 20240721125132 },
        ],
      },
      ReferenceData: { ReferenceItem: { Key: 'Occasion' } },
    },
  };
}

const conversation = { OriginatorConversationID: '71840-27539181-07', ConversationID: 'AG_20240721_RRRR' };
const reversalTaken = {
  ...conversation,
  ResponseCode: '0',
  ResponseDescription: 'Accept the service request successfully.',
};

function reversalDone(of: string, TransactionID: string | undefined, Amount: unknown): unknown {
  const ResultParameter = [
    { Key: 'DebitAccountBalance', Value: 'Utility Account|KES|7722179.62|7722179.62|0.00|0.00' },
    { Key: 'Amount', Value: Amount },
    { Key: 'TransCompletedTime', Value: 20240721125215 },
    { Key: 'OriginalTransactionID', Value: of },
    { Key: 'Charge', Value: 0 },
    { Key: 'CreditPartyPublicName', Value: `${PAYER.slice(1)} - JANE WANJIKU` },
    { Key: 'DebitPartyPublicName', Value: `${SHORT_CODE} - MALIPO` },
  ];
  const said = { ResultType: 0, ResultCode: 0, ResultDesc: 'The service request is processed successfully.' };
  return { Result: { ...said, ...conversation, TransactionID, ResultParameters: { ResultParameter } } };
}

function reversalFailed(ResultCode: string): unknown {
  const said = { ResultType: 0, ResultCode, ResultDesc: 'The transaction has already been reversed.' };
  return { Result: { ...said, ...conversation, TransactionID: 'SG00000000' } };
}
