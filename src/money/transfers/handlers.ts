import { inboxTopic } from '../../platform/inbox/index.ts';
import type { Handler } from '../../platform/outbox/index.ts';
import { applyCollectCallback, applyPaybillConfirmation } from './apply-inbox.ts';
import { applyPayoutTimeout, payoutResultApplier } from './apply-payout-result.ts';
import { applyReversalResult, applyReversalTimeout } from './apply-reversal-result.ts';
import { applyStatusResult, applyStatusTimeout } from './apply-status.ts';
import type { InquiryWork } from './ask-on-schedule.ts';
import type { TransferDeps } from './deps.ts';
import { identifyPayer } from './identify-payer.ts';
import { payoutInquirer } from './inquire-payout.ts';
import { inquireReversal } from './inquire-reversal.ts';
import { inquireTransfer } from './inquire-transfer.ts';
import { inquirePayouts } from './plan-inquiries.ts';
import type { PayoutWork } from './request-payout.ts';
import { payoutSender } from './submit-payout.ts';
import { submitReversal } from './submit-reversal.ts';
import { submitTransfer } from './submit-transfer.ts';
import { transferTopic } from './topics.ts';

/** Kinds of an operator's messages in the inbox. */
export const inboxKind = {
  collectCallback: 'stk',
  paybillConfirmation: 'c2b',
  statusResult: 'status',
  statusTimeout: 'status-timeout',
  reversalResult: 'reversal',
  reversalTimeout: 'reversal-timeout',
  payoutResult: 'b2c',
  payoutTimeout: 'b2c-timeout',
} as const;

const PATIENT = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;

/** The work of this folder by topic, for one operator's inbox and for all transfers. */
export function transferHandlers(deps: TransferDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(topic: string, work: (deps: TransferDeps, payload: P) => ReturnType<Handler['handle']>) => {
    handlers.set(topic, { ...PATIENT, handle: (payload) => work(deps, payload as P) });
  };
  add(transferTopic.submit, submitTransfer);
  add(transferTopic.inquire, inquireTransfer);
  add(transferTopic.identifyPayer, identifyPayer);
  add(transferTopic.reverse, submitReversal);
  add(transferTopic.inquireReversal, inquireReversal);
  const sendPayout = payoutSender(deps);
  add(transferTopic.payOut, (_deps, work: PayoutWork) => sendPayout(work));
  const inquire = payoutInquirer(deps);
  add(transferTopic.inquirePayout, (_deps, work: InquiryWork) => inquire(work));
  add(transferTopic.inquirePayouts, inquirePayouts);
  for (const operator of deps.operators.keys()) {
    add(inboxTopic(operator, inboxKind.collectCallback), applyCollectCallback);
    add(inboxTopic(operator, inboxKind.paybillConfirmation), applyPaybillConfirmation);
    add(inboxTopic(operator, inboxKind.statusResult), applyStatusResult);
    add(inboxTopic(operator, inboxKind.statusTimeout), applyStatusTimeout);
    add(inboxTopic(operator, inboxKind.reversalResult), applyReversalResult);
    add(inboxTopic(operator, inboxKind.reversalTimeout), applyReversalTimeout);
  }
  const applyResult = payoutResultApplier(deps);
  for (const operator of deps.payoutOperators.keys()) {
    add(inboxTopic(operator, inboxKind.payoutResult), (_deps, work: { eventId: string }) => applyResult(work));
    add(inboxTopic(operator, inboxKind.payoutTimeout), applyPayoutTimeout);
  }
  return handlers;
}
