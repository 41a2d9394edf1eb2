import { z } from 'zod';
import type { Clock } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { Evidence, OperatorIds } from '../contract.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { promptOutcome } from './result-codes.ts';
import { signature } from './stk-push.ts';

/** Asks what became of a prompt. The answer has neither receipt nor amount. */
export async function queryPrompt(
  deps: { api: DarajaApi; clock: Clock; config: DarajaConfig },
  ids: OperatorIds,
): Promise<Evidence> {
  const reply = await deps.api.post('prompt-query', '/mpesa/stkpushquery/v1/query', {
    ...signature(deps.config, deps.clock),
    CheckoutRequestID: ids.checkoutRequestId,
  });
  return readQueryAnswer(reply, ids);
}

const QueryAnswer = z.object({
  ResponseCode: wireCode,
  ResultCode: wireCode,
  ResultDesc: wireText(1000).optional().catch(undefined),
  CheckoutRequestID: wireText(100).optional().catch(undefined),
});

/** An error (`500.001.1001` is "still in flight"), or anything that cannot be used, leaves the prompt pending. */
export function readQueryAnswer(reply: DarajaReply, ids: OperatorIds): Evidence {
  switch (reply.kind) {
    case 'not-sent':
      return pending('not-sent', reply.description);
    case 'unclear':
      return pending(reply.code, reply.description);
    case 'refused':
      return pending(reply.code, reply.message);
    case 'answer': {
      const read = QueryAnswer.safeParse(reply.body);
      if (!read.success) return pending('unreadable', 'no result in the answer');
      const { ResponseCode, ResultCode, ResultDesc, CheckoutRequestID } = read.data;
      if (ResponseCode !== '0') return pending(ResponseCode, 'the query was not taken on');
      if (CheckoutRequestID !== undefined && CheckoutRequestID !== ids.checkoutRequestId) {
        return pending('other-request', 'the answer is about another request');
      }
      const description = shortText(ResultDesc ?? '');
      return { rank: 'query', ...promptOutcome(ResultCode), code: ResultCode, description };
    }
  }
}

function pending(code: string, description: string): Evidence {
  return { rank: 'query', outcome: 'pending', code, description };
}
