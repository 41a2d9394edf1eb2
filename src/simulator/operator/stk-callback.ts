import { nairobiStamp } from '../basis/index.ts';
import { describeResult } from './daraja-replies.ts';
import type { Transaction } from './operator-books.ts';
import type { Prompt } from './prompt-shelf.ts';

/** The callback of a prompt. The account reference is never echoed; a failure has no metadata; `Balance` has no value. */
export function collectCallbackBody(prompt: Prompt, saidCode: string, transaction: Transaction | undefined): string {
  const succeeded = saidCode === '0' && transaction !== undefined;
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: prompt.merchantRequestId,
        CheckoutRequestID: prompt.checkoutRequestId,
        ResultCode: /^\d+$/.test(saidCode) ? Number(saidCode) : saidCode,
        ResultDesc: describeResult(saidCode),
        ...(succeeded && { CallbackMetadata: { Item: metadata(transaction) } }),
      },
    },
  });
}

function metadata(transaction: Transaction) {
  return [
    { Name: 'Amount', Value: Number(transaction.amountMinor) / 100 },
    { Name: 'MpesaReceiptNumber', Value: transaction.receipt },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: Number(nairobiStamp(transaction.at)) },
    { Name: 'PhoneNumber', Value: Number(transaction.msisdn.slice(1)) },
  ];
}
