import { invariant } from '../../kernel/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { StatusQuestion } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { moveTransfer } from './move-transfer.ts';
import { operatorOf } from './request-transfer.ts';
import { REVERSED_BEFORE } from './reversals.ts';
import { mayBeSentAgain } from './submit-transfer.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** While it waits to be sent again there is nothing to ask about. */
const NOT_SENT_YET_MS = 60_000;
/** The answers come by callback. */
const ANSWERED_WITHIN_MS = 60_000;

/**
 * Asks the operator what became of a reversal that nothing has decided, on the published schedule; the answer comes to the address of
 * status results. After the last a person gets it, and the statement decides. It is never followed by another way of paying.
 */
export async function inquireReversal(
  deps: TransferDeps,
  { transferId, step }: { transferId: string; step: number },
): Promise<Outcome> {
  const transfer = await deps.database.reader.findOne(TransferSchema, { where: { id: transferId } });
  if (!transfer || !isUndecided(transfer)) return undefined;
  if (mayBeSentAgain(transfer)) return { again: { inMs: NOT_SENT_YET_MS, payload: { transferId, step } } };
  const { inquiryDelaysMs } = deps.transferSettings;
  if (step >= inquiryDelaysMs.length) return giveToStaff(deps, transferId, step);
  await ask(deps, transfer);
  const nextMs = (inquiryDelaysMs[step + 1] ?? 0) + (transfer.submittedAtMs ?? transfer.createdAtMs);
  const inMs = step + 1 < inquiryDelaysMs.length ? nextMs - deps.runtime.clock.now() : ANSWERED_WITHIN_MS;
  return { again: { inMs: Math.max(inMs, 1_000), payload: { transferId, step: step + 1 } } };
}

function isUndecided({ state }: Transfer): boolean {
  return state === 'submitted' || state === 'unknown';
}

async function ask(deps: TransferDeps, transfer: Transfer): Promise<void> {
  const asked = await operatorOf(deps, transfer.operator).askStatus(await questionOf(deps, transfer));
  await deps.database.transaction(async (tx) => {
    const current = await tx.lockOne(TransferSchema, { id: transfer.id });
    if (!current || !isUndecided(current)) return;
    if (current.state === 'submitted') {
      await moveTransfer(deps, tx, current, 'unknown', { actor: 'service', reason: 'asked, and not decided' });
    }
    if (asked.kind !== 'accepted') return;
    const statusConversationId = asked.conversationId.slice(0, 100);
    await tx.update(TransferSchema, { id: transfer.id }, { statusConversationId });
  });
}

/** By the id of our request; by the receipt that was to be taken back where we have none, or where another took it back. */
async function questionOf(deps: TransferDeps, transfer: Transfer): Promise<StatusQuestion> {
  const { callbackToken: token, merchantRequestId: requestId } = transfer;
  if (requestId && transfer.resultCode !== REVERSED_BEFORE) return { token, requestId };
  const where = { id: transfer.purposeId ?? '' };
  const original = await deps.database.reader.findOne(TransferSchema, { where });
  invariant(original?.receipt, 'what is taken back has a receipt');
  return { token, receipt: original.receipt };
}

async function giveToStaff(deps: TransferDeps, transferId: string, times: number): Promise<Outcome> {
  const detail = `a reversal, asked ${times} times`;
  await deps.database.transaction((tx) => emitBreak(deps, tx, 'unknown-transfer', transferId, detail));
  return undefined;
}
