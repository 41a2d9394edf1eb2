import { invariant, unreachable } from '../../kernel/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { CollectAnswer, Evidence, OperatorIds } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { moveTransfer } from './move-transfer.ts';
import { operatorOf } from './request-transfer.ts';
import { amountOf, settleTransfer } from './settle-transfer.ts';
import { transferEvent, transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/**
 * Sends the prompt, once. The transfer is committed as submitted before the first byte goes out; a process that dies
 * after that leaves it submitted, and the inquiry planned in the same commit asks what became of it.
 */
export async function submitTransfer(
  deps: TransferDeps,
  { transferId, resend = false }: { transferId: string; resend?: boolean },
): Promise<Outcome> {
  const transfer = await claimForSubmission(deps, transferId, resend);
  if (!transfer) return undefined;
  const operator = operatorOf(deps, transfer.operator);
  invariant(transfer.payer, 'a prompt has a payer');
  const answer = await operator.collect({
    reference: transfer.reference,
    callbackToken: transfer.callbackToken,
    amount: amountOf(transfer),
    payer: transfer.payer,
    description: 'Bill payment',
  });
  return keepAnswer(deps, transfer, answer, resend);
}

async function claimForSubmission(
  deps: TransferDeps,
  transferId: string,
  resend: boolean,
): Promise<Transfer | undefined> {
  const now = deps.runtime.clock.now();
  return deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: transferId });
    if (!transfer) return undefined;
    // A repeat that the operator's answer allowed: it proved that the first was not sent.
    if (resend) return transfer.state === 'submitted' && !transfer.checkoutRequestId ? transfer : undefined;
    if (transfer.state !== 'requested') return undefined;
    if (now - transfer.createdAtMs > deps.transferSettings.promptMaxAgeMs) {
      await failUnsent(deps, tx, transfer);
      return undefined;
    }
    await deps.outbox.emit(tx, {
      topic: transferTopic.inquire,
      key: transfer.id,
      payload: { transferId, step: 0 },
      dueAtMs: now + (deps.transferSettings.inquiryDelaysMs[0] ?? 75_000),
    });
    const cause = { actor: 'service', reason: 'the prompt goes out' };
    return moveTransfer(deps, tx, transfer, 'submitted', cause, { submittedAtMs: now });
  });
}

/** The worker was away for too long: a prompt out of the blue would frighten whoever gets it. */
async function failUnsent(
  deps: TransferDeps,
  tx: Parameters<typeof moveTransfer>[1],
  transfer: Transfer,
): Promise<void> {
  await moveTransfer(
    deps,
    tx,
    transfer,
    'failed',
    { actor: 'service', reason: 'too late to send' },
    { resultCode: 'too-late', failureCause: 'busy', settledAtMs: deps.runtime.clock.now() },
  );
  await deps.outbox.emit(tx, {
    topic: transferEvent.failed,
    key: transfer.id,
    payload: { transferId: transfer.id },
  });
}

async function keepAnswer(
  deps: TransferDeps,
  transfer: Transfer,
  answer: CollectAnswer,
  resend: boolean,
): Promise<Outcome> {
  switch (answer.kind) {
    case 'accepted':
      await keepIds(deps, transfer.id, answer.ids);
      return undefined;
    case 'not-sent':
      if (resend) {
        await settle(deps, transfer.id, failedEvidence(answer.code, answer.description, 'busy'));
        return undefined;
      }
      return { again: { inMs: answer.retryAfterMs, payload: { transferId: transfer.id, resend: true } } };
    case 'rejected':
      if (answer.cause === 'our-fault') {
        deps.log.error(
          { transferId: transfer.id, code: answer.code, detail: answer.description },
          'prompt refused: our fault',
        );
      }
      await settle(deps, transfer.id, failedEvidence(answer.code, answer.description, answer.cause));
      return undefined;
    case 'unknown':
      await settle(deps, transfer.id, {
        rank: 'acknowledgement',
        outcome: 'unproven',
        code: answer.code,
        description: answer.description,
      });
      return undefined;
    default:
      return unreachable(answer);
  }
}

function failedEvidence(code: string, description: string, cause: 'busy' | 'our-fault' | 'refused'): Evidence {
  const told = cause === 'busy' ? 'busy' : 'other';
  return { rank: 'acknowledgement', outcome: 'failed', code, description, cause: told };
}

async function settle(deps: TransferDeps, transferId: string, evidence: Evidence): Promise<void> {
  await deps.database.transaction((tx) => settleTransfer(deps, tx, transferId, evidence));
}

/** The callback can be faster than the acknowledgement: the ids are kept whatever the state is by now. */
async function keepIds(deps: TransferDeps, transferId: string, ids: OperatorIds): Promise<void> {
  await deps.database.transaction((tx) =>
    tx.update(
      TransferSchema,
      { id: transferId },
      { checkoutRequestId: ids.checkoutRequestId, merchantRequestId: ids.merchantRequestId },
    ),
  );
}
