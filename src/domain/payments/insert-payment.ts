import { invariant, newReference } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { Intent } from './history-rules.ts';
import { recordPaymentEvent } from './move-payment.ts';
import { type Payment, PaymentSchema, type PromptedChannel } from './payment.ts';

export interface PaymentRequest extends Intent {
  channel: PromptedChannel;
  /** Of the turn or form that confirmed it: a repeat finds the first one's payment. */
  turnKey: string;
  /** Null on the web. */
  sessionKey: string | null;
  holder: string;
  language: string;
}

const MOST_DRAWS = 5;

/** Commits what was confirmed, as requested. */
export async function insertPayment(deps: PaymentDeps, tx: Tx, request: PaymentRequest): Promise<Payment> {
  const payment: Payment = {
    ...blankPayment(deps),
    channel: request.channel,
    requestKey: request.turnKey,
    sessionKey: request.sessionKey,
    billerId: request.billerId,
    account: request.account,
    holder: request.holder.slice(0, 64),
    amountMinor: request.amount.amountMinor,
    currency: request.amount.currency,
    dialler: request.dialler,
    payer: request.payer,
    language: request.language,
  };
  // The request key cannot be taken (its people are locked): what is taken is the reference, and it is drawn again.
  for (let draws = 1; !(await tx.insertOnce(PaymentSchema, payment)); draws += 1) {
    invariant(draws < MOST_DRAWS, 'no free reference was drawn');
    payment.reference = newReference(deps.runtime.chance);
  }
  await recordPaymentEvent(deps, tx, payment.id, 'none', payment.state, {
    actor: request.channel === 'web' ? 'visitor' : 'dialler',
    reason: 'confirmed',
  });
  return payment;
}

export function blankPayment({ runtime }: Pick<PaymentDeps, 'runtime'>): Payment {
  return {
    id: runtime.ids.next(),
    reference: newReference(runtime.chance),
    channel: 'ussd',
    requestKey: '',
    sessionKey: null,
    billerId: null,
    account: '',
    holder: '',
    amountMinor: 0n,
    currency: '',
    dialler: null,
    payer: null,
    language: '',
    state: 'requested',
    reason: null,
    transferId: null,
    operator: null,
    operatorReceipt: null,
    billerReference: null,
    units: null,
    balanceMinor: null,
    debtTakenMinor: null,
    postingSinceMs: null,
    createdAtMs: runtime.clock.now(),
    collectedAtMs: null,
    postedAtMs: null,
  };
}
