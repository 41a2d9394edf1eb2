import type { Outcome } from '../../platform/outbox/index.ts';
import type { TransferDeps } from './deps.ts';
import { pullMovements } from './pull-movements.ts';
import { operatorOf } from './request-transfer.ts';
import { transferEvent } from './topics.ts';
import { TransferSchema } from './transfer.ts';

/** How long after each question the answer is looked for. */
const WAITS_MS = [15_000, 60_000, 300_000, 1_800_000] as const;

/**
 * Finds out who paid, when the confirmation only showed a mask: the transaction status tells (its result comes by
 * callback), and so does the operator's list. In the end whoever is above may know him; nobody ever guesses.
 */
export async function identifyPayer(
  deps: TransferDeps,
  { transferId, step }: { transferId: string; step: number },
): Promise<Outcome> {
  const transfer = await deps.database.reader.findOne(TransferSchema, { where: { id: transferId } });
  if (!transfer || transfer.payer !== null || transfer.receipt === null) return undefined;
  const waitMs = WAITS_MS[step];
  if (waitMs === undefined) {
    await deps.database.transaction((tx) =>
      deps.outbox.emit(tx, { topic: transferEvent.payerUnknown, key: transferId, payload: { transferId } }),
    );
    return undefined;
  }
  const operator = operatorOf(deps, transfer.operator);
  const asked = await operator.askStatus({ receipt: transfer.receipt, token: transfer.callbackToken });
  if (asked.kind === 'accepted') {
    const { conversationId } = asked;
    await deps.database.transaction((tx) =>
      tx.update(TransferSchema, { id: transferId }, { statusConversationId: conversationId.slice(0, 100) }),
    );
  }
  if (step > 0) {
    const atMs = transfer.completedAtMs ?? transfer.createdAtMs;
    await pullMovements(deps, transfer.operator, atMs - 60_000, deps.runtime.clock.now());
  }
  return { again: { inMs: waitMs, payload: { transferId, step: step + 1 } } };
}
