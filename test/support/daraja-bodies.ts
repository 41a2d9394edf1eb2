import { formatDecimal, type Money } from '../../src/kernel/index.ts';
import { SHORT_CODE } from './fake-providers.ts';

/** Bodies as M-PESA sends them. Nairobi is three hours ahead of UTC. */
const stamp = (atMs: number): string => new Date(atMs + 3 * 3_600_000).toISOString().replace(/[-T:]/g, '').slice(0, 14);

export interface PromptCallback {
  checkoutRequestId: string;
  merchantRequestId?: string;
  code?: number | string;
  description?: string;
  /** Present on a success. */
  paid?: { amount: Money; receipt: string; payer: string; atMs: number };
}

export function stkCallback(callback: PromptCallback): string {
  const { checkoutRequestId, merchantRequestId = 'mr', code = 0, description = 'Processed', paid } = callback;
  const metadata = paid && {
    CallbackMetadata: {
      Item: [
        { Name: 'Amount', Value: Number(formatDecimal(paid.amount)) },
        { Name: 'MpesaReceiptNumber', Value: paid.receipt },
        { Name: 'Balance' },
        { Name: 'TransactionDate', Value: Number(stamp(paid.atMs)) },
        { Name: 'PhoneNumber', Value: Number(paid.payer.replace('+', '')) },
      ],
    },
  };
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: merchantRequestId,
        CheckoutRequestID: checkoutRequestId,
        ResultCode: code,
        ResultDesc: description,
        ...metadata,
      },
    },
  });
}

export function c2bConfirmation(input: {
  receipt: string;
  amount: Money;
  account: string;
  /** As the wire shows it: masked or whole. */
  msisdn: string;
  atMs: number;
  shortCode?: string;
}): string {
  return JSON.stringify({
    TransactionType: 'Pay Bill',
    TransID: input.receipt,
    TransTime: stamp(input.atMs),
    TransAmount: formatDecimal(input.amount),
    BusinessShortCode: input.shortCode ?? SHORT_CODE,
    BillRefNumber: input.account,
    InvoiceNumber: '',
    OrgAccountBalance: '1000.00',
    ThirdPartyTransID: '',
    MSISDN: input.msisdn,
    FirstName: 'JANE',
  });
}

export function statusResult(input: {
  conversationId: string;
  receipt: string;
  payer: string;
  code?: string;
  status?: string;
  amount?: Money;
}): string {
  const parameter = [
    { Key: 'ReceiptNo', Value: input.receipt },
    { Key: 'TransactionStatus', Value: input.status ?? 'Completed' },
    { Key: 'Amount', Value: input.amount ? formatDecimal(input.amount) : '500.00' },
    { Key: 'DebitPartyName', Value: `${input.payer.replace('+', '')} - JANE WANJIKU` },
    { Key: 'DebitPartyName', Value: 'Pay Bill Account' },
  ];
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: input.code ?? '0',
      ResultDesc: 'done',
      OriginatorConversationID: 'o-1',
      ConversationID: input.conversationId,
      TransactionID: 'X',
      ResultParameters: { ResultParameter: parameter },
    },
  });
}

/** The result of a payout: paid under `receipt`; without one, a failure with its code. */
export function payoutResult(input: {
  conversationId: string;
  requestId: string;
  receipt?: string;
  code?: string;
  amount?: Money;
  recipient?: string;
  atMs?: number;
}): string {
  const { receipt, recipient = '+254711000001', amount } = input;
  const at = stamp(input.atMs ?? 0);
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(at) ?? [];
  const parameter = [
    { Key: 'TransactionAmount', Value: amount ? Number(formatDecimal(amount)) : 500 },
    { Key: 'TransactionReceipt', Value: receipt },
    { Key: 'ReceiverPartyPublicName', Value: `${recipient.replace('+', '')} - JANE WANJIKU` },
    { Key: 'TransactionCompletedDateTime', Value: `${day}.${month}.${year} ${hour}:${minute}:${second}` },
    { Key: 'B2CUtilityAccountAvailableFunds', Value: 10116 },
  ];
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: input.code ?? (receipt ? 0 : 2040),
      ResultDesc: receipt ? 'The service request is processed successfully.' : 'no',
      OriginatorConversationID: input.requestId,
      ConversationID: input.conversationId,
      TransactionID: receipt ?? 'SG00000000',
      ...(receipt ? { ResultParameters: { ResultParameter: parameter } } : {}),
    },
  });
}

/** The result of a reversal: the money of `ofReceipt` went back under `receipt`; without one, a failure with its code. */
export function reversalResult(input: {
  conversationId: string;
  requestId?: string;
  ofReceipt: string;
  receipt?: string;
  code?: string;
  amount?: Money;
  payer?: string;
  atMs?: number;
}): string {
  const { receipt, ofReceipt, payer = '+254711000001', amount } = input;
  const parameter = [
    { Key: 'DebitAccountBalance', Value: 'Utility Account|KES|7722179.62|7722179.62|0.00|0.00' },
    { Key: 'Amount', Value: amount ? formatDecimal(amount) : 500 },
    { Key: 'TransCompletedTime', Value: stamp(input.atMs ?? 0) },
    { Key: 'OriginalTransactionID', Value: ofReceipt },
    { Key: 'Charge', Value: 0 },
    { Key: 'CreditPartyPublicName', Value: `${payer.replace('+', '')} - JANE WANJIKU` },
    { Key: 'DebitPartyPublicName', Value: `${SHORT_CODE} - MALIPO` },
  ];
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: input.code ?? (receipt ? 0 : 'R000002'),
      ResultDesc: receipt ? 'The service request is processed successfully.' : 'no',
      OriginatorConversationID: input.requestId ?? 'rr-1',
      ConversationID: input.conversationId,
      TransactionID: receipt ?? 'SG00000000',
      ...(receipt ? { ResultParameters: { ResultParameter: parameter } } : {}),
    },
  });
}
