import { invariant, type Money, type Msisdn, newReference, newToken } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { TransferDeps } from './deps.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

export interface TransferRequest {
  operator: string;
  /** Unique; the same as the payment's, so that the customer reads one reference everywhere. */
  reference: string;
  purpose: string;
  purposeId: string;
  amount: Money;
  payer: Msisdn;
}

/**
 * Commits, with the caller's fact, a transfer and the work of sending its prompt. Nothing leaves the machine here:
 * the prompt goes out later, from a worker.
 */
export async function requestTransfer(deps: TransferDeps, tx: Tx, request: TransferRequest): Promise<Transfer> {
  const { runtime, outbox, transferSettings } = deps;
  const now = runtime.clock.now();
  const transfer: Transfer = {
    ...blankTransfer(deps),
    operator: request.operator,
    route: 'prompt',
    reference: request.reference,
    purpose: request.purpose,
    purposeId: request.purposeId,
    amountMinor: request.amount.amountMinor,
    currency: request.amount.currency,
    payer: request.payer,
  };
  await tx.insert(TransferSchema, transfer);
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'requested', { actor: 'service', reason: request.purpose });
  await outbox.emit(tx, {
    topic: transferTopic.submit,
    key: transfer.id,
    payload: { transferId: transfer.id },
    dueAtMs: now + transferSettings.promptDelayMs,
  });
  return transfer;
}

/** A transfer's row with everything that is not yet known. */
export function blankTransfer({ runtime }: Pick<TransferDeps, 'runtime'>): Transfer {
  return {
    id: runtime.ids.next(),
    operator: '',
    route: 'prompt',
    reference: newReference(runtime.chance),
    callbackToken: newToken(runtime.chance),
    purpose: '',
    purposeId: null,
    amountMinor: 0n,
    currency: '',
    payer: null,
    maskedPayer: null,
    payerName: null,
    paybillAccount: null,
    state: 'requested',
    checkoutRequestId: null,
    merchantRequestId: null,
    ownAccountId: null,
    ownShortCode: null,
    receipt: null,
    resultCode: null,
    resultDescription: null,
    failureCause: null,
    evidenceRank: null,
    statusConversationId: null,
    createdAtMs: runtime.clock.now(),
    submittedAtMs: null,
    settledAtMs: null,
    completedAtMs: null,
  };
}

/** Makes the waiting prompt of a transfer due now: the gateway told that the USSD session has ended. */
export async function promptNow(deps: TransferDeps, tx: Tx, transferId: string): Promise<void> {
  await deps.outbox.expedite(tx, transferTopic.submit, transferId);
}

export function operatorOf(deps: Pick<TransferDeps, 'operators'>, name: string) {
  const operator = deps.operators.get(name);
  invariant(operator, `no operator ${name}`);
  return operator;
}
