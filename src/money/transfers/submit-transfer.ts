import { invariant, unreachable } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { CollectAnswer, Evidence, OperatorIds } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { operatorOf } from './request-transfer.ts';
import { settleTransfer } from './settle-transfer.ts';
import { transferEvent, transferTopic } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/**
 * Sends the prompt, once. The transfer is committed as submitted before the first byte goes out; a process that dies
 * after that leaves it submitted, and the inquiry planned in the same commit asks what became of it.
 */
export async function submitTransfer(
  deps: TransferDeps,
  { transferId, resend = false }: { transferId: string; resend?: boolean },
): Promise<void> {
  const transfer = await claimForSubmission(deps, transferId, resend);
  if (!transfer) return;
  const operator = operatorOf(deps, transfer.operator);
  invariant(transfer.payer, 'a prompt has a payer');
  const answer = await operator.collect({
    reference: transfer.reference,
    callbackToken: transfer.callbackToken,
    amount: amountOf(transfer),
    payer: transfer.payer,
    description: 'Bill payment',
  });
  await keepAnswer(deps, transfer, answer, resend);
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
    if (!(resend ? mayBeSentAgain(transfer) : transfer.state === 'requested')) return undefined;
    if (now - transfer.createdAtMs > deps.transferSettings.promptMaxAgeMs) {
      await failUnsent(deps, tx, transfer);
      return undefined;
    }
    if (resend) return takeResend(deps, tx, transfer, now);
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

/**
 * Kept as the result code while the operator's proof that the first prompt was not sent stands. The second try takes it
 * away in the commit before its first byte, so that a process that dies in it leaves no third one.
 */
export const NOT_SENT = 'not-sent';

export function mayBeSentAgain(transfer: Pick<Transfer, 'state' | 'resultCode'>): boolean {
  return transfer.state === 'submitted' && transfer.resultCode === NOT_SENT;
}

async function takeResend(deps: TransferDeps, tx: Tx, transfer: Transfer, now: number): Promise<Transfer> {
  const patch = { resultCode: null, submittedAtMs: now };
  await tx.update(TransferSchema, { id: transfer.id }, patch);
  const cause = { actor: 'service', reason: 'the prompt goes out again' };
  await recordTransferEvent(deps, tx, transfer.id, 'submitted', 'submitted', cause);
  return { ...transfer, ...patch };
}

/** Its own piece of work: neither a crash here nor the session's end can change when it goes out. */
async function planResend(deps: TransferDeps, transferId: string, inMs: number): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: transferId });
    if (transfer?.state !== 'submitted') return;
    await tx.update(TransferSchema, { id: transferId }, { resultCode: NOT_SENT });
    await deps.outbox.emit(tx, {
      topic: transferTopic.submit,
      key: `${transferId}:again`,
      payload: { transferId, resend: true },
      dueAtMs: deps.runtime.clock.now() + inMs,
    });
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
): Promise<void> {
  switch (answer.kind) {
    case 'accepted':
      return keepIds(deps, transfer.id, answer.ids);
    case 'not-sent':
      return resend
        ? settle(deps, transfer.id, failedEvidence(answer.code, answer.description, 'busy'))
        : planResend(deps, transfer.id, answer.retryAfterMs);
    case 'rejected':
      if (answer.cause === 'our-fault') {
        deps.log.error(
          { transferId: transfer.id, code: answer.code, detail: answer.description },
          'prompt refused: our fault',
        );
      }
      return settle(deps, transfer.id, failedEvidence(answer.code, answer.description, answer.cause));
    case 'unknown':
      return settle(deps, transfer.id, {
        rank: 'acknowledgement',
        outcome: 'unproven',
        code: answer.code,
        description: answer.description,
      });
    default:
      return unreachable(answer);
  }
}

type Rejection = Extract<CollectAnswer, { kind: 'rejected' }>['cause'];

/** What is our own fault is not told to customers. */
function failedEvidence(code: string, description: string, cause: Rejection): Evidence {
  const told = cause === 'our-fault' ? 'other' : cause;
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
