import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { StatusResult } from '../../providers/operators/index.ts';
import { applyEvent, type Verdict } from './apply-event.ts';
import { emitPayerFound } from './apply-movement.ts';
import { applyPayoutStatus } from './apply-payout-result.ts';
import { applyReversalStatus } from './apply-reversal-result.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { lockTransfer } from './reversals.ts';
import { TransferSchema } from './transfer.ts';

/** `{eventId}`: a kept result of a transaction-status inquiry. It ranks as a query when token and id agree. */
export function applyStatusResult(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const result = operatorOf(deps, event.provider).parseStatusResult(JSON.parse(event.body));
    return result ? applyStatus(deps, tx, event, result) : { state: 'staff', note: 'unreadable' };
  });
}

async function applyStatus(deps: TransferDeps, tx: Tx, event: InboxEvent, result: StatusResult): Promise<Verdict> {
  const found = event.token === null ? null : await tx.findOne(TransferSchema, { callbackToken: event.token });
  if (!found) return { wait: 'no such inquiry' };
  const transfer = await lockTransfer(tx, found);
  if (transfer.route === 'reversal') return applyReversalStatus(deps, tx, transfer, result);
  if (transfer.route === 'payout') return applyPayoutStatus(deps, tx, transfer, result);
  const subjectId = transfer.id;
  // A late answer to a question that was asked again, or one that the list has answered.
  if (transfer.payer !== null) return { state: 'repeated', subjectId };
  if (transfer.statusConversationId !== result.conversationId) return { wait: 'no such inquiry' };
  // Who paid what was taken back since is no less known.
  if (!result.found || !(result.completed || result.reversed))
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
