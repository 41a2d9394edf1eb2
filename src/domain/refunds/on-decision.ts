import type { RefundDeps } from './deps.ts';
import { refundTopic } from './deps.ts';
import { moveRefund } from './move-refund.ts';
import { RefundSchema } from './refund.ts';

interface DecisionNews {
  approvalId: string;
  subjectId: string;
}

/** Everyone who had to has said yes. */
export async function onRefundGranted(deps: RefundDeps, { subjectId: id }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const refund = await tx.lockOne(RefundSchema, { id });
    if (refund?.state !== 'proposed') return;
    await moveRefund(deps, tx, refund, 'agreed', { actor: 'approvals', reason: 'everyone who had to said yes' });
    await deps.outbox.emit(tx, { topic: refundTopic.release, key: id, payload: { refundId: id } });
  });
}

export async function onRefundRejected(deps: RefundDeps, { subjectId: id }: DecisionNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const refund = await tx.lockOne(RefundSchema, { id });
    if (refund?.state !== 'proposed') return;
    await moveRefund(deps, tx, refund, 'declined', { actor: 'approvals', reason: 'somebody said no' });
  });
}
