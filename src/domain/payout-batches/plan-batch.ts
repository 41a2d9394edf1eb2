import type { Tx } from '../../platform/database/index.ts';
import { batchEvent, batchTopic, type PayoutBatchDeps } from './deps.ts';

/** Each look is work of its own: the one before may be done. */
export async function planFunding(deps: PayoutBatchDeps, tx: Tx, batchId: string): Promise<void> {
  const key = `${batchId}:${deps.runtime.ids.next()}`;
  await deps.outbox.emit(tx, { topic: batchTopic.fund, key, payload: { batchId } });
}

/**
 * One run a batch, which goes on until no row is left. Whoever changes what it is about begins it anew: a run for each of a thousand
 * rows that the operator refuses would look at the batch a thousand times as often.
 */
export async function planRun(deps: PayoutBatchDeps, tx: Tx, batchId: string): Promise<void> {
  await deps.outbox.beginAnew(tx, { topic: batchTopic.run, key: batchId, payload: { batchId } });
}

/** Whoever tells of rows that are decided looks at this batch. */
export async function planTelling(deps: PayoutBatchDeps, tx: Tx, batchId: string): Promise<void> {
  const key = `${batchId}:${deps.runtime.ids.next()}`;
  await deps.outbox.emit(tx, { topic: batchEvent.deciding, key, payload: { batchId } });
}
