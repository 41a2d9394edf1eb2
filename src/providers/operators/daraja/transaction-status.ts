import { z } from 'zod';
import { type Money, type Msisdn, parseMoney, parseMsisdn } from '../../../kernel/index.ts';
import { decimalText, shortText, wireCode, wireText } from '../../wire/index.ts';
import type { StatusAsked, StatusResult } from '../contract.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { parseReceipt } from './stk-callback.ts';

const Asked = z.object({
  ResponseCode: wireCode,
  ConversationID: wireText(100).pipe(z.string().min(1)),
});

/** Asks for one transaction by its receipt. The result comes to an address of its own; asking twice is harmless. */
export async function askTransactionStatus(
  deps: { api: DarajaApi; config: DarajaConfig },
  input: { receipt: string; token: string },
): Promise<StatusAsked> {
  const { config } = deps;
  const reply = await deps.api.post('status', '/mpesa/transactionstatus/v1/query', {
    Initiator: config.initiator,
    SecurityCredential: config.securityCredential,
    CommandID: 'TransactionStatusQuery',
    TransactionID: input.receipt,
    PartyA: config.shortCode,
    IdentifierType: '4',
    ResultURL: `${config.callbackBaseUrl}/status/result/${input.token}`,
    QueueTimeOutURL: `${config.callbackBaseUrl}/status/timeout/${input.token}`,
    Remarks: 'Status',
    Occasion: '',
  });
  switch (reply.kind) {
    case 'refused':
      return { kind: 'unknown', code: reply.code, description: reply.message };
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'not-sent':
      return { kind: 'unknown', code: 'not-sent', description: reply.description };
    case 'answer': {
      const asked = Asked.safeParse(reply.body);
      if (!asked.success)
        return { kind: 'unknown', code: 'unreadable', description: 'no acknowledgement in the answer' };
      const { ResponseCode, ConversationID } = asked.data;
      if (ResponseCode !== '0')
        return { kind: 'unknown', code: ResponseCode, description: 'the question was not taken on' };
      return { kind: 'accepted', conversationId: ConversationID };
    }
  }
}

const Parameter = z.object({
  Key: z.string().max(100),
  Value: z
    .union([z.string().max(500), z.number()])
    .optional()
    .catch(undefined),
});

/** The operator writes a list of one as the one itself. */
const oneOrMany = z.union([z.array(Parameter).max(100), Parameter.transform((one) => [one])]);

const Result = z.object({
  Result: z.object({
    ResultCode: wireCode,
    ResultDesc: wireText(2000).optional().catch(undefined),
    ConversationID: wireText(100).pipe(z.string().min(1)),
    ResultParameters: z.object({ ResultParameter: oneOrMany.optional() }).nullish(),
  }),
});

/**
 * What the operator knows of one transaction. `found` and `completed` are false for every code but 0; that proves nothing
 * about the money.
 */
export function parseTransactionStatus(body: unknown): StatusResult | undefined {
  const read = Result.safeParse(body);
  if (!read.success) return undefined;
  const { ResultCode, ResultDesc, ConversationID, ResultParameters } = read.data.Result;
  const parameters = ResultParameters?.ResultParameter ?? [];
  const all = (key: string): string[] =>
    parameters.filter((one) => one.Key === key).map((one) => decimalText(one.Value ?? ''));
  const receipt = parseReceipt(all('ReceiptNo')[0] ?? '');
  const found = ResultCode === '0' && receipt !== undefined;
  const result: StatusResult = {
    conversationId: ConversationID,
    found,
    completed: found && all('TransactionStatus')[0]?.toLowerCase() === 'completed',
    code: ResultCode,
    description: shortText(ResultDesc ?? ''),
  };
  const amount = amountOf(all('Amount')[0]);
  const completedAtMs = parseNairobiTime(all('FinalisedTime')[0] ?? '');
  return {
    ...result,
    ...(receipt !== undefined && { receipt }),
    ...(amount !== undefined && { amount }),
    ...(completedAtMs !== undefined && { completedAtMs }),
    ...payerOf(all('DebitPartyName')),
  };
}

function amountOf(text: string | undefined): Money | undefined {
  return text === undefined ? undefined : parseMoney(text, 'KES');
}

/** `DebitPartyName` comes twice: once with the number (`254700000001 - JANE W`), once without. */
function payerOf(names: readonly string[]): { payer?: Msisdn; payerName?: string } {
  for (const name of names) {
    const [, number, person] = /^(\+?\d{9,15})\s*-\s*(.*)$/.exec(name) ?? [];
    const payer = number === undefined ? undefined : parseMsisdn(number, 'KE');
    if (payer === undefined) continue;
    const payerName = shortText(person ?? '', 100);
    return { payer, ...(payerName !== '' && { payerName }) };
  }
  return {};
}
