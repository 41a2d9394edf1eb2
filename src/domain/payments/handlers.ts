import { transferEvent } from '../../money/transfers/index.ts';
import type { Handler, Outcome } from '../../platform/outbox/index.ts';
import { cancelAtBiller } from './cancel-at-biller.ts';
import { checkBiller } from './check-biller.ts';
import { proposeRefund, showStaffLate, tellPayerLate } from './delays.ts';
import type { PaymentDeps } from './deps.ts';
import { onPayerUnknown } from './find-payer.ts';
import { expireHold } from './holds.ts';
import {
  onPayerFound,
  onReceiptFound,
  onSecondMoney,
  onTransferFailed,
  onTransferSucceeded,
  onTransferUnknown,
} from './on-transfer.ts';
import { postPayment } from './post-payment.ts';
import { tellOnItsWay } from './tell-customer.ts';
import { paymentTopic } from './topics.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;
/** A biller can be away for a day; it is asked every ten minutes at most, and then a person looks. */
const BILLER = { maxAttempts: 150, firstDelayMs: 2_000, longestDelayMs: 600_000 } as const;

/** The work of this folder by topic: its own, and the news of transfers; of reversals, wiring tells others too. */
export function paymentHandlers(deps: PaymentDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(
    topic: string,
    policy: Omit<Handler, 'handle'>,
    // biome-ignore lint/suspicious/noConfusingVoidType: most handlers return nothing
    work: (deps: PaymentDeps, payload: P) => Promise<Outcome | void>,
  ) => {
    handlers.set(topic, { ...policy, handle: (payload) => work(deps, payload as P) });
  };
  add(paymentTopic.post, BILLER, postPayment);
  add(paymentTopic.notice, OWN, tellOnItsWay);
  add(paymentTopic.expireHold, OWN, expireHold);
  add(paymentTopic.latePayer, OWN, tellPayerLate);
  add(paymentTopic.lateStaff, OWN, showStaffLate);
  add(paymentTopic.lateRefund, OWN, proposeRefund);
  add(transferEvent.succeeded, BILLER, onTransferSucceeded);
  add(transferEvent.failed, OWN, onTransferFailed);
  add(transferEvent.unknown, OWN, onTransferUnknown);
  add(transferEvent.receiptFound, OWN, onReceiptFound);
  add(transferEvent.payerFound, OWN, onPayerFound);
  add(transferEvent.payerUnknown, OWN, onPayerUnknown);
  add(transferEvent.secondMoney, OWN, onSecondMoney);
  add(paymentTopic.cancel, BILLER, cancelAtBiller);
  add(paymentTopic.checkBiller, BILLER, checkBiller);
  return handlers;
}
