import type { Handler } from '../../platform/outbox/index.ts';
import { type BatchWaits, batchEvent, scheduleEvent } from '../payout-batches/index.ts';
import type { PayoutNewsDeps } from './deps.ts';
import { onBatchClosed } from './on-batch-closed.ts';
import { onBatchWaits } from './on-batch-waits.ts';
import { onRunWaits } from './on-run-waits.ts';
import { type Telling, tellRows } from './tell-rows.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;

/** News of batches, for whoever is told of them. */
export function payoutNewsHandlers(deps: PayoutNewsDeps): Map<string, Handler> {
  return new Map<string, Handler>([
    [batchEvent.deciding, { ...OWN, handle: (payload) => tellRows(deps, payload as unknown as Telling) }],
    [
      batchEvent.closed,
      { ...OWN, handle: (payload) => onBatchClosed(deps, payload as unknown as { batchId: string }) },
    ],
    [batchEvent.needsPeople, { ...OWN, handle: (payload) => onBatchWaits(deps, payload as unknown as BatchWaits) }],
    [
      scheduleEvent.needsPeople,
      { ...OWN, handle: (payload) => onRunWaits(deps, payload as unknown as { runId: string }) },
    ],
  ]);
}
