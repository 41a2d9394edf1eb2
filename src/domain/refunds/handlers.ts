import { transferEvent } from '../../money/transfers/index.ts';
import type { Handler } from '../../platform/outbox/index.ts';
import { approvalEvent } from '../approvals/index.ts';
import { REFUND, type RefundDeps, refundTopic } from './deps.ts';
import { onRefundGranted, onRefundRejected } from './on-decision.ts';
import { onReversalFailed } from './on-reversal.ts';
import { releaseRefund } from './release-refund.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;
/** A biller can be away for a day; it is asked every ten minutes at most, and then a person looks. */
const BILLER = { maxAttempts: 150, firstDelayMs: 2_000, longestDelayMs: 600_000 } as const;

/** The work of this folder by topic. That money went back is news for payments too, and bound in wiring. */
export function refundHandlers(deps: RefundDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(
    topic: string,
    policy: Omit<Handler, 'handle'>,
    work: (deps: RefundDeps, payload: P) => Promise<void>,
  ) => {
    handlers.set(topic, { ...policy, handle: (payload) => work(deps, payload as P) });
  };
  add(approvalEvent.granted(REFUND), OWN, onRefundGranted);
  add(approvalEvent.rejected(REFUND), OWN, onRefundRejected);
  add(refundTopic.release, BILLER, releaseRefund);
  add(transferEvent.reversalFailed, OWN, onReversalFailed);
  return handlers;
}
