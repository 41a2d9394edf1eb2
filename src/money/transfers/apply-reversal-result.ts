import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { Evidence, ReversalResult, StatusResult } from '../../providers/operators/index.ts';
import { applyEvent, type Verdict } from './apply-event.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { lockTransfer, REVERSED_BEFORE } from './reversals.ts';
import { settleTransfer } from './settle-transfer.ts';
import { transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** `{eventId}`: a kept result of a reversal. */
export function applyReversalResult(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const result = operatorOf(deps, event.provider).parseReversalResult(JSON.parse(event.body));
    return result ? applyResult(deps, tx, event, result) : { state: 'staff', note: 'unreadable' };
  });
}

async function applyResult(deps: TransferDeps, tx: Tx, event: InboxEvent, result: ReversalResult): Promise<Verdict> {
  const known = event.token === null ? null : await tx.findOne(TransferSchema, { callbackToken: event.token });
  if (known?.route !== 'reversal' || known.operator !== event.provider) return { wait: 'no such reversal' };
  const transfer = await lockTransfer(tx, known);
  if (transfer.state === 'requested') return { wait: 'nothing was sent yet' };
  const subjectId = transfer.id;
  const fault = await findFault(tx, transfer, result);
  if (fault) return { state: 'staff', subjectId, note: fault };
  const isNamed = transfer.checkoutRequestId === result.ids.conversationId;
  // Its receipt and amount prove a success by themselves; a failure must be of the very request that we know of.
  if (!isNamed && result.evidence.outcome === 'failed') return { wait: 'not acknowledged yet' };
  const evidence: Evidence = { ...result.evidence, ...(isNamed ? { rank: 'query' as const } : {}) };
  if (result.reversedBefore) Object.assign(evidence, { code: REVERSED_BEFORE });
  const decision = await settleTransfer(deps, tx, transfer.id, evidence);
  if (decision.do === 'mismatch') return { state: 'staff', subjectId, note: decision.why };
  if (transfer.checkoutRequestId === null) await keepIds(tx, transfer, result);
  if (evidence.outcome === 'unproven') await deps.outbox.expedite(tx, transferTopic.inquireReversal, transfer.id);
  if (decision.do === 'nothing') return { state: 'repeated', subjectId, note: decision.why };
  return { state: 'applied', subjectId, note: decision.do };
}

/** What it says of itself must be what we asked for. */
async function findFault(tx: Tx, transfer: Transfer, result: ReversalResult): Promise<string | undefined> {
  const { checkoutRequestId, payer } = transfer;
  if (checkoutRequestId !== null && checkoutRequestId !== result.ids.conversationId) {
    return 'token and conversation disagree';
  }
  const original = await tx.findOne(TransferSchema, { id: transfer.purposeId ?? '' });
  if (result.ofReceipt !== undefined && result.ofReceipt !== original?.receipt) return 'about another receipt';
  const paid = result.evidence.payer;
  return paid && payer && paid !== payer ? 'paid to another number' : undefined;
}

async function keepIds(tx: Tx, { id }: Transfer, { ids }: ReversalResult): Promise<void> {
  const { conversationId: checkoutRequestId, requestId: merchantRequestId } = ids;
  await tx.update(TransferSchema, { id }, { checkoutRequestId, merchantRequestId });
}

/** The answer to a question about a reversal: by our request, about the reversal itself; by the receipt, about what it takes back. */
export async function applyReversalStatus(
  deps: TransferDeps,
  tx: Tx,
  transfer: Transfer,
  result: StatusResult,
): Promise<Verdict> {
  const subjectId = transfer.id;
  if (transfer.statusConversationId !== result.conversationId) return { wait: 'no such inquiry' };
  const original = await tx.findOne(TransferSchema, { id: transfer.purposeId ?? '' });
  const isAboutOriginal = result.receipt === original?.receipt;
  if (!(isAboutOriginal ? result.reversed : result.completed)) {
    return { state: 'repeated', subjectId, note: `proves nothing: ${result.code}` };
  }
  const { receipt, amount, completedAtMs } = result;
  const own = isAboutOriginal ? {} : { ...(receipt ? { receipt } : {}), ...(completedAtMs ? { completedAtMs } : {}) };
  const said = { rank: 'query' as const, outcome: 'succeeded' as const, code: result.code };
  const decision = await settleTransfer(deps, tx, transfer.id, {
    ...said,
    description: isAboutOriginal ? 'the operator says that it was taken back' : result.description,
    ...own,
    ...(amount ? { amount } : {}),
  });
  if (decision.do === 'mismatch') return { state: 'staff', subjectId, note: decision.why };
  return { state: decision.do === 'nothing' ? 'repeated' : 'applied', subjectId, note: decision.do };
}

/** It proves nothing, and is a reason to ask sooner. */
export function applyReversalTimeout(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const transfer = event.token === null ? null : await tx.findOne(TransferSchema, { callbackToken: event.token });
    if (transfer?.route !== 'reversal') return { wait: 'no such reversal' };
    await deps.outbox.expedite(tx, transferTopic.inquireReversal, transfer.id);
    return { state: 'repeated', subjectId: transfer.id, note: 'a time-out proves nothing' };
  });
}
