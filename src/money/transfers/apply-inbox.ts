import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { CollectCallback } from '../../providers/operators/index.ts';
import { applyEvent, type Verdict } from './apply-event.ts';
import { applyMovement } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { settleTransfer } from './settle-transfer.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

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
