import { invariant, unreachable } from '../../kernel/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { Evidence, ReverseAnswer } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { operatorOf } from './request-transfer.ts';
import { settleTransfer } from './settle-transfer.ts';
import { mayBeSentAgain, NOT_SENT } from './submit-transfer.ts';
import { transferTopic } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

interface ReversalWork {
  transferId: string;
  /** How often the operator proved that it did not take it. */
  tries: number;
}

/**
 * Asks the operator to take a payment back. Committed as submitted before the first byte goes out, with the inquiry that asks what
 * became of it; it goes out again only after a proof that the operator did not take it.
 */
export async function submitReversal(deps: TransferDeps, work: ReversalWork): Promise<Outcome> {
  const claimed = await claim(deps, work.transferId);
  if (!claimed) return undefined;
  const { transfer, receipt } = claimed;
  const answer = await operatorOf(deps, transfer.operator).reverse({
    receipt,
    amount: amountOf(transfer),
    callbackToken: transfer.callbackToken,
    remarks: `Refund ${transfer.reference}`,
  });
  return keepAnswer(deps, transfer, answer, work);
}

function claim(deps: TransferDeps, id: string): Promise<{ transfer: Transfer; receipt: string } | undefined> {
  const now = deps.runtime.clock.now();
  return deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id });
    if (!transfer || (transfer.state !== 'requested' && !mayBeSentAgain(transfer))) return undefined;
    const original = await tx.findOne(TransferSchema, { id: transfer.purposeId ?? '' });
    invariant(original?.receipt, 'what is taken back has a receipt');
    const patch = { submittedAtMs: now, resultCode: null };
    const cause = { actor: 'service', reason: 'the operator is asked to take it back' };
    if (transfer.state === 'submitted') {
      await tx.update(TransferSchema, { id }, patch);
      await recordTransferEvent(deps, tx, id, 'submitted', 'submitted', { ...cause, reason: `${cause.reason} again` });
      return { transfer, receipt: original.receipt };
    }
    await deps.outbox.emit(tx, {
      topic: transferTopic.inquireReversal,
      key: id,
      payload: { transferId: id, step: 0 },
      dueAtMs: now + (deps.transferSettings.inquiryDelaysMs[0] ?? 75_000),
    });
    return { transfer: await moveTransfer(deps, tx, transfer, 'submitted', cause, patch), receipt: original.receipt };
  });
}

async function keepAnswer(
  deps: TransferDeps,
  { id }: Transfer,
  answer: ReverseAnswer,
  { tries }: ReversalWork,
): Promise<Outcome> {
  switch (answer.kind) {
    case 'accepted':
      await keepIds(deps, id, answer.ids);
      return undefined;
    case 'rejected':
      if (answer.cause === 'busy' && tries < MOST_TRIES) return sendAgain(deps, id, tries + 1);
      await settle(deps, id, { ...answer, outcome: 'failed', cause: answer.cause === 'busy' ? 'busy' : 'other' });
      return undefined;
    case 'unknown':
      await settle(deps, id, { outcome: 'unproven', ...answer });
      return undefined;
    default:
      return unreachable(answer);
  }
}

/** The result can be faster than the acknowledgement: the ids are kept whatever the state is by now. */
async function keepIds(
  deps: TransferDeps,
  id: string,
  { conversationId, requestId }: { conversationId: string; requestId: string },
): Promise<void> {
  const ids = { checkoutRequestId: conversationId, merchantRequestId: requestId };
  await deps.database.transaction((tx) => tx.update(TransferSchema, { id }, ids));
}

const MOST_TRIES = 12;
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 900_000;

/** A process that dies before this commit leaves it submitted: asked about, and not sent again. */
async function sendAgain(deps: TransferDeps, transferId: string, tries: number): Promise<Outcome> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: transferId });
    if (transfer?.state === 'submitted') await tx.update(TransferSchema, { id: transferId }, { resultCode: NOT_SENT });
  });
  const inMs = Math.min(FIRST_DELAY_MS * 2 ** (tries - 1), LONGEST_DELAY_MS);
  return { again: { inMs, payload: { transferId, tries } } };
}

async function settle(
  deps: TransferDeps,
  id: string,
  { outcome, code, description, cause }: Pick<Evidence, 'outcome' | 'code' | 'description' | 'cause'>,
): Promise<void> {
  const said = { rank: 'acknowledgement' as const, outcome, code, description, ...(cause ? { cause } : {}) };
  await deps.database.transaction((tx) => settleTransfer(deps, tx, id, said));
}
