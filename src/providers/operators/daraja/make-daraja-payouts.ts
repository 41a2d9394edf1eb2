import { invariant } from '../../../kernel/index.ts';
import type { PayoutAccount, PayoutOperator } from '../payout-contract.ts';
import { makeAccessTokens } from './access-token.ts';
import { askAccountBalance, parseAccountBalance } from './account-balance.ts';
import { checkDarajaConfig, type DarajaPayoutConfig } from './config.ts';
import { makeDarajaApi } from './daraja-api.ts';
import type { DarajaDeps } from './make-daraja.ts';
import { isPayoutResult, parsePayoutResult, parsePayoutTimeout, requestPayout } from './payout.ts';
import { askTransactionStatus, parseTransactionStatus } from './transaction-status.ts';

/**
 * The side of M-PESA that pays people. It shares the app of the collecting side, and its token. `payouts` are the settings of the
 * account that pays; without them it reads what comes and pays nothing.
 */
export function makeDarajaPayouts(deps: DarajaDeps & { payouts: DarajaPayoutConfig | undefined }): PayoutOperator {
  const { config, payouts, log } = deps;
  checkDarajaConfig(config);
  if (payouts && !/^\d{5,7}$/.test(payouts.shortCode)) {
    throw new Error('DARAJA_B2C_SHORT_CODE is not a short code of 5 to 7 digits');
  }
  const api = makeDarajaApi({ ...deps, tokens: makeAccessTokens(deps) });
  // Never ours in place of another's: whose account is named pays, is asked about, and tells what it holds.
  const of = (account: PayoutAccount | undefined) => {
    const payer = account ?? payouts;
    invariant(payer, 'nothing is asked of an account that is not set up');
    const { shortCode, initiator, securityCredential } = payer;
    return { api, config: { shortCode, initiator, securityCredential, callbackBaseUrl: config.callbackBaseUrl } };
  };
  return {
    // One account has one float, whether it collects, pays or does both.
    name: payouts && payouts.shortCode !== config.shortCode ? 'mpesa-b2c' : 'mpesa',
    network: 'mpesa',
    currency: 'KES',
    shortCode: payouts?.shortCode,
    async pay(request) {
      const answer = await requestPayout(of(request.account), request);
      if (answer.kind === 'rejected' && answer.cause !== 'number-refused') {
        const fields = { code: answer.code, reason: answer.description };
        log?.error(fields, 'daraja: payouts are refused through a fault of ours');
      }
      return answer;
    },
    askStatus: (question, account) => askTransactionStatus(of(account), question),
    askBalance: (token, account) => askAccountBalance(of(account), token),
    isPayoutResult,
    parsePayoutResult,
    parseStatusResult: parseTransactionStatus,
    parseBalanceResult: parseAccountBalance,
    parsePayoutTimeout,
  };
}
