import type { Tx } from '../../platform/database/index.ts';
import type { PauseReason, PayoutBatch } from './batch.ts';
import { batchEvent, type PayoutBatchDeps } from './deps.ts';

/**
 * Why a batch goes no further without a person. failed: all is decided, and some were not paid. float, content, people-missing, day-limit: it
 * is approved and its money is not set aside. refused, float-short: the operator has halted the organisation by what it said.
 */
export type WaitsFor = 'failed' | 'float' | 'content' | 'people-missing' | 'day-limit' | 'refused' | 'float-short';

export interface BatchWaits {
  batchId: string;
  why: WaitsFor;
  /** People hear once of each: a version that was approved, an end, a halt. */
  occasion: number;
}

/** What is over by itself by then is told to nobody: money that is on its way, a release. */
const PATIENCE_MS = 300_000;

/** Whoever tells people hears that a batch waits for them. */
export async function tellPeople(
  deps: PayoutBatchDeps,
  tx: Tx,
  { id: batchId }: Pick<PayoutBatch, 'id'>,
  why: WaitsFor,
  occasion: number,
): Promise<void> {
  const waits: BatchWaits = { batchId, why, occasion };
  const now = deps.runtime.clock.now();
  await deps.outbox.emit(tx, {
    ...{ topic: batchEvent.needsPeople, key: `${batchId}:${why}:${occasion}`, payload: { ...waits } },
    dueAtMs: why === 'failed' || why === 'refused' ? now : now + PATIENCE_MS,
  });
}

/** Of a pause of the service's before money is set aside; undefined: it ends by itself, or the organisation was told by its halt. */
export function waitsForOf(reason: PauseReason, detail: string): WaitsFor | undefined {
  if (reason === 'float' || reason === 'content') return reason;
  if (detail === 'organisation.people-missing') return 'people-missing';
  return detail === 'day-limit' ? 'day-limit' : undefined;
}
