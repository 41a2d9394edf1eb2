import { z } from 'zod';
import type { Ids } from '../../kernel/index.ts';
import { jsonReply, parseJson, readNairobiStamp, type SimulatorConfig, type SimulatorReply } from '../basis/index.ts';
import type { Served } from '../faults/index.ts';
import { badField, darajaError, describeResult } from './daraja-replies.ts';
import type { OperatorDeps } from './operator-deps.ts';
import type { PromptShelf } from './prompt-shelf.ts';
import type { Prompts } from './prompts.ts';

/** The operator takes numbers and strings alike. */
const text = z.union([z.string(), z.number()]).transform(String);
const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/);

const Push = z.object({
  BusinessShortCode: text.pipe(z.string().regex(/^\d{5,7}$/)),
  Password: z.string().min(1).max(1_000),
  Timestamp: text.pipe(z.string().refine((stamp) => readNairobiStamp(stamp) !== undefined)),
  TransactionType: z.enum(['CustomerPayBillOnline', 'CustomerBuyGoodsOnline']),
  /** Whole shillings. */
  Amount: text.pipe(z.string().regex(/^[1-9]\d{0,8}$/)),
  PartyA: text.pipe(z.string().regex(/^254[17]\d{8}$/)),
  PartyB: text.pipe(z.string().regex(/^\d{5,7}$/)),
  PhoneNumber: text.pipe(z.string().regex(/^254[17]\d{8}$/)),
  CallBackURL: webAddress,
  AccountReference: text.pipe(z.string().min(1).max(12)),
  TransactionDesc: z.string().max(13).optional(),
});

const Query = Push.pick({ BusinessShortCode: true, Password: true, Timestamp: true }).extend({
  CheckoutRequestID: z.string().min(1).max(100),
});

/** `POST /mpesa/stkpush/v1/processrequest`. */
export async function pushPrompt(deps: OperatorDeps, prompts: Prompts, body: string): Promise<Served> {
  const { ids } = deps.runtime;
  const push = Push.safeParse(parseJson(body));
  if (!push.success) return { reply: badField(ids, fieldOf(push.error)) };
  const refusal = refuseMerchant(ids, deps.config.operator, push.data);
  if (refusal) return { reply: refusal };
  const { PhoneNumber, Amount, AccountReference, TransactionDesc, BusinessShortCode, PartyB, CallBackURL } = push.data;
  if (deps.desk.settingOf(`+${PhoneNumber}`)?.hasWallet === false) return { reply: badField(ids, 'PhoneNumber') };
  const prompt = await prompts.add({
    msisdn: `+${PhoneNumber}`,
    amountMinor: BigInt(Amount) * 100n,
    account: AccountReference,
    description: TransactionDesc ?? '',
    shortCode: BusinessShortCode,
    callbackUrl: CallBackURL,
  });
  const paybill = push.data.TransactionType === 'CustomerPayBillOnline';
  const permitted = !paybill || PartyB === BusinessShortCode;
  return {
    reply: jsonReply(200, {
      MerchantRequestID: prompt.merchantRequestId,
      CheckoutRequestID: prompt.checkoutRequestId,
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    }),
    follow: (early) => (permitted ? prompts.ring(prompt, early) : prompts.close(prompt, 'not-permitted')),
  };
}

/** `POST /mpesa/stkpushquery/v1/query`. It tells no receipt, and the code as text. */
export async function queryPrompt(deps: OperatorDeps, shelf: PromptShelf, body: string): Promise<SimulatorReply> {
  const { ids } = deps.runtime;
  const query = Query.safeParse(parseJson(body));
  if (!query.success) return badField(ids, fieldOf(query.error));
  const refusal = refuseMerchant(ids, deps.config.operator, query.data);
  if (refusal) return refusal;
  const prompt = shelf.find(query.data.CheckoutRequestID);
  if (!prompt) return badField(ids, 'CheckoutRequestID');
  if (!prompt.closed) return darajaError(ids, 500, '500.001.1001', 'The transaction is being processed');
  // What is told must still be true after a kill.
  await deps.journal().flushed();
  const { saidCode } = prompt.closed;
  const contradicted = deps.faults.drawOccasion('contradictingQuery');
  const code = contradicted ? (saidCode === '0' ? '1032' : '0') : saidCode;
  return jsonReply(200, {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    ResultCode: code,
    ResultDesc: describeResult(code),
  });
}

function refuseMerchant(
  ids: Ids,
  config: SimulatorConfig['operator'],
  given: { BusinessShortCode: string; Password: string; Timestamp: string },
): SimulatorReply | undefined {
  const { BusinessShortCode: shortCode, Password: password, Timestamp: timestamp } = given;
  if (shortCode !== config.shortCode) return darajaError(ids, 500, '500.001.1001', 'Merchant does not exist');
  const plain = Buffer.from(password, 'base64').toString('latin1');
  const fits =
    config.passkey === undefined
      ? plain.startsWith(shortCode) && plain.endsWith(timestamp) && plain.length > shortCode.length + timestamp.length
      : plain === `${shortCode}${config.passkey}${timestamp}`;
  return fits ? undefined : darajaError(ids, 500, '500.001.1001', 'Wrong credentials');
}

/** The first field that is wrong, by the wire's own name. */
export function fieldOf(error: z.ZodError): string {
  return String(error.issues[0]?.path[0] ?? 'Request');
}
