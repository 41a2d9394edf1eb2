import type { Clock } from '../../../kernel/index.ts';
import type { HttpPort } from '../../../platform/http/index.ts';
import type { SharedTokens } from '../../../platform/shared-token/index.ts';
import type { ProviderLog, ProviderObserver } from '../../wire/index.ts';
import type { CollectionOperator } from '../contract.ts';
import { makeAccessTokens } from './access-token.ts';
import { darajaAnswers, parseC2bConfirmation, parseC2bValidation, registerC2b } from './c2b.ts';
import { checkDarajaConfig, type DarajaConfig } from './config.ts';
import { makeDarajaApi } from './daraja-api.ts';
import { pullTransactions } from './pull-transactions.ts';
import { parseReversalResult, requestReversal } from './reversal.ts';
import { parseStkCallback } from './stk-callback.ts';
import { pushPrompt } from './stk-push.ts';
import { queryPrompt } from './stk-query.ts';
import { askTransactionStatus, parseTransactionStatus } from './transaction-status.ts';

export interface DarajaDeps {
  http: HttpPort;
  tokens: SharedTokens;
  clock: Clock;
  config: DarajaConfig;
  log?: ProviderLog;
  observe?: ProviderObserver;
}

/** M-PESA in Kenya through Safaricom's Daraja API. Throws when the configuration is one that the operator would refuse. */
export function makeDaraja(deps: DarajaDeps): CollectionOperator {
  const { clock, config, log } = deps;
  checkDarajaConfig(config);
  const api = makeDarajaApi({ ...deps, tokens: makeAccessTokens(deps) });
  return {
    name: 'mpesa',
    displayName: 'M-PESA',
    currency: 'KES',
    shortCode: config.shortCode,
    async collect(request) {
      const answer = await pushPrompt({ api, clock, config }, request);
      // A fault of ours stops every payment, not this one alone.
      if (answer.kind === 'rejected' && answer.cause === 'our-fault') {
        log?.error(
          { code: answer.code, reason: answer.description },
          'daraja: prompts are refused through a fault of ours',
        );
      }
      return answer;
    },
    queryCollection: (ids) => queryPrompt({ api, clock, config }, ids),
    pullMovements: (fromMs, toMs) => pullTransactions({ api, config, ...(log && { log }) }, fromMs, toMs),
    askStatus: (question) => askTransactionStatus({ api, config }, question),
    async reverse(request) {
      const answer = await requestReversal({ api, config }, request);
      if (answer.kind === 'rejected' && answer.cause === 'our-fault') {
        log?.error(
          { code: answer.code, reason: answer.description },
          'daraja: reversals are refused through a fault of ours',
        );
      }
      return answer;
    },
    registerPaybill: () => registerC2b({ api, config }),
    parseCollectCallback: parseStkCallback,
    parsePaybillConfirmation: (body) => parseC2bConfirmation(body, clock),
    parsePaybillValidation: parseC2bValidation,
    parseStatusResult: parseTransactionStatus,
    parseReversalResult,
    answers: darajaAnswers,
  };
}
