import { gatherFinds } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import { accountOfPayout } from './account-of-payout.ts';
import { askOnSchedule, type InquiryWork } from './ask-on-schedule.ts';
import type { TransferDeps } from './deps.ts';
import { payoutOperatorOf } from './request-payout.ts';
import { TransferSchema } from './transfer.ts';

/**
 * Asks the operator what became of a payout: by our own reference, so that a lost acknowledgement is no hindrance, and by the account that paid,
 * since no other sees it. Where its credential is gone nobody can ask: a person gets it after the last try, and the statement decides.
 */
export function payoutInquirer(deps: TransferDeps): (work: InquiryWork) => Promise<Outcome> {
  // Of a long list most are decided by then, and are looked at together.
  const find = gatherFinds(deps.database, TransferSchema);
  return (work) =>
    askOnSchedule(deps, work, {
      what: 'a payout',
      find,
      async ask(transfer) {
        const from = await accountOfPayout(deps, transfer);
        if (from.kind === 'gone')
          return { kind: 'unknown', code: 'no-credential', description: 'nobody may ask about it' };
        const { operator, callbackToken: token, merchantRequestId, reference } = transfer;
        const question = { token, requestId: merchantRequestId ?? reference };
        return payoutOperatorOf(deps, operator).askStatus(question, from.kind === 'own' ? from.account : undefined);
      },
    });
}
