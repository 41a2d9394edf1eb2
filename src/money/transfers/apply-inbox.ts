import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent, InboxState } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { CollectCallback, StatusResult } from '../../providers/operators/index.ts';
import { applyMovement, emitPayerFound } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { emitBreak, settleTransfer } from './settle-transfer.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** What fits nothing yet is matched again after this time, then after twice as long each time, then given to staff. */
const REMATCH_AFTER_MS = 5_000;
const REMATCH_FOR_MS = 10 * 60_000;

type Verdict =
  | { state: InboxState; subjectId?: string; note?: string }
  /** Fits nothing yet. */
  | { wait: string };

/** `{eventId}`: a kept callback of a payment prompt. */
export function applyCollectCallback(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const callback = operatorOf(deps, event.provider).parseCollectCallback(JSON.parse(event.body));
    return callback ? applyCallback(deps, tx, event, callback) : { state: 'staff', note: 'unreadable' };
  });
}

async function applyCallback(
  deps: TransferDeps,
  tx: Tx,
  event: InboxEvent,
  callback: CollectCallback,
): Promise<Verdict> {
  const transfer = await findForCallback(tx, event, callback.checkoutRequestId);
  if (!transfer) return { wait: 'no such transfer' };
  if (transfer.operator !== event.provider) return { state: 'staff', note: 'another operator' };
  if (transfer.checkoutRequestId !== null && transfer.checkoutRequestId !== callback.checkoutRequestId) {
    return { state: 'staff', subjectId: transfer.id, note: 'token and request id disagree' };
  }
  if (transfer.state === 'requested') return { wait: 'nothing was sent yet' };
  const decision = await settleTransfer(deps, tx, transfer.id, callback.evidence);
  const subjectId = transfer.id;
  if (decision.do !== 'mismatch') await keepIds(tx, transfer, callback);
  switch (decision.do) {
    case 'mismatch':
      return { state: 'staff', subjectId, note: decision.why };
    case 'nothing':
      return { state: 'repeated', subjectId, note: decision.why };
    default:
      return { state: 'applied', subjectId, note: decision.do };
  }
}

/** The acknowledgement was lost, or is slower: from here on the operator can be asked about the prompt. */
async function keepIds(tx: Tx, transfer: Transfer, callback: CollectCallback): Promise<void> {
  if (transfer.checkoutRequestId !== null) return;
  const { checkoutRequestId, merchantRequestId } = callback;
  if (checkoutRequestId.length > 64 || merchantRequestId.length > 64) return;
  await tx.update(TransferSchema, { id: transfer.id }, { checkoutRequestId, merchantRequestId });
}

/** The token is unguessable and ours; without one only the operator's own id can point at a transfer. */
function findForCallback(tx: Tx, event: InboxEvent, checkoutRequestId: string): Promise<Transfer | null> {
  return event.token === null
    ? tx.findOne(TransferSchema, { checkoutRequestId })
    : tx.findOne(TransferSchema, { callbackToken: event.token });
}

/** `{eventId}`: a kept paybill confirmation. */
export function applyPaybillConfirmation(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const movement = operatorOf(deps, event.provider).parsePaybillConfirmation(JSON.parse(event.body));
    if (!movement) return { state: 'staff', note: 'unreadable' };
    const applied = await applyMovement(deps, tx, event.provider, movement, 'callback');
    if (applied.transferId === undefined) return { state: 'staff', note: applied.why };
    return { state: applied.isNew ? 'applied' : 'repeated', subjectId: applied.transferId };
  });
}

/** `{eventId}`: a kept result of a transaction-status inquiry. It ranks as a query when token and id agree. */
export function applyStatusResult(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const result = operatorOf(deps, event.provider).parseStatusResult(JSON.parse(event.body));
    return result ? applyStatus(deps, tx, event, result) : { state: 'staff', note: 'unreadable' };
  });
}

async function applyStatus(deps: TransferDeps, tx: Tx, event: InboxEvent, result: StatusResult): Promise<Verdict> {
  const found = event.token === null ? null : await tx.findOne(TransferSchema, { callbackToken: event.token });
  const transfer = found && (await tx.lockOne(TransferSchema, { id: found.id }));
  if (!transfer) return { wait: 'no such inquiry' };
  const subjectId = transfer.id;
  // A late answer to a question that was asked again, or one that the list has answered.
  if (transfer.payer !== null) return { state: 'repeated', subjectId };
  if (transfer.statusConversationId !== result.conversationId) return { wait: 'no such inquiry' };
  if (!result.found || !result.completed)
    return { state: 'repeated', subjectId, note: `proves nothing: ${result.code}` };
  if (result.receipt !== undefined && result.receipt !== transfer.receipt) {
    return { state: 'staff', subjectId, note: 'about another receipt' };
  }
  if (!result.payer) return { state: 'repeated', subjectId };
  const payerName = result.payerName?.slice(0, 120) ?? transfer.payerName;
  await tx.update(TransferSchema, { id: transfer.id }, { payer: result.payer, payerName });
  await emitPayerFound(deps, tx, transfer.id);
  return { state: 'applied', subjectId };
}

/** A time-out of an inquiry proves nothing; it is kept as part of the story. */
export function applyStatusTimeout(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const transfer = event.token ? await tx.findOne(TransferSchema, { callbackToken: event.token }) : null;
    return transfer
      ? { state: 'repeated', subjectId: transfer.id, note: 'a time-out proves nothing' }
      : { wait: 'no such inquiry' };
  });
}

/** What a message means and that it was looked at are one commit: a process that dies between them cannot tell them apart. */
async function applyEvent(
  deps: TransferDeps,
  eventId: string,
  apply: (tx: Tx, event: InboxEvent) => Promise<Verdict>,
): Promise<Outcome> {
  const event = await deps.inbox.find(eventId);
  if (!event || (event.state !== 'new' && event.state !== 'unmatched')) return undefined;
  const waitedMs = deps.runtime.clock.now() - event.receivedAtMs;
  return deps.database.transaction(async (tx) => {
    const verdict = await apply(tx, event);
    if (!('wait' in verdict)) {
      await deps.inbox.mark(tx, eventId, verdict.state, verdict.subjectId, verdict.note);
      if (verdict.state === 'staff') await breakOf(deps, tx, event, verdict.note ?? '');
      return undefined;
    }
    const givenUp = waitedMs >= REMATCH_FOR_MS;
    await deps.inbox.mark(tx, eventId, givenUp ? 'staff' : 'unmatched', undefined, verdict.wait);
    if (!givenUp) return { again: { inMs: Math.max(REMATCH_AFTER_MS, waitedMs) } };
    await breakOf(deps, tx, event, verdict.wait);
    return undefined;
  });
}

function breakOf(deps: TransferDeps, tx: Tx, event: InboxEvent, why: string): Promise<void> {
  return emitBreak(deps, tx, 'callback-unmatched', event.id, `${event.kind}: ${why}`);
}
