import { z } from 'zod';
import { parseMoney } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { StatusAsked } from '../contract.ts';
import type { BalanceResult } from '../payout-contract.ts';
import type { DarajaApi } from './daraja-api.ts';
import { parseNairobiTime } from './nairobi-time.ts';
import { readParameters, resultParameters } from './result-parameters.ts';
import { readAsked, type StatusAsker } from './transaction-status.ts';

/** Asks what the accounts of a short code hold. The result comes to an address of its own; asking twice is harmless. */
export async function askAccountBalance(
  deps: { api: DarajaApi; config: StatusAsker },
  token: string,
): Promise<StatusAsked> {
  const { config } = deps;
  const reply = await deps.api.post('balance', '/mpesa/accountbalance/v1/query', {
    Initiator: config.initiator,
    SecurityCredential: config.securityCredential,
    CommandID: 'AccountBalance',
    PartyA: config.shortCode,
    IdentifierType: '4',
    Remarks: 'Balance',
    QueueTimeOutURL: `${config.callbackBaseUrl}/balance/timeout/${token}`,
    ResultURL: `${config.callbackBaseUrl}/balance/result/${token}`,
  });
  return readAsked(reply);
}

const Result = z.object({
  Result: z.object({
    ResultCode: wireCode,
    ResultDesc: wireText(2000).optional().catch(undefined),
    ConversationID: wireText(100).pipe(z.string().min(1)),
    ResultParameters: resultParameters,
  }),
});

/**
 * What the accounts hold: `Working Account|KES|700000.00|...&Utility Account|KES|228037.00|...`, of which the first number of each is
 * what is available. Undefined when it is not of that shape, also when it claims success without a Utility Account, from which
 * people are paid.
 */
export function parseAccountBalance(body: unknown): BalanceResult | undefined {
  const read = Result.safeParse(body);
  if (!read.success) return undefined;
  const { ResultCode, ResultDesc, ConversationID, ResultParameters } = read.data.Result;
  const said = { conversationId: ConversationID, code: ResultCode, description: shortText(ResultDesc ?? '') };
  if (ResultCode !== '0') return said;
  const all = readParameters(ResultParameters);
  const accounts = readAccounts(all('AccountBalance')[0] ?? '');
  const utilityMinor = accounts.get('utility account');
  if (utilityMinor === undefined) return undefined;
  const workingMinor = accounts.get('working account');
  const chargesMinor = accounts.get('charges paid account');
  const asOfMs = parseNairobiTime(all('BOCompletedTime')[0] ?? '');
  return {
    ...said,
    accounts: {
      utilityMinor,
      ...(workingMinor !== undefined && { workingMinor }),
      ...(chargesMinor !== undefined && { chargesMinor }),
    },
    ...(asOfMs !== undefined && { asOfMs }),
  };
}

/** By name in small letters, in cents. One that cannot be read, or of another currency, is left out. */
function readAccounts(text: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const part of text.split('&').slice(0, 20)) {
    const [name = '', currency, available = ''] = part.split('|');
    const isNegative = available.trim().startsWith('-');
    const amount = currency?.trim() === 'KES' ? parseMoney(available.trim().replace(/^-/, ''), 'KES') : undefined;
    if (amount) found.set(name.trim().toLowerCase(), isNegative ? -amount.amountMinor : amount.amountMinor);
  }
  return found;
}
