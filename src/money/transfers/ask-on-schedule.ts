import type { Outcome } from '../../platform/outbox/index.ts';
import type { StatusAsked } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { moveTransfer } from './move-transfer.ts';
import { payoutNews } from './payout-news.ts';
import { mayBeSentAgain } from './submit-transfer.ts';
import { transferEvent } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** While it waits to be sent again there is nothing to ask about. */
const NOT_SENT_YET_MS = 60_000;
/** The answers come by callback. */
const ANSWERED_WITHIN_MS = 60_000;

export interface InquiryWork {
  transferId: string;
  step: number;
}

/**
 * Asks what became of money that we sent and nothing has decided, on the published schedule; the answer comes to the address of
 * status results. After the last a person gets it, and the statement decides. It is never followed by another way of paying.
 */
export async function askOnSchedule(
  deps: TransferDeps,
  { transferId, step }: InquiryWork,
  how: {
    what: string;
    find?(transferId: string): Promise<Transfer | undefined>;
    ask(transfer: Transfer): Promise<StatusAsked>;
  },
): Promise<Outcome> {
  const transfer = await (how.find?.(transferId) ?? findAlone(deps, transferId));
  if (!transfer || !isUndecided(transfer)) return undefined;
  if (mayBeSentAgain(transfer)) return { again: { inMs: NOT_SENT_YET_MS, payload: { transferId, step } } };
  const { inquiryDelaysMs } = deps.transferSettings;
  if (step >= inquiryDelaysMs.length) return giveToStaff(deps, transfer, `${how.what}, asked ${step} times`);
  await keepQuestion(deps, transfer, await how.ask(transfer));
  const nextMs = (inquiryDelaysMs[step + 1] ?? 0) + (transfer.submittedAtMs ?? transfer.createdAtMs);
  const inMs = step + 1 < inquiryDelaysMs.length ? nextMs - deps.runtime.clock.now() : ANSWERED_WITHIN_MS;
  return { again: { inMs: Math.max(inMs, 1_000), payload: { transferId, step: step + 1 } } };
}

function findAlone({ database }: TransferDeps, id: string): Promise<Transfer | null> {
  return database.reader.findOne(TransferSchema, { where: { id } });
}

function isUndecided({ state }: Transfer): boolean {
  return state === 'submitted' || state === 'unknown';
}

async function keepQuestion(deps: TransferDeps, { id }: Transfer, asked: StatusAsked): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const current = await tx.lockOne(TransferSchema, { id });
    if (!current || !isUndecided(current)) return;
    if (current.state === 'submitted') {
      await moveTransfer(deps, tx, current, 'unknown', { actor: 'service', reason: 'asked, and not decided' });
    }
    // Once, whichever came first: the answer that proved nothing, or the question.
    if (current.route === 'payout') {
      await deps.outbox.emit(tx, {
        topic: transferEvent.unknown,
        key: id,
        payload: payoutNews(current),
      });
    }
    if (asked.kind !== 'accepted') return;
    await tx.update(TransferSchema, { id }, { statusConversationId: asked.conversationId.slice(0, 100) });
  });
}

async function giveToStaff(deps: TransferDeps, transfer: Transfer, detail: string): Promise<Outcome> {
  await deps.database.transaction((tx) => emitBreak(deps, tx, 'unknown-transfer', transfer.id, detail, transfer));
  return undefined;
}
